package gateway

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/payment"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// announce records the callbacks that a result causes: one at once, or what the scenario plans. It
// answers when the first of them is due; ok is false when there is none.
func (m *Merchant) announce(tx store.Tx, c payment.Checkout, now time.Time) (due time.Time, ok bool, err error) {
	plan := m.planOf(c.ID)
	for i, d := range plan.Deliveries {
		if d.BeforeResponse {
			continue // it has been told
		}
		at := now.Add(d.After)
		group := ""
		if d.Concurrently {
			group = c.ID + "/" + strconv.Itoa(i)
		}
		for range copies(d) {
			if err := m.plan(tx, c, d, plan.Retry, now, at, group); err != nil {
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

// plan records one delivery and schedules its first attempt, unless at is zero.
func (m *Merchant) plan(
	tx store.Tx, c payment.Checkout, d scenarios.Delivery, retry *scenarios.Retry, now, at time.Time, group string,
) error {
	delivery, err := m.delivery(tx, c, d, retry, now)
	if err != nil {
		return err
	}
	delivery.NextAttemptAt, delivery.Group = &at, group
	return errors.Join(
		tx.PutDelivery(delivery),
		tx.Schedule(store.Task{Kind: store.Deliver, Subject: delivery.ID, Due: at, Group: group}),
	)
}

func (m *Merchant) delivery(
	tx store.Tx, c payment.Checkout, d scenarios.Delivery, retry *scenarios.Retry, now time.Time,
) (store.Delivery, error) {
	carries, err := m.carried(tx, c, d.CheckoutID)
	made := store.Delivery{
		ID: m.faker.UUID(), CheckoutID: c.ID, OrderID: c.OrderID, URL: c.Callback, Carries: carries,
		As: store.Format(d.As), Status: store.Pending, CreatedAt: now, Attempts: []store.Attempt{}, Retry: m.retry(retry),
	}
	if !d.Concurrently && d.Count > 1 {
		made.Repeats = d.Count - 1
	}
	return made, err
}

// carried is what a delivery says as checkoutId.
func (m *Merchant) carried(tx store.Tx, c payment.Checkout, wrong scenarios.CheckoutID) (string, error) {
	switch wrong {
	case scenarios.MissingID:
		return "", nil
	case scenarios.MalformedID:
		return "not-a-uuid", nil
	case scenarios.OtherID:
		other, err := tx.Newest(c.OrderID)
		if errors.Is(err, store.ErrNotFound) {
			return m.faker.UUID(), nil // the merchant has no other
		}
		return other.ID, err
	case scenarios.UnknownID:
		return m.faker.UUID(), nil
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

// announceEarly records the callbacks that come before the create is answered, and answers their
// ids. Their first attempt is not scheduled: the caller makes it.
func (m *Merchant) announceEarly(ctx context.Context, id string, plan *scenarios.Callback) ([]string, error) {
	now := m.clock.Now()
	var ids []string
	err := m.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.Checkout(id)
		if err != nil {
			return err
		}
		for _, d := range plan.Deliveries {
			if !d.BeforeResponse {
				continue
			}
			for range copies(d) {
				made, err := m.delivery(tx, c, d, plan.Retry, now)
				if err = errors.Join(err, tx.PutDelivery(made)); err != nil {
					return err
				}
				ids = append(ids, made.ID)
			}
		}
		return nil
	})
	return ids, err
}

// BrowserCallback is what the result page submits from the customer's browser: where to, and the
// form's fields. ok is false when the browser has nothing to tell.
func (m *Merchant) BrowserCallback(c payment.Checkout) (target string, checkoutID string, ok bool) {
	s := m.script.of(c.ID)
	if s == nil || s.Callback == nil || !m.config.Rules.Announce[eventOf(c)] {
		return "", "", false
	}
	if s.Callback.Via != scenarios.ViaBrowser && s.Callback.Via != scenarios.ViaBoth {
		return "", "", false
	}
	return c.Callback, c.ID, true
}
