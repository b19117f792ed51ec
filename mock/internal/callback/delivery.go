package callback

import (
	"context"
	"errors"
	"log/slog"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/payment"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// maxKept bounds what an attempt keeps of the receiver's answer; the journal keeps more.
const maxKept = 1 << 10

// Redeliver makes an attempt now, whatever the plan says, and answers the delivery with it. It
// answers store.ErrNotFound for an unknown id.
func (q *Queue) Redeliver(ctx context.Context, id string) (store.Delivery, error) {
	q.gate.RLock()
	defer q.gate.RUnlock()
	return q.deliver(ctx, id, true)
}

// deliver tries the delivery once and records what came of it together with what follows from it.
func (q *Queue) deliver(ctx context.Context, id string, manual bool) (store.Delivery, error) {
	// What was begun is finished and recorded even when whoever asked for it has gone.
	ctx = context.WithoutCancel(ctx)
	d, err := q.Store.Delivery(ctx, id)
	if err != nil {
		return d, err
	}
	at := q.Clock.Now()
	answer := q.Sender.Send(ctx, Post{URL: d.URL, CheckoutID: d.CheckoutID})
	attempt := store.Attempt{
		At: at, LatencyMS: q.Clock.Since(at), Manual: manual, Status: answer.Status,
		Response: payment.MaskText(string(answer.Body[:min(len(answer.Body), maxKept)])), Error: answer.Error,
	}
	if d, err = q.record(ctx, id, attempt); err != nil {
		return d, err
	}
	q.report(d, answer)
	return d, nil
}

// record adds the attempt to the delivery and plans the next one, in one transaction.
func (q *Queue) record(ctx context.Context, id string, a store.Attempt) (store.Delivery, error) {
	var d store.Delivery
	err := q.Store.Update(ctx, func(tx store.Tx) error {
		var err error
		if d, err = tx.Delivery(id); err != nil {
			return err
		}
		a.Number = len(d.Attempts) + 1
		d.Attempts = append(d.Attempts, a)
		if !a.Manual || a.OK() {
			q.conclude(&d, a)
			err = reschedule(tx, d)
		}
		return errors.Join(err, tx.PutDelivery(d))
	})
	if err == nil && d.NextAttemptAt != nil {
		q.Notify(*d.NextAttemptAt)
	}
	return d, err
}

// conclude moves the delivery to the status that follows from its latest attempt. (One by hand that
// failed has no say in it: the plan goes on as it was.)
func (q *Queue) conclude(d *store.Delivery, a store.Attempt) {
	switch {
	case a.OK():
		d.Status, d.NextAttemptAt = store.Delivered, nil
		if d.DeliveredAt == nil {
			d.DeliveredAt = &a.At
		}
	case d.Status != store.Delivered: // it can have been sent by hand meanwhile
		next, ok := q.Plan.Next(d.CreatedAt, a.At, planned(d.Attempts))
		if !ok {
			d.Status, d.NextAttemptAt = store.Exhausted, nil
			return
		}
		d.Status, d.NextAttemptAt = store.Failed, &next
	}
}

// reschedule makes the task queue agree with the delivery.
func reschedule(tx store.Tx, d store.Delivery) error {
	if d.NextAttemptAt == nil {
		return tx.Unschedule(store.Deliver, d.ID)
	}
	return tx.Schedule(store.Task{Kind: store.Deliver, Subject: d.ID, Due: *d.NextAttemptAt})
}

// planned counts the attempts that the plan made, not those by hand.
func planned(attempts []store.Attempt) int {
	n := 0
	for _, a := range attempts {
		if !a.Manual {
			n++
		}
	}
	return n
}

// report tells the journal and the log about the attempt that was recorded last.
func (q *Queue) report(d store.Delivery, answer Answer) {
	a := d.Attempts[len(d.Attempts)-1]
	q.Journal.Append(journal.Entry{
		Time: a.At, Kind: journal.Callback, CheckoutID: d.CheckoutID, OrderID: d.OrderID, DeliveryID: d.ID,
		Attempt: a.Number, Status: string(d.Status), Request: answer.Sent, Response: answer.Receipt,
		LatencyMS: a.LatencyMS, Error: a.Error,
	})
	level := slog.LevelInfo
	if !a.OK() {
		level = slog.LevelWarn
	}
	q.Log.LogAttrs(context.Background(), level, "callback",
		slog.String("checkoutId", d.CheckoutID), slog.Int("attempt", a.Number), slog.Int("httpStatus", a.Status),
		slog.String("delivery", string(d.Status)), slog.String("error", a.Error))
}

// Forge sends what an attacker would and records it. It changes no delivery.
func (q *Queue) Forge(ctx context.Context, p Post) journal.Entry {
	q.gate.RLock()
	defer q.gate.RUnlock()
	at := q.Clock.Now()
	answer := q.Sender.Send(ctx, p)
	e := journal.Entry{
		Time: at, Kind: journal.Forge, CheckoutID: p.CheckoutID, Request: answer.Sent, Response: answer.Receipt,
		LatencyMS: q.Clock.Since(at), Error: answer.Error,
	}
	e.Seq = q.Journal.Append(e)
	return e
}
