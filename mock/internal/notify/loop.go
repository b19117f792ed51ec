package notify

import (
	"context"
	"math"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// loop runs what is due and sleeps until more is.
func (q *Queue) loop() {
	for q.ctx.Err() == nil {
		q.sleepsUntil.Store(math.MaxInt64) // any Notify from here on wakes
		if q.runDue() || q.waitForOthers() {
			continue
		}
		next, ok, err := q.NextDue(q.ctx)
		if err != nil {
			q.troubled(err)
			continue
		}
		if ok {
			q.sleepsUntil.Store(next.UnixMicro())
		}
		q.Clock.Sleep(q.ctx, next, ok, q.wake)
	}
}

// NextDue is the time of the earliest task; ok is false when there is none.
func (q *Queue) NextDue(ctx context.Context) (due time.Time, ok bool, err error) {
	err = q.Store.View(ctx, func(r store.Reader) error {
		due, ok, err = r.NextDue()
		return err
	})
	return due, ok, err
}

// patience is how long the loop waits when the books cannot be read, in real time.
const patience = time.Second

// troubled says that the books cannot be read, and waits before the loop looks again.
func (q *Queue) troubled(err error) {
	if q.ctx.Err() == nil {
		q.Log.Error("the books cannot be read", "error", err.Error())
		clock.Pause(q.ctx, patience)
	}
}

// runDue starts the next due task and reports whether there was one.
func (q *Queue) runDue() bool {
	q.gate.RLock()
	ctx := q.Leased(q.ctx)
	due, err := q.claimDue(ctx)
	if err != nil || len(due.tasks) == 0 {
		q.gate.RUnlock()
		if err != nil {
			q.troubled(err)
		}
		return false
	}

	// Attempts outlive the loop, because Close lets them finish. Each is bounded by its own time-out.
	run := func() {
		left := q.run(context.WithoutCancel(ctx), due)
		q.gate.RUnlock()
		q.putBackLater(left)
	}
	if q.Clock.Frozen() { // who stops the time wants the same run again: one by one, in order
		run()
	} else {
		q.work.run(run)
	}

	return true
}

// claimed is tasks that are to be done now: one, or those of a group in their order.
type claimed struct {
	tasks  []store.Task
	resets uint64 // how often the merchant had begun anew when they were claimed
}

// claimDue claims by the clock as the books have it, if several processes use them, else by this process's.
func (q *Queue) claimDue(ctx context.Context) (claimed, error) {
	if q.Shared != nil {
		return q.claimShared(ctx)
	}
	return q.claim(ctx)
}

// claim takes the task that is due first, and with it those of its group that are due, too.
func (q *Queue) claim(ctx context.Context) (c claimed, err error) {
	now := q.Clock.Now()
	first, ok, err := q.Store.Claim(ctx, now)
	if err != nil || !ok {
		return claimed{}, err
	}

	c = claimed{[]store.Task{first}, q.resets.Load()}
	for first.Group != "" {
		// Whoever asked may have gone by now: what is claimed is done all the same.
		next, ok, err := q.Store.ClaimGroup(context.WithoutCancel(ctx), now, first.Group)
		if err != nil {
			q.Log.Error("the books cannot be read", "error", err.Error())
		}
		if err != nil || !ok {
			return c, nil
		}
		c.tasks = append(c.tasks, next)
	}

	return c, nil
}

// run does what was claimed. It answers the tasks that could not be done; nil: all were.
func (q *Queue) run(ctx context.Context, c claimed) *undone {
	t := c.tasks[0]
	var faults []error
	switch {
	case len(c.tasks) > 1:
		faults = q.deliverInTurn(ctx, subjects(c.tasks))
	case t.Kind == store.Deliver:
		_, err := q.deliver(ctx, try{id: t.Subject}, false)
		faults = []error{err}
	default:
		faults = []error{q.Perform(ctx, t)}
	}
	return undoneOf(ctx, c.tasks, faults, c.resets)
}

func subjects(tasks []store.Task) []string {
	ids := make([]string, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Subject
	}
	return ids
}
