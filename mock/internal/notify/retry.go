package notify

import (
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Documented is the plan that PayPorter's page on webhooks gives: 30 s, 1 min, 5 min, 15 min, 1 h,
// 4 h, 12 h, then every 24 h, for up to 48 hours after the event. That checkout callbacks follow
// it too is assumed.
func Documented() store.RetryPlan {
	return store.RetryPlan{
		Waits: []time.Duration{
			30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour,
		},
		Every: 24 * time.Hour,
		Until: 48 * time.Hour,
	}
}

// conclude moves the delivery to the status that follows from its latest attempt. (One by hand that
// failed has no say in it: the plan goes on as it was.)
func (q *Queue) conclude(d *store.Delivery, a store.Attempt) {
	if a.OK() {
		delivered(d, a)
	}

	d.NextAttemptAt = nil
	switch {
	case d.Repeats > 0: // duplicates come whatever the merchant says to them
		d.Repeats--
		d.Repeated++
		d.NextAttemptAt = &a.At
	case d.Status != store.Delivered:
		q.retry(d, a)
	}
}

// delivered notes that the merchant took the delivery.
func delivered(d *store.Delivery, a store.Attempt) {
	d.Status = store.Delivered
	if d.DeliveredAt == nil {
		d.DeliveredAt = &a.At
	}
}

// retry plans the next attempt of a delivery that was not taken, or gives it up.
func (q *Queue) retry(d *store.Delivery, a store.Attempt) {
	next, ok := q.plan(d).Next(d.CreatedAt, a.At, planned(d.Attempts)-d.Repeated)
	if !ok {
		d.Status = store.Exhausted
		return
	}
	d.Status, d.NextAttemptAt = store.Failed, &next
}

func (q *Queue) plan(d *store.Delivery) store.RetryPlan {
	if d.Retry != nil {
		return *d.Retry
	}
	return q.Plan
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

// Outlook lists the attempts that are still to come if none of them is taken, at most limit; the
// first is the one that is planned.
func (q *Queue) Outlook(d store.Delivery, limit int) []time.Time {
	if d.NextAttemptAt == nil || limit < 1 {
		return nil
	}

	at := *d.NextAttemptAt
	times := []time.Time{at}
	for failed := planned(d.Attempts) - d.Repeated + 1; len(times) < limit && d.Status != store.Delivered; failed++ {
		next, ok := q.plan(&d).Next(d.CreatedAt, at, failed)
		if !ok {
			break
		}
		times, at = append(times, next), next
	}
	return times
}

// reschedule makes the task queue agree with the delivery.
func reschedule(tx store.Tx, d store.Delivery) error {
	if d.NextAttemptAt == nil {
		return tx.Unschedule(store.Deliver, d.ID)
	}
	return tx.Schedule(store.Task{Kind: store.Deliver, Subject: d.ID, Due: *d.NextAttemptAt})
}
