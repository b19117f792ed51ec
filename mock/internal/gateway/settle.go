package gateway

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/payment"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// settle changes a checkout and records the callback that follows, in one transaction: nothing is
// told that was not recorded, and nothing recorded goes untold.
func (m *Merchant) settle(
	ctx context.Context, id, what string, change func(payment.Checkout) (payment.Checkout, error),
) (payment.Checkout, error) {
	var c payment.Checkout
	var announced bool
	now := m.clock.Now()
	err := m.store.Update(ctx, func(tx store.Tx) error {
		var err error
		if c, err = tx.Checkout(id); err != nil {
			return err
		}
		if c, err = change(c); err != nil {
			return err
		}
		if err = tx.PutCheckout(c); err != nil {
			return err
		}
		if err = m.dropTasks(tx, c); err != nil {
			return err
		}
		if announced = m.config.Rules.Announce[eventOf(c)]; announced {
			err = m.announce(tx, c, now)
		}
		if err == nil {
			m.note(c, what) // before the commit, so that it stands before the callback it causes
		}
		return err
	})
	if err != nil {
		return c, known(err, "checkout")
	}
	if announced {
		m.queue.Notify(now)
	}
	return c, nil
}

// announce records a callback to be made at once.
func (m *Merchant) announce(tx store.Tx, c payment.Checkout, now time.Time) error {
	d := store.Delivery{
		ID: m.faker.UUID(), CheckoutID: c.ID, OrderID: c.OrderID, URL: c.Callback, Status: store.Pending,
		CreatedAt: now, NextAttemptAt: &now, Attempts: []store.Attempt{},
	}
	if err := tx.PutDelivery(d); err != nil {
		return err
	}
	return tx.Schedule(store.Task{Kind: store.Deliver, Subject: d.ID, Due: now})
}

// dropTasks takes back what can no longer happen to a checkout that is not open any more.
func (m *Merchant) dropTasks(tx store.Tx, c payment.Checkout) error {
	if c.Payable() {
		return nil
	}
	if err := tx.Unschedule(store.Expire, c.ID); err != nil {
		return err
	}
	return tx.Unschedule(store.AutoPay, c.ID)
}

// eventOf names what has just happened to the checkout; what is still open is no event.
func eventOf(c payment.Checkout) Event {
	switch {
	case c.State == payment.Expired:
		return OnExpiry
	case c.State == payment.LinkCancelled:
		return OnCancel
	case c.State == payment.Paid:
		return OnSuccess
	case c.Payment.Status == payment.Failed, c.Payment.Status == payment.Rejected:
		return OnFailure
	}
	return ""
}
