package notify

import (
	"context"
	"net/netip"
)

// Permits reports whether the guard lets a callback go to a host, without asking what a name resolves to.
func (g *Guard) Permits(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return g.byName(host)
	}
	return g.check(false, netip.AddrPortFrom(ip, 80).String()) == nil
}

// MostIdle is how many goroutines of a crew may wait for their next task.
const MostIdle = mostIdle

// Crew runs tasks as a queue does.
type Crew struct{ *crew }

// NewCrew makes a crew that ends with the context.
func NewCrew(ended context.Context) Crew { return Crew{newCrew(ended)} }

// Run runs the task in a goroutine of its own.
func (c Crew) Run(task func()) { c.run(task) }

// Idle is how many goroutines wait.
func (c Crew) Idle() int { return int(c.idle.Load()) }

// Wait comes back when no goroutine is left.
func (c Crew) Wait() { c.all.Wait() }

// Slot waits until the host may have one more attempt, and takes it.
func (q *Queue) Slot(host string) (release func(), err error) { return q.slot(host, false) }

// Hosts is for how many hosts the queue counts attempts.
func (q *Queue) Hosts() int {
	q.slots.mu.Lock()
	defer q.slots.mu.Unlock()
	return len(q.slots.byHost)
}

// Concurrency is how many attempts to one host may be under way at once.
const Concurrency = concurrency
