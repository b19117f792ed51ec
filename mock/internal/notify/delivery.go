package notify

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Redeliver makes an attempt now, whatever the plan says, and answers the delivery with it. It
// answers store.ErrNotFound for an unknown id.
func (q *Queue) Redeliver(ctx context.Context, id string) (store.Delivery, error) {
	q.gate.RLock()
	defer q.gate.RUnlock()
	return q.deliver(ctx, try{id: id}, true)
}

// Deliver makes the first attempts of deliveries that are held now: together, or one after the other. It is for what
// must be told before something else happens, and blocks until the attempts are over. Those that could not be made or
// recorded come as if they had not been held. When the merchant has begun anew more often than resets, they are gone.
func (q *Queue) Deliver(ctx context.Context, ids []string, together bool, resets uint64) error {
	ctx = context.WithoutCancel(ctx)
	faults, left := q.deliverHeld(ctx, ids, together, resets)
	q.inBackground(left)
	return errors.Join(faults...)
}

func (q *Queue) deliverHeld(
	ctx context.Context, ids []string, together bool, resets uint64,
) (faults []error, left *undone) {
	q.gate.RLock()
	defer q.gate.RUnlock()
	faults = make([]error, len(ids))
	switch {
	case q.resets.Load() > resets: // fewer are known where another process has just reset the merchant
		return nil, nil
	case together:
		faults = q.deliverTogether(ctx, ids, &resets)
	default:
		for i, id := range ids {
			_, faults[i] = q.deliver(ctx, try{id: id, held: &resets}, false)
		}
	}

	held := make([]store.Task, len(ids))
	for i, id := range ids {
		held[i] = store.Task{Kind: store.Deliver, Subject: id}
		if errors.Is(faults[i], errBegunAnew) {
			faults[i] = nil
		}
	}
	return faults, undoneOf(ctx, held, faults, resets)
}

// deliver tries the delivery once and records what came of it together with what follows from it.
func (q *Queue) deliver(ctx context.Context, t try, manual bool) (store.Delivery, error) {
	// What was begun is finished and recorded even when whoever asked for it has gone.
	ctx = context.WithoutCancel(ctx)
	release, err := q.attemptAlone(ctx, &t, manual)
	if err != nil {
		return store.Delivery{}, err
	}
	defer release()
	return q.settle(ctx, t)
}

// deliverInTurn makes the first attempts of deliveries in their order: each when the one before it is over, but those
// of one group at the same time. It answers what went wrong with each.
func (q *Queue) deliverInTurn(ctx context.Context, ids []string) []error {
	faults := make([]error, len(ids))
	for done := 0; done < len(ids); {
		rest := ids[done:]
		if q.ctx.Err() != nil {
			for i := range rest {
				faults[done+i] = errStopped
			}
			return faults
		}

		n, err := q.together(ctx, rest)
		switch {
		case err != nil:
			faults[done] = err
		case n > 1:
			copy(faults[done:], q.deliverTogether(ctx, rest[:n], nil))
		default:
			_, faults[done] = q.deliver(ctx, try{id: rest[0]}, false)
		}
		done += n
	}
	return faults
}

// together counts the deliveries at the beginning that are to be sent at the same time, at least one.
func (q *Queue) together(ctx context.Context, ids []string) (n int, err error) {
	first, err := q.delivery(ctx, ids[0])
	if err != nil || first.Group == "" {
		return 1, err
	}
	for n = 1; n < len(ids); n++ {
		if next, err := q.delivery(ctx, ids[n]); err != nil || next.Group != first.Group {
			break
		}
	}
	return n, nil
}

// deliverTogether sends the deliveries at the same time, and records them in their order. It answers what went wrong
// with each. held is as in try.
func (q *Queue) deliverTogether(ctx context.Context, ids []string, held *uint64) []error {
	tries, faults := make([]try, len(ids)), make([]error, len(ids))
	inOrder := q.Clock.Frozen() // the order in which the receiver answers is another one in each run

	var sending sync.WaitGroup
	for i, id := range ids { // before any is sent: one can end while others have not begun
		if tries[i].id, tries[i].held = id, held; inOrder {
			tries[i].startSeq = q.Journal.Moment()
		}
	}
	for i := range tries {
		sending.Go(func() { faults[i] = q.attemptBesideOthers(ctx, &tries[i]) })
	}
	sending.Wait()

	if inOrder {
		for i := range tries {
			tries[i].endSeq = q.Journal.Moment()
		}
	}
	for i := range tries {
		if faults[i] == nil {
			_, faults[i] = q.settle(ctx, tries[i])
		}
	}
	return faults
}

