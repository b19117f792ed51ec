package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
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
// ends, or the books fail, the clock stays at the last task that was run. Where Close ends it because the merchant was
// forgotten meanwhile, it answers ErrForgotten.
func (q *Queue) Move(ctx context.Context, m Movement) error {
	err := q.whenCalm(ctx, func(ctx context.Context) error { return q.move(ctx, m) })
	if errors.Is(err, context.Canceled) && q.ctx.Err() != nil && q.forgotten(ctx) {
		return ErrForgotten
	}
	return err
}

// forgotten reports whether the books have nothing of the merchant any more.
func (q *Queue) forgotten(ctx context.Context) (absent bool) {
	err := q.Store.View(ctx, func(r store.Reader) error {
		m, err := r.Merchant()
		absent = m.Absent
		return err
	})
	return err == nil && absent
}

// move moves the clock while nothing of this merchant is under way.
func (q *Queue) move(ctx context.Context, m Movement) error {
	stays := (m.Freeze || q.Clock.Frozen()) && !m.Resume
	move := &move{Queue: q, stays: stays}
	err := move.showTime(ctx, q.Clock.Now())
	if err == nil {
		err = move.to(ctx, m)
	}
	if move.kept != nil && !stays {
		q.Clock.Load(*move.kept) // it runs on from what the books say, however far it came
	}
	return err
}

// move is a movement of the clock that is under way. The clock stands still meanwhile.
type move struct {
	*Queue
	stays bool         // it stands still afterwards, too
	kept  *store.Clock // what the books say of it; nil: nothing has changed yet
}

// to moves the clock to where the movement wants it.
func (q *move) to(ctx context.Context, m Movement) error {
	if m.Set != nil {
		if err := q.goTo(ctx, *m.Set); err != nil {
			return err
		}
	}
	if m.Advance != nil {
		return q.goTo(ctx, q.Clock.Now().Add(*m.Advance))
	}
	return nil
}

// showTime makes the clock show a time, and stand still there. The books say whether it stays so: a sandbox that ends
// meanwhile goes on from this time. A merchant that was forgotten meanwhile has no time: ErrForgotten.
func (q *move) showTime(ctx context.Context, at time.Time) error {
	at, kept := q.Clock.At(at, true).At, q.Clock.At(at, q.stays)
	err := q.Store.Update(ctx, func(tx store.Tx) error {
		m, err := tx.Merchant()
		if err == nil && m.Absent {
			err = ErrForgotten
		}
		if err != nil {
			return err
		}
		m.Clock = kept
		return tx.PutMerchant(m)
	})
	if err == nil {
		q.kept = &kept
		q.Clock.Load(store.Clock{Frozen: true, At: at})
	}

	return err
}

// ErrForgotten is for whoever is still busy with a merchant that was forgotten after the request had begun.
var ErrForgotten = &payment.Error{
	Code: payment.TooManyRequests, RetryAfter: time.Second,
	Message: "this key's merchant was forgotten meanwhile, to make room for others: send the request again",
}

// goTo takes the clock to a time, by way of everything that is due until then.
func (q *move) goTo(ctx context.Context, end time.Time) error {
	if err := q.runUntil(ctx, end); err != nil {
		return err
	}
	return q.showTime(ctx, end)
}

// mostFaults is how often in a row the books may fail before a movement of the clock is broken off.
const mostFaults = 3

// runUntil runs every task that is due by end, one by one, each at its own time. A task may make
// others due on the way.
func (q *move) runUntil(ctx context.Context, end time.Time) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(q.ctx, cancel)() // Close ends an advance, too

	for faults := 0; ; {
		left, ran, err := q.runNext(ctx, end)
		switch {
		case err != nil || !ran:
			return err
		case left == nil || left.err() == nil:
			faults = 0
			continue
		}
		if faults++; faults == mostFaults || !clock.Pause(ctx, patience) {
			return left.err()
		}
	}
}

// runNext runs the task that is next, if it is due by end; ran is false if none is. What came to nothing is put back,
// and answered.
func (q *move) runNext(ctx context.Context, end time.Time) (left *undone, ran bool, err error) {
	next, err := q.claimNext(ctx, end)
	if err != nil || len(next.tasks) == 0 {
		return nil, false, err
	}

	left = q.run(journal.WithCause(context.WithoutCancel(ctx), journal.CauseOf(ctx, 0)), next)
	if left == nil {
		return nil, true, nil
	}
	if err := q.putBack(left); err != nil { // the books take nothing at all
		q.inBackground(left)
		return nil, false, errors.Join(left.err(), err)
	}
	return left, true, nil
}

// mostMisses is how often in a row a task may be gone when it is claimed. Requests may take back many that are due at
// the same time, one between each look and its claim; beyond, the books are taken to be wrong.
const mostMisses = 100

// claimNext claims the task that is next, if it is due by end, when the clock shows its time; it answers none if no task
// is. Where a request, of whichever process, has taken it back or put it off since it was seen, the next one is looked
// for.
func (q *move) claimNext(ctx context.Context, end time.Time) (claimed, error) {
	for range mostMisses {
		if err := ctx.Err(); err != nil {
			return claimed{}, err
		}
		if !q.Clock.Now().After(end) { // most often more is due at the same time
			if c, err := q.claim(ctx); err != nil || len(c.tasks) > 0 {
				return c, err
			}
		}

		due, ok, err := q.NextDue(ctx)
		if err != nil || !ok || due.After(end) {
			return claimed{}, err
		}
		if due.After(q.Clock.Now()) {
			if err := q.showTime(ctx, due); err != nil {
				return claimed{}, err
			}
		}

		c, err := q.claim(ctx)
		if err != nil || len(c.tasks) > 0 {
			return c, err
		}
	}
	return claimed{}, fmt.Errorf("the tasks due at %s cannot be had, and are due all the same", q.Clock.Now())
}
