package notify

import (
	"context"
	"errors"

	"github.com/payporter-mock/payporter-mock/payment"
)

// errStopped is for attempts that were not begun before the end.
var errStopped = &payment.Error{Code: payment.Unavailable, Message: "the sandbox is being stopped"}

// isStopped reports whether an attempt was not begun before the end. The books have errors of the same code, when they
// are busy or away.
func isStopped(err error) bool {
	var fault *payment.Error
	return errors.As(err, &fault) && fault == errStopped
}

// slot waits until the host may have one more attempt, and takes it. Close ends the waiting, with errStopped. Whoever
// holds the gate alone waits aside.
func (q *Queue) slot(host string, aside bool) (release func(), err error) {
	slot := q.slots.come(host)
	release = func() {
		<-slot.taken
		q.slots.leave(host, slot)
	}
	select {
	case slot.taken <- struct{}{}:
		return release, nil
	default:
	}

	if aside {
		defer q.stepAside()()
	}

	select {
	case slot.taken <- struct{}{}:
		return release, nil
	case <-q.ctx.Done():
		q.slots.leave(host, slot)
		return nil, errStopped
	}
}

// stepAside lets go of the gate, so that a slow host holds up neither a reset nor, behind that, the callbacks to
// others. The answer takes it again. A move of the clock waits until nobody stands aside.
func (q *Queue) stepAside() (back func()) {
	q.mu.Lock()
	q.waiting++
	q.mu.Unlock()
	q.gate.RUnlock()

	return func() {
		q.gate.RLock()
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.waiting--; q.waiting == 0 && q.calm != nil {
			close(q.calm)
			q.calm = nil
		}
	}
}

// calmed answers what is closed when nobody stands aside any more; nil: nobody does.
func (q *Queue) calmed() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting == 0 {
		return nil
	}
	if q.calm == nil {
		q.calm = make(chan struct{})
	}
	return q.calm
}

// lockWhenCalm takes the gate for writing at a moment in which no attempt stands aside, or answers that ctx ended
// first.
func (q *Queue) lockWhenCalm(ctx context.Context) error {
	for {
		q.gate.Lock()
		calm := q.calmed()
		if calm == nil {
			return nil
		}
		q.gate.Unlock()
		select {
		case <-calm:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Hold keeps the clock from being advanced until the answer is called: what is being told to a
// merchant, and what follows from it, happen at one time. It must not be held over an attempt.
func (q *Queue) Hold() (release func()) {
	q.gate.RLock()
	return q.gate.RUnlock
}

// whenCalm runs do at a moment in which no attempt is under way or stands aside, in no process, and none starts. What
// do is given is ctx, with a lease where there are leases.
func (q *Queue) whenCalm(ctx context.Context, do func(ctx context.Context) error) error {
	if q.Shared != nil {
		return q.lead(ctx, true, q.Shared.Settled, do)
	}
	if err := q.lockWhenCalm(ctx); err != nil {
		return err
	}
	defer q.gate.Unlock()
	return do(ctx)
}

// Alone runs do while nothing of this merchant is under way, in no process, and nothing starts. Attempts that stand
// aside are none of it: those of other processes are waited for only as long as one of theirs can be under way.
func (q *Queue) Alone(ctx context.Context, do func(ctx context.Context) error) error {
	if q.Shared == nil {
		return q.Quiet(func() error { return do(ctx) })
	}
	settled := func(ctx context.Context) error {
		waiting, stop := context.WithTimeout(ctx, q.Sender.callback+webhookTimeout)
		defer stop()
		if err := q.Shared.Settled(waiting); waiting.Err() == nil {
			return err
		}
		return ctx.Err()
	}
	return q.lead(ctx, false, settled, do)
}

// Quiet runs do while nothing of this merchant is under way in this process and nothing starts here.
func (q *Queue) Quiet(do func() error) error {
	q.gate.Lock()
	defer q.gate.Unlock()
	return do()
}
