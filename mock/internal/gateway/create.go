package gateway

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/payment"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Create makes a checkout for the order. When repeats are refused, an order that has one already is
// an *payment.Error with code RepeatedOrderID.
func (m *Merchant) Create(ctx context.Context, o payment.Order) (payment.Checkout, error) {
	now := m.clock.Now()
	c := payment.Checkout{
		ID: m.faker.UUID(), Order: o, CreatedAt: now, ExpiresAt: now.Add(m.config.Rules.LinkLifetime),
		State: payment.Open, Payment: m.enrolled(),
	}
	err := m.store.Update(ctx, func(tx store.Tx) error {
		if err := m.refuseRepeat(tx, o.OrderID); err != nil {
			return err
		}
		if err := tx.PutCheckout(c); err != nil {
			return err
		}
		return tx.Schedule(store.Task{Kind: store.Expire, Subject: c.ID, Due: c.ExpiresAt})
	})
	if err != nil {
		return payment.Checkout{}, err
	}
	m.queue.Notify(c.ExpiresAt)
	return c, nil
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
func (m *Merchant) enrolled() payment.Payment {
	return payment.Payment{ID: m.faker.UUID(), Type: payment.Sale, Status: payment.Enrolled}
}

// Answered says that the merchant has been sent the answer of a create, so that its customer can be
// on the way. With the automatic payer that customer pays at once.
func (m *Merchant) Answered(ctx context.Context, id string) error {
	if !m.config.AutoPay {
		return nil
	}
	now := m.clock.Now()
	err := m.store.Update(ctx, func(tx store.Tx) error {
		return tx.Schedule(store.Task{Kind: store.AutoPay, Subject: id, Due: now})
	})
	if err == nil {
		m.queue.Notify(now)
	}
	return err
}
