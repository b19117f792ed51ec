package notify

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// maxKept bounds what an attempt keeps of the receiver's answer; the journal keeps more.
const maxKept = 1 << 10

// try is an attempt that has been made and not been recorded yet.
type try struct {
	id      string
	held    *uint64 // how often the merchant had begun anew when it was held; nil: it was not
	attempt store.Attempt
	late    time.Duration // after it was due
	began   time.Time     // in real time
	ended   time.Time
	post    Post
	answer  Answer

	endedAt          time.Time // by the merchant's clock
	startSeq, endSeq store.Moment
	cause            store.Moment
}

// attemptAlone sends the delivery. The try gets its place in the order of ends when it is recorded, which is the next
// thing that happens. Until release is called it counts as one to its host.
func (q *Queue) attemptAlone(ctx context.Context, t *try, manual bool) (release func(), err error) {
	if release, err = q.slotFor(ctx, t.id, true); err != nil {
		return nil, err
	}
	if err := q.attempt(ctx, t, manual); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// attemptBesideOthers sends the delivery while others are sent that begin and end together with it.
func (q *Queue) attemptBesideOthers(ctx context.Context, t *try) error {
	release, err := q.slotFor(ctx, t.id, false)
	if err != nil {
		return err
	}
	defer release()
	err = q.attempt(ctx, t, false)
	if err == nil {
		t.endSeq = q.Journal.Moment()
	}
	return err
}

// slotFor waits until the host of the delivery may have one more attempt, and takes it.
func (q *Queue) slotFor(ctx context.Context, id string, aside bool) (release func(), err error) {
	d, err := q.delivery(ctx, id)
	if err != nil {
		return nil, err
	}
	return q.slot(hostOf(d.URL), aside)
}

// attempt sends the delivery. A try that has its place in the order of beginnings already keeps it.
func (q *Queue) attempt(ctx context.Context, t *try, manual bool) error {
	d, err := q.begin(ctx, t) // a while can have passed
	if err != nil {
		return err
	}

	at := q.Clock.Now()
	t.began, t.late, t.cause = clock.Wall(), lateness(d, at), journal.CauseOf(ctx, d.Cause)
	post := Post{URL: d.URL, Carries: d.Carries, As: d.As}
	if d.Kind == store.KindWebhook {
		if post.Webhook, err = q.signed(ctx, d, at); err != nil {
			return err
		}
	}
	t.post = post
	t.answer = q.send(ctx, post)
	if q.broken.Err() != nil && t.answer.Status == 0 {
		return errStopped
	}
	t.ended, t.endedAt = clock.Wall(), q.Clock.Now()

	t.attempt = store.Attempt{
		At: at, LatencyMS: store.Millis(at, t.endedAt), Manual: manual, Status: t.answer.Status,
		Response: t.answer.begins(maxKept), Error: t.answer.Error,
	}
	return nil
}

// begin reads the delivery, and gives the try its place in the order of beginnings, in one transaction.
func (q *Queue) begin(ctx context.Context, t *try) (d store.Delivery, err error) {
	read := func(r store.Reader) error {
		d, err = t.delivery(r)
		return err
	}
	if t.startSeq != 0 {
		err = q.Store.View(ctx, read)
		return d, err
	}
	err = q.Store.Update(store.Soon(ctx), func(tx store.Tx) error { // it changes nothing but the moment
		if err := read(tx); err != nil {
			return err
		}
		t.startSeq, err = tx.Moment()
		return err
	})
	return d, err
}

// delivery is what is to be sent. What is called as one that was held before the merchant began anew is another one.
func (t *try) delivery(r store.Reader) (d store.Delivery, err error) {
	if t.held != nil {
		record, err := r.Merchant()
		if err != nil {
			return d, err
		}
		if record.Resets != *t.held {
			return d, errBegunAnew
		}
	}
	return r.Delivery(t.id)
}

// errBegunAnew is for what was held before the merchant began anew. It is gone, which is no fault.
var errBegunAnew = errors.New("the merchant has begun anew")

// send makes the post. Close breaks it off when it takes too long.
func (q *Queue) send(ctx context.Context, p Post) Answer {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(q.broken, cancel)()
	return q.Sender.Send(ctx, p)
}

func lateness(d store.Delivery, at time.Time) time.Duration {
	if d.NextAttemptAt == nil {
		return 0
	}
	return max(0, at.Sub(*d.NextAttemptAt))
}

// hostOf is whom a callback URL reaches.
func hostOf(callback string) string {
	u, err := url.Parse(callback)
	if err != nil {
		return ""
	}
	return u.Host
}

// entry is what the journal says of the try, which is the delivery's latest attempt.
func (t *try) entry(d store.Delivery) store.Entry {
	a := d.Attempts[len(d.Attempts)-1]
	kind := store.EntryCallback
	if d.Kind == store.KindWebhook {
		kind = store.EntryWebhook
	}

	return store.Entry{
		Time: a.At, EndedAt: t.endedAt, StartSeq: t.startSeq, EndSeq: t.endSeq, Cause: t.cause, Kind: kind,
		CheckoutID: d.CheckoutID, PaymentID: d.PaymentID, OrderID: d.OrderID, DeliveryID: d.ID, Attempt: a.Number,
		Status:  string(d.Status),
		Request: t.answer.Sent, Response: t.answer.Receipt, LatencyMS: a.LatencyMS, Error: a.Error,
	}
}
