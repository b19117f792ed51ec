package shop

import (
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// What bounds the idle questions of a shop that asks without an end: all of them together are answered so often, and
// each of them after so long at the latest.
const (
	idlePause = 10 * time.Millisecond
	calmFor   = 2 * time.Second
)

// mostUnclaimed is how many questions about a checkout of no order are answered at once.
const mostUnclaimed = 10

// calm keeps a shop that asks without an end from asking faster and faster: what it asks about orders with which
// nothing is done any more is answered one after the other, and so is what it asks again and again about no order. A
// shop with few connections, which may be a right one, waits for none of them long.
func (p *payporter) calm(c *Call, answer Edit) Edit {
	if !p.AsksOn.Load() || !c.isStatus() || !p.isIdle(c) {
		return answer
	}
	return func(a exchange.Message) exchange.Message {
		time.Sleep(p.idle.turn(time.Now()))
		if answer != nil {
			a = answer(a)
		}
		return a
	}
}

// queue is when the next idle question is answered.
type queue struct {
	mu   sync.Mutex
	next time.Time
}

// turn is how long a question waits that has come now.
func (q *queue) turn(now time.Time) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.next = latest(q.next, now).Add(idlePause)
	if last := now.Add(calmFor); q.next.After(last) {
		q.next = last
	}
	return q.next.Sub(now)
}

// isIdle reports whether a question is about nothing that a trial waits for.
func (p *payporter) isIdle(c *Call) bool {
	p.Lock()
	defer p.Unlock()
	if o := p.owners[c.checkoutID]; o != nil {
		return o.done
	}
	return p.countLocked(0, func(other *Call) bool {
		return other.isStatus() && other.checkoutID == c.checkoutID
	}) > mostUnclaimed
}
