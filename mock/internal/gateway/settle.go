package gateway

import (
	"context"
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// change is what a settlement does to a checkout. It may schedule what follows.
type change func(tx store.Tx, c payment.Checkout) (payment.Checkout, error)

// words says what has happened to a checkout, which is as it is afterwards.
type words func(c payment.Checkout) string

func always(what string) words { return func(payment.Checkout) string { return what } }

// settle changes a checkout and records the callbacks that follow, in one transaction: nothing is
// told that was not recorded, and nothing recorded goes untold.
func (m *Merchant) settle(ctx context.Context, id string, what words, do change) (payment.Checkout, error) {
	var c payment.Checkout
	now := m.clock.Now()
	due, waits := now, false // when the queue must be awake, and whether it must
	err := m.store.Update(ctx, func(tx store.Tx) error {
		var err error
		if c, err = tx.Checkout(id); err != nil {
			return err
		}
		if c, err = do(tx, c); err != nil {
			return err
		}
		if err = errors.Join(tx.PutCheckout(c), m.retime(tx, c)); err != nil {
			return err
		}
		moment := m.journal.Moment()
		if m.config.Rules.Announce[eventOf(c)] {
			due, waits, err = m.announce(tx, c, now, moment)
		}
		if err == nil {
			m.note(ctx, c, what(c), moment) // before the commit, so that it stands before the callback it causes
		}
		return err
	})
	if err != nil {
		return c, m.known(err, "checkout")
	}
	if waits {
		m.queue.Notify(due)
	}
	if !c.State.Final() {
		m.queue.Notify(now) // the loop looks for itself when something is due: the bank, the link's end
	}
	return c, nil
}

// retime makes the tasks of a checkout agree with it: an open one expires, any other has nothing to
// wait for but its bank.
func (m *Merchant) retime(tx store.Tx, c payment.Checkout) error {
	if c.State == payment.Authenticating {
		if err := tx.Schedule(store.Task{Kind: store.GiveUp, Subject: c.ID, Due: c.Challenge.EndsAt}); err != nil {
			return err
		}
	} else if err := tx.Unschedule(store.GiveUp, c.ID); err != nil {
		return err
	}
	if c.Payable() {
		return tx.Schedule(store.Task{Kind: store.Expire, Subject: c.ID, Due: c.ExpiresAt})
	}
	over := []store.TaskKind{store.Expire, store.AutoPay, store.Cancel, store.Abandon}
	if c.State.Final() {
		over = append(over, store.Settle)
	}
	for _, kind := range over {
		if err := tx.Unschedule(kind, c.ID); err != nil {
			return err
		}
	}
	return nil
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
