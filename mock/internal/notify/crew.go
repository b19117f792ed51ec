package notify

import (
	"context"
	"sync"
	"sync/atomic"
)

// mostIdle is how many goroutines of one queue may wait for their next task.
const mostIdle = 8

// crew runs tasks beside each other. Its goroutines wait for the next task, because the stack of one that has
// delivered before is large enough: a new one grows its stack at every delivery, which is a twelfth of the work.
type crew struct {
	ended context.Context // those that wait go when it ends
	all   sync.WaitGroup
	next  chan func()
	idle  atomic.Int32
}

func newCrew(ended context.Context) *crew { return &crew{ended: ended, next: make(chan func())} }

// run runs the task in a goroutine of its own. It never waits for another task.
func (c *crew) run(task func()) {
	select {
	case c.next <- task:
	default: // nobody is idle
		c.all.Go(func() { c.work(task) })
	}
}

// work runs the task, and then others, until there are enough who wait or the crew has ended.
func (c *crew) work(task func()) {
	for {
		task()

		if c.idle.Add(1) > mostIdle {
			c.idle.Add(-1)
			return
		}
		select {
		case task = <-c.next:
			c.idle.Add(-1)
		case <-c.ended.Done():
			return
		}
	}
}