func (q *Queue) delivery(ctx context.Context, id string) (d store.Delivery, err error) {
	err = q.Store.View(ctx, func(r store.Reader) error {
		d, err = r.Delivery(id)
		return err
	})
	return d, err
}

// settle records an attempt and tells the journal and the log of it.
func (q *Queue) settle(ctx context.Context, t try) (store.Delivery, error) {
	d, err := q.record(ctx, t)
	if err != nil {
		return d, err
	}
	if q.Count != nil {
		q.Count(Attempted{Delivery: d, Late: t.late, Began: t.began, Ended: t.ended})
	}
	q.report(d)
	return d, nil
}

// record adds the attempt to the delivery, plans the next one and tells the journal, in one transaction.
func (q *Queue) record(ctx context.Context, t try) (store.Delivery, error) {
	var d store.Delivery
	err := q.Store.Update(ctx, func(tx store.Tx) error {
		var err error
		if d, err = tx.Delivery(t.id); err != nil {
			return err
		}

		t := t
		if t.endSeq == 0 {
			if t.endSeq, err = tx.Moment(); err != nil {
				return err
			}
		}
		a := t.attempt
		a.Number = len(d.Attempts) + 1
		d.Attempts = append(d.Attempts, a)
		if t.post.Webhook != nil {
			d.Version = t.post.Webhook.Version
		}
		switch {
		case !a.Manual:
			q.conclude(&d, a)
			err = reschedule(tx, d)
		case a.OK() && d.Repeats == 0:
			delivered(&d, a)
			d.NextAttemptAt = nil
			err = reschedule(tx, d)
		case a.OK(): // what is still to be repeated is planned already, or even under way
			delivered(&d, a)
		}
		return errors.Join(err, tx.PutDelivery(d), journal.Note(tx, t.entry(d)))
	})
	if err == nil && d.NextAttemptAt != nil {
		q.Notify(*d.NextAttemptAt)
	}
	return d, err
}

// report tells the log about the attempt that was recorded last.
func (q *Queue) report(d store.Delivery) {
	a := d.Attempts[len(d.Attempts)-1]
	level := slog.LevelInfo
	if !a.OK() {
		level = slog.LevelWarn
	}
	line := []slog.Attr{
		about(d), slog.String("orderId", payment.MaskSecrets(d.OrderID)), slog.Int("attempt", a.Number),
		slog.Int("httpStatus", a.Status), slog.String("delivery", string(d.Status)), slog.Float64("latencyMs", a.LatencyMS),
		slog.String("error", a.Error),
	}
	if d.NextAttemptAt != nil {
		line = append(line, slog.Time("nextAttemptAt", *d.NextAttemptAt))
	}
	q.Log.LogAttrs(context.Background(), level, string(d.Kind), line...)
}

// about names what a delivery is about, for the log.
func about(d store.Delivery) slog.Attr {
	if d.Kind == store.KindWebhook {
		return slog.String("paymentId", d.PaymentID)
	}
	return slog.String("checkoutId", d.CheckoutID)
}

// Forge sends what an attacker would and records it. It changes no delivery.
func (q *Queue) Forge(ctx context.Context, p Post) store.Entry {
	q.gate.RLock()
	defer q.gate.RUnlock()

	e := store.Entry{
		Time: q.Clock.Now(), StartSeq: q.Journal.Moment(), Cause: journal.CauseOf(ctx, 0),
		Kind: store.EntryForge, CheckoutID: payment.MaskSecrets(p.Carries), OrderID: p.OrderID,
	}
	if p.Webhook != nil {
		e.PaymentID = p.Webhook.PaymentID
	}

	answer := q.send(ctx, p)
	e.Request, e.Response, e.Error = answer.Sent, answer.Receipt, answer.Error
	e.End(q.Clock.Now())
	return q.Journal.Recorded(e)
}
