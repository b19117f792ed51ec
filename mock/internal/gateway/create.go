package gateway

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Create makes a checkout for the order, and answers its id. When repeats are refused, an order that has one already is
// an *payment.Error with code RepeatedOrderID.
func (m *Merchant) Create(ctx context.Context, opened Opening) (id string, err error) {
	now := m.clock.Now()
	id, expires := m.faker.UUID(), now.Add(m.lifetime(opened))
	paymentID := m.faker.UUID()
	m.makeRoom(ctx)
	m.script.begin(id, opened)
	// The checkout is made where it is put, because whatever a transaction shares with its caller is allocated once more.
	err = m.store.Update(ctx, func(tx store.Tx) error {
		if err := m.refuseRepeat(tx, opened.Order.OrderID); err != nil {
			return err
		}
		if err := tx.PutCheckout(payment.Checkout{
			ID: id, Order: opened.Order, CreatedAt: now, ExpiresAt: expires, State: payment.Open, Payment: enrolled(paymentID),
		}); err != nil {
			return err
		}
		return tx.Schedule(store.Task{Kind: store.Expire, Subject: id, Due: expires})
	})
	if err != nil {
		m.script.drop(id)
		return "", err
	}
	m.queue.Notify(expires)
	return id, nil
}

// lifetime is how long the link can be paid.
func (m *Merchant) lifetime(o Opening) time.Duration {
	if o.scenario != nil && o.scenario.Create != nil && o.scenario.Create.ExpiresAfter > 0 {
		return o.scenario.Create.ExpiresAfter
	}
	return m.config.Rules.LinkLifetime
}

func (m *Merchant) refuseRepeat(tx store.Tx, orderID string) error {
	if m.config.Rules.RepeatedOrders {
		return nil
	}
	repeated, err := tx.HasOrder(orderID)
	if err == nil && repeated {
		err = &payment.Error{Code: payment.RepeatedOrderID, Field: "orderId", Message: "has a checkout already"}
	}
	return err
}

// enrolled is the payment of a checkout that nobody has paid yet.
func enrolled(id string) payment.Payment {
	return payment.Payment{ID: id, Type: payment.Sale, Status: payment.Enrolled}
}

// Awaits reports whether something follows by itself once the create has been answered.
func (m *Merchant) Awaits(id string) bool {
	_, ok := m.nextMove(id)
	return ok
}

// Answered says that the merchant has been sent the answer of a create, so that its customer can be
// on the way. What that customer does by itself, the scenario says, else the settings. The create began at
// the moment.
func (m *Merchant) Answered(ctx context.Context, id string, began journal.Moment) error {
	task, ok := m.nextMove(id)
	task.Cause = uint64(began)
	if !ok {
		return nil
	}
	err := m.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.Checkout(id)
		if err != nil || !c.Payable() {
			return err // it was paid before it was answered
		}
		return tx.Schedule(task)
	})
	if err == nil {
		m.queue.Notify(task.Due)
	}
	return err
}

// nextMove is what the sandbox's own customer does with a new checkout; not ok: nothing.
func (m *Merchant) nextMove(id string) (task store.Task, ok bool) {
	var payer *scenarios.Payer
	if s := m.script.of(id); s != nil {
		payer = s.Payer
	}
	if payer == nil && !m.config.AutoPay {
		return task, false
	}
	task = store.Task{Kind: store.AutoPay, Subject: id, Due: m.clock.Now()}
	if payer == nil {
		return task, true
	}
	task.Due = task.Due.Add(payer.After)
	switch payer.Action {
	case scenarios.Abandon:
		task.Kind = store.Abandon
	case scenarios.Cancel:
		task.Kind = store.Cancel
	case scenarios.Wait:
		return task, false
	}
	return task, true
}
