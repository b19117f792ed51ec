package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Movement is what is done to a merchant's time: freeze, set, advance, resume, in this order.
type Movement struct {
	Freeze, Resume bool
	Set            *time.Time     // nil: not
	Advance        *time.Duration // nil: not
}

// Advance moves the clock by d, as Move does, and answers its new time.
func (q *Queue) Advance(ctx context.Context, d time.Duration) (time.Time, error) {
	err := q.Move(ctx, Movement{Advance: &d})
	return q.Clock.Now(), err
}

// Move moves the clock, forwards from one due task to the next, and answers when everything that
// falls due on the way has been done and recorded. It waits first for what is under way. When ctx
// ends, the clock stays at the last task that was run.
func (q *Queue) Move(ctx context.Context, m Movement) error {
	if err := q.lockWhenCalm(ctx); err != nil {
		return err
	}
	defer q.gate.Unlock()

	stays := (m.Freeze || q.Clock.Frozen()) && !m.Resume
	if err := q.showTime(ctx, q.Clock.Now(), stays); err != nil {
		return err
	}
	err := q.moveTo(ctx, m, stays)
	if !stays {
		q.Clock.Load(q.Clock.At(q.Clock.Now(), false))
	}
	return err
}

// moveTo moves the clock, which stands still meanwhile, to where the movement wants it.
func (q *Queue) moveTo(ctx context.Context, m Movement, stays bool) error {
	if m.Set != nil {
		if err := q.goTo(ctx, *m.Set, stays); err != nil {
			return err
		}
	}
	if m.Advance != nil {
		return q.goTo(ctx, q.Clock.Now().Add(*m.Advance), stays)
	}
	return nil
}

// showTime makes the clock show a time, and stand still there. The books say whether it stays so: a sandbox that ends
// meanwhile goes on from this time.
func (q *Queue) showTime(ctx context.Context, at time.Time, stays bool) error {
	at, kept := q.Clock.At(at, true).At, q.Clock.At(at, stays)
	err := q.Store.Update(ctx, func(tx store.Tx) error {
		m, err := tx.Merchant()
		if err != nil {
			return err
		}
		m.Clock = kept
		return tx.PutMerchant(m)
	})
	if err == nil {
		q.Clock.Load(store.Clock{Frozen: true, At: at})
	}
	return err
}

// goTo takes the clock to a time, by way of everything that is due until then.
func (q *Queue) goTo(ctx context.Context, end time.Time, stays bool) error {
	if err := q.runUntil(ctx, end, stays); err != nil {
		return err
	}
	return q.showTime(ctx, end, stays)
}

// runUntil runs every task that is due by end, one by one, each at its own time. A task may make
// others due on the way.
func (q *Queue) runUntil(ctx context.Context, end time.Time, stays bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(q.ctx, cancel)() // Close ends an advance, too
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		due, ok, err := q.NextDue(ctx)
		if err != nil {
			return err
		}
		if !ok || due.After(end) {
			return nil
		}
		if due.After(q.Clock.Now()) {
			if err := q.showTime(ctx, due, stays); err != nil {
				return err
			}
		}
		tasks, err := q.claim(ctx)
		if err != nil {
			return err
		}
		if len(tasks) == 0 {
			return fmt.Errorf("the task due at %s cannot be had at %s", due, q.Clock.Now())
		}
		q.run(journal.WithCause(q.working(), journal.CauseOf(ctx, 0)), tasks)
	}
}
