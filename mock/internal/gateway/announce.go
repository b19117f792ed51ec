package gateway

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// announce records the callbacks that a result causes: one at once, or what the scenario plans. The result
// came at the moment. It answers when the first of them is due; ok is false when there is none.
func (m *Merchant) announce(
	tx store.Tx, c payment.Checkout, now time.Time, moment journal.Moment,
) (due time.Time, ok bool, err error) {
	plan, early := m.planOf(c.ID), m.script.toldEarly(c.ID)
	turns := turnsOf(plan.Deliveries)
	for i, d := range plan.Deliveries {
		if d.BeforeResponse && early {
			continue // it is being told right now
		}
		at := now.Add(d.After)
		event := c.ID + "/" + strconv.Itoa(c.Attempts) + "/"
		turn, together := "", ""
		if turns[d.After] > 1 {
			turn = event + d.After.String()
		}
		if d.Concurrently {
			together = event + strconv.Itoa(i)
		}
		for n := range copies(d) {
			made, err := m.delivery(tx, c, d, plan.Retry, m.drawFor(c.ID, "delivery", c.State, c.Attempts, i, n))
			if made.Cause, made.Group = uint64(moment), together; err == nil {
				err = schedule(tx, made, at, turn)
			}
			if err != nil {
				return due, ok, err
			}
		}
		if !ok || at.Before(due) {
			due, ok = at, true
		}
	}
	return due, ok, nil
}

// planOf is the scenario's plan for the server's callbacks. Without one it is a delivery at once.
func (m *Merchant) planOf(checkoutID string) scenarios.Callback {
	var plan scenarios.Callback
	if s := m.script.of(checkoutID); s != nil && s.Callback != nil {
		plan = *s.Callback
	}
	switch {
	case plan.Via == scenarios.ViaNone || plan.Via == scenarios.ViaBrowser:
		plan.Deliveries = nil
	case len(plan.Deliveries) == 0:
		plan.Deliveries = []scenarios.Delivery{{Count: 1, As: scenarios.AsForm}}
	}
	return plan
}

// copies is how many deliveries come of one in the plan: those that are to be sent at the same time
// are several, those one after the other are one that is repeated.
func copies(d scenarios.Delivery) int {
	if d.Concurrently {
		return d.Count
	}
	return 1
}

// turnsOf counts the deliveries of a plan that are due at the same time: they go in its order. Nil: there is no more
// than one.
func turnsOf(plan []scenarios.Delivery) map[time.Duration]int {
	if len(plan) == 1 && copies(plan[0]) == 1 {
		return nil
	}
	turns := map[time.Duration]int{}
	for _, d := range plan {
		turns[d.After] += copies(d)
	}
	return turns
}

// schedule records a delivery whose first attempt is due at the time, when its group has its turn.
func schedule(tx store.Tx, d store.Delivery, at time.Time, group string) error {
	d.NextAttemptAt = &at
	return errors.Join(
		tx.PutDelivery(d), tx.Schedule(store.Task{Kind: store.Deliver, Subject: d.ID, Due: at, Group: group}),
	)
}

func (m *Merchant) delivery(
	tx store.Tx, c payment.Checkout, d scenarios.Delivery, retry *scenarios.Retry, draw *faker,
) (store.Delivery, error) {
	carries, err := m.carried(tx, c, d.CheckoutID, draw)
	made := store.Delivery{
		ID: draw.UUID(), CheckoutID: c.ID, OrderID: c.OrderID, URL: onWire(c.Callback), Carries: carries,
		As: store.Format(d.As), Status: store.Pending, CreatedAt: m.clock.Now(), Attempts: []store.Attempt{}, Retry: m.retry(retry),
	}
	if !d.Concurrently && d.Count > 1 {
		made.Repeats = d.Count - 1
	}
	return made, err
}

// carried is what a delivery says as checkoutId.
func (m *Merchant) carried(tx store.Tx, c payment.Checkout, wrong scenarios.CheckoutID, draw *faker) (string, error) {
	switch wrong {
	case scenarios.MissingID:
		return "", nil
	case scenarios.MalformedID:
		return "not-a-uuid", nil
	case scenarios.OtherID:
		other, err := tx.Newest(c.OrderID)
		if errors.Is(err, store.ErrNotFound) {
			return draw.UUID(), nil // the merchant has no other
		}
		return other.ID, err
	case scenarios.UnknownID:
		return draw.UUID(), nil
	}
	return c.ID, nil
}

// retry is the scenario's retry plan; nil leaves it to the sandbox's settings.
func (m *Merchant) retry(r *scenarios.Retry) *store.RetryPlan {
	switch {
	case r == nil:
		return nil
	case r.Documented:
		plan := m.config.Documented()
		return &plan
	}
	return &store.RetryPlan{Waits: r.Waits}
}

// announceEarly records the callbacks of the plan's delivery at an index that comes before the create is answered, and
// answers their ids. Their first attempt is not scheduled: the caller makes it.
func (m *Merchant) announceEarly(
	ctx context.Context, id string, at int, d scenarios.Delivery, retry *scenarios.Retry,
) ([]string, error) {
	copies := d.Count
	d.Count = 1 // each copy is a delivery of its own, so that all have been sent when the first attempts are over
	var ids []string
	err := m.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.Checkout(id)
		if err != nil {
			return err
		}
		for n := range copies {
			made, err := m.delivery(tx, c, d, retry, m.drawFor(c.ID, "early", at, n))
			made.Cause = uint64(journal.CauseOf(ctx, 0))
			if err = errors.Join(err, tx.PutDelivery(made)); err != nil {
				return err
			}
			ids = append(ids, made.ID)
		}
		return nil
	})
	return ids, err
}

// BrowserCallback is what the result page submits from the customer's browser: where to, and what it
// says as checkoutId, which is nothing when that is empty. ok is false when the browser has nothing
// to tell.
func (m *Merchant) BrowserCallback(ctx context.Context, c payment.Checkout) (target, carries string, ok bool, err error) {
	s := m.script.of(c.ID)
	if s == nil || s.Callback == nil || !m.config.Rules.Announce[eventOf(c)] {
		return "", "", false, nil
	}
	if s.Callback.Via != scenarios.ViaBrowser && s.Callback.Via != scenarios.ViaBoth {
		return "", "", false, nil
	}
	var wrong scenarios.CheckoutID
	if len(s.Callback.Deliveries) > 0 && s.Callback.Via == scenarios.ViaBrowser {
		wrong = s.Callback.Deliveries[0].CheckoutID
	}
	err = m.store.Update(ctx, func(tx store.Tx) error {
		carries, err = m.carried(tx, c, wrong, m.drawFor(c.ID, "browser"))
		return err
	})
	return onWire(c.Callback), carries, err == nil, err
}

// onWire is the callback URL as it is asked for. It was checked with the order.
func onWire(callback string) string {
	wire, fault := payment.CallbackOnWire(callback)
	if fault != "" { // only a reader of the document that is laxer than the order's lets it through
		return callback
	}
	return wire
}
