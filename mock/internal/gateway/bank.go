package gateway

import (
	"context"
	"fmt"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// ask sends the customer to the bank's page.
func (m *Merchant) ask(_ store.Tx, c payment.Checkout, q payment.Challenge) (payment.Checkout, error) {
	q.EndsAt, q.Left = m.clock.Now().Add(m.config.Rules.BankPatience), payment.BankTries
	return c.Ask(q)
}

// atTheBank is what is said of an attempt to pay; one that waits for a code is not over yet.
func atTheBank(over string) words {
	return func(c payment.Checkout) string {
		switch {
		case c.Challenge == nil:
			return over
		case c.Challenge.Left == payment.BankTries:
			return "the bank asks the customer for a one-time code"
		}
		return fmt.Sprintf("a wrong code, %d of %d tries left", c.Challenge.Left, payment.BankTries)
	}
}

// Authenticate takes the one-time code that the customer typed on the bank's page. The right one
// charges the card. A wrong one is no error: it takes a try away, and the last one fails the payment.
// A checkout that is not at the bank is an *payment.Error with code NotPayable.
func (m *Merchant) Authenticate(ctx context.Context, id, code string) (payment.Checkout, error) {
	return m.atBank(ctx, id, "the customer typed a code", func(tx store.Tx, c payment.Checkout) (payment.Checkout, error) {
		q := *c.Challenge
		switch {
		case code == payment.BankCode && !q.Hopeless:
			return m.charge(tx, c, q.Payment, q.Delay)
		case q.Left > 1 && code != payment.BankCode:
			return c.WrongCode(), nil
		}
		return m.unauthenticated(c, payment.ResultUnauthenticatedMessage)
	})
}

// LeaveBank is the customer who presses Cancel on the bank's page: the attempt to pay has failed. A
// checkout that is not at the bank is an *payment.Error with code NotPayable.
func (m *Merchant) LeaveBank(ctx context.Context, id string) (payment.Checkout, error) {
	return m.atBank(ctx, id, "cancelled on the bank's page", func(_ store.Tx, c payment.Checkout) (payment.Checkout, error) {
		return m.unauthenticated(c, payment.ResultLeftBankMessage)
	})
}

// bankGivesUp ends a challenge whose time is over.
func (m *Merchant) bankGivesUp(ctx context.Context, id string) (payment.Checkout, error) {
	return m.atBank(ctx, id, "the bank waits no longer", func(_ store.Tx, c payment.Checkout) (payment.Checkout, error) {
		return c, nil // it is late, which atBank knows
	})
}

// atBank changes a checkout whose customer is at the bank. Whoever comes late finds that the bank
// has given up, even if the queue has not come to it yet.
func (m *Merchant) atBank(ctx context.Context, id, what string, do change) (payment.Checkout, error) {
	return m.settle(ctx, id, atTheBank(what), func(tx store.Tx, c payment.Checkout) (payment.Checkout, error) {
		if c.State != payment.Authenticating {
			return c, c.NotPayable()
		}
		if !m.clock.Now().Before(c.Challenge.EndsAt) {
			return m.unauthenticated(c, payment.ResultBankTimeOutMessage)
		}
		return do(tx, c)
	})
}

// unauthenticated fails the attempt to pay. Nothing is charged, and what the scenario made of the
// payment is no longer so.
func (m *Merchant) unauthenticated(c payment.Checkout, reason string) (payment.Checkout, error) {
	m.script.bank(c.ID, nil)
	p := c.Challenge.Unauthenticated(reason)
	p.Date = m.clock.Now()
	return c.Settle(p, m.config.Rules.RetryPayments)
}
