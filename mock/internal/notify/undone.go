package notify

import (
	"context"
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// undone is claimed tasks that came to nothing, and why. They are claimed until they are put back.
type undone struct {
	ctx    context.Context // with the lease of the claim, where there are leases
	tasks  []store.Task
	faults []error // of each task
	resets uint64  // how often the merchant had begun anew when they were claimed
}

// undoneOf are the tasks that have a fault; nil: none has. They were claimed when the merchant had begun anew so often.
func undoneOf(ctx context.Context, tasks []store.Task, faults []error, resets uint64) (left *undone) {
	for i, err := range faults {
		if err == nil {
			continue
		}
		if left == nil {
			left = &undone{ctx: ctx, resets: resets}
		}
		left.tasks, left.faults = append(left.tasks, tasks[i]), append(left.faults, err)
	}
	return left
}

// err is what went wrong. That the merchant began anew or was forgotten meanwhile, or that the sandbox is being
// stopped, is nothing wrong: nil.
func (u *undone) err() error {
	var faults []error
	for _, err := range u.faults {
		if !errors.Is(err, store.ErrNotFound) && !errors.Is(err, ErrForgotten) && !isStopped(err) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// PutBack lets a task come that was held, and that whoever held it could not do. It does not block. The tasks of a
// merchant that was forgotten, or has begun anew more often than resets, are gone with its books: what is called the
// same there now is another one.
func (q *Queue) PutBack(ctx context.Context, t store.Task, resets uint64, fault error) {
	if errors.Is(fault, ErrForgotten) {
		return
	}
	q.inBackground(&undone{context.WithoutCancel(ctx), []store.Task{t}, []error{fault}, resets})
}

// inBackground puts the tasks back while something else goes on. Nil: there are none.
func (q *Queue) inBackground(left *undone) {
	if left == nil {
		return
	}

	q.mu.Lock()
	closed := q.closed
	if !closed {
		q.work.run(func() { q.putBackLater(left) })
	}

	q.mu.Unlock()
	if closed {
		q.putBackLater(left) // which does not wait any more
	}
}

// putBackLater puts the tasks back so that they come again: after a pause if the books have failed, and as often as it
// takes. Close ends the pause.
func (q *Queue) putBackLater(left *undone) {
	if left == nil {
		return
	}
	wait := left.err() != nil
	for {
		goesOn := q.ctx.Err() == nil
		if wait {
			goesOn = clock.Pause(q.ctx, patience)
		}

		err := q.putBack(left)
		if err == nil {
			return
		}
		if !goesOn {
			q.Log.Error("tasks wait for the next start of the sandbox", "tasks", len(left.tasks), "error", err.Error())
			return
		}
		wait = true
	}
}

// putBack schedules the tasks again in one transaction, and wakes the loop. It says what went wrong with them. Those
// from before a reset are gone.
func (q *Queue) putBack(left *undone) error {
	err := q.Store.Update(left.ctx, func(tx store.Tx) error {
		record, err := tx.Merchant()
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if record.Resets != left.resets {
			return nil
		}

		var faults []error
		for i, t := range left.tasks {
			faults = append(faults, again(tx, t, left.faults[i]))
		}
		return errors.Join(faults...)
	})
	if errors.Is(err, store.ErrLost) { // they wait already, or another process does them
		return nil
	}
	if err != nil {
		return err
	}

	for i, t := range left.tasks {
		if fault := (&undone{faults: left.faults[i : i+1]}).err(); fault != nil {
			q.Log.Error("task comes again", "kind", string(t.Kind), "subject", t.Subject, "error", fault.Error())
		}
	}
	q.Notify(q.Clock.Now())
	return nil
}

// again schedules a task that had a fault. It is over when what it is about is no more, or when somebody else has done
// it meanwhile.
func again(tx store.Tx, t store.Task, fault error) error {
	if errors.Is(fault, store.ErrNotFound) {
		return tx.Finish(t.Kind, t.Subject)
	}

	over, err := false, error(nil)
	switch t.Kind {
	case store.Deliver:
		var d store.Delivery
		if d, err = tx.Delivery(t.Subject); d.NextAttemptAt != nil {
			t.Due = *d.NextAttemptAt
		}
		over = d.NextAttemptAt == nil
	case store.SettlePayment, store.DecideRefund:
		_, err = tx.Payment(t.Subject)
	default:
		_, err = tx.Checkout(t.Subject)
	}
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && over:
		return tx.Finish(t.Kind, t.Subject)
	case err != nil:
		return err
	}
	return tx.Schedule(t)
}
