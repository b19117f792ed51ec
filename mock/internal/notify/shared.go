package notify

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// sharing is what a queue needs where several processes work with the books of its merchant.
type sharing struct {
	leads   chan struct{} // full while this process leads, or waits to
	blocked atomic.Bool   // a task is due that another process keeps from being claimed

	mu     sync.Mutex // guards moving; held while the clock is read from the books
	moving bool       // this process moves the clock
}

// Leased is ctx with the lease of this process, where there are leases.
func (q *Queue) Leased(ctx context.Context) context.Context {
	if q.Shared == nil {
		return ctx
	}
	return q.Shared.Lease(ctx)
}

// Refresh makes the clock what the books say, unless this process is just moving it, and answers what they hold of the
// merchant. When it comes back, what any process had changed before the call is seen.
func (q *Queue) Refresh(ctx context.Context) (store.Merchant, error) {
	q.sharing.mu.Lock()
	defer q.sharing.mu.Unlock()
	record, err := q.Shared.Record(ctx)
	if err == nil && !q.sharing.moving {
		q.Clock.Load(record.Clock)
	}
	if err == nil {
		q.resets.Store(record.Resets)
	}
	return record, err
}

func (q *Queue) setMoving(moving bool) {
	q.sharing.mu.Lock()
	defer q.sharing.mu.Unlock()
	q.sharing.moving = moving
}

// Changed says that another process has scheduled a task for the given time, or has finished something.
func (q *Queue) Changed(due time.Time, finished bool) {
	if finished && q.sharing.blocked.Load() {
		q.Rouse()
	}
	if !due.IsZero() {
		q.Notify(due)
	}
}

// Rouse has the loop look again, whatever it knows.
func (q *Queue) Rouse() {
	q.start()
	select {
	case q.wake <- struct{}{}:
	default: // it has been woken already
	}
}

// claimShared is claim by the clock as the books have it.
func (q *Queue) claimShared(ctx context.Context) (c claimed, err error) {
	if _, err := q.Refresh(ctx); err != nil {
		if errors.Is(err, store.ErrNotFound) { // the merchant was forgotten
			err = nil
		}
		return claimed{}, err
	}
	show := func(state store.Clock) time.Time { return q.Clock.Shows(state) }
	first, err := q.Shared.ClaimBy(ctx, show, nil)
	q.sharing.blocked.Store(first.Blocked)
	if err != nil || !first.OK {
		return claimed{}, err
	}

	c = claimed{[]store.Task{first.Task}, first.Resets}
	for first.Task.Group != "" {
		next, err := q.Shared.ClaimBy(context.WithoutCancel(ctx), show, &first.Task.Group)
		if err != nil {
			q.Log.Error("the books cannot be read", "error", err.Error())
		}
		if err != nil || !next.OK {
			return c, nil
		}
		c.tasks = append(c.tasks, next.Task)
	}
	return c, nil
}

// lookAgain is how long the loop trusts that it is told when another process has come to its end.
const lookAgain = time.Second

// waitForOthers waits if another process must come to an end first, and reports whether it did.
func (q *Queue) waitForOthers() bool {
	if !q.sharing.blocked.Load() {
		return false
	}
	clock.Await(q.ctx, lookAgain, q.wake)
	q.sharing.blocked.Store(false)
	return true
}

// lead runs do while this process leads, has locked the gate, and the others have settled what they had claimed. Where
// it must be calm, it does not lead while attempts of this process stand aside.
func (q *Queue) lead(ctx context.Context, calm bool, settled, do func(ctx context.Context) error) error {
	for {
		wait, err := q.leadOnce(ctx, calm, settled, do)
		if wait == nil {
			return err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// leadOnce is lead at once; wait is what must be closed before it can be, and nil if do has run or an error came. It
// leads before it takes the gate: the requests of this process, which another one may wait for, must come to their end.
func (q *Queue) leadOnce(
	ctx context.Context, calm bool, settled, do func(ctx context.Context) error,
) (wait <-chan struct{}, err error) {
	select {
	case q.sharing.leads <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-q.sharing.leads }()
	ctx = q.Leased(ctx)
	release, err := q.Shared.Lead(ctx)
	if err != nil {
		return nil, err
	}
	defer release()

	q.gate.Lock()
	defer q.gate.Unlock()
	if calm {
		if wait := q.calmed(); wait != nil {
			return wait, nil
		}
	}
	if err := settled(ctx); err != nil {
		return nil, err
	}
	if _, err := q.Refresh(ctx); err != nil {
		return nil, err
	}
	q.setMoving(true)
	defer q.setMoving(false)
	return nil, do(ctx)
}
