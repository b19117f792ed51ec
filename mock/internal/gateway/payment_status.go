package gateway

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// AskedPayment is what a GET of a payment finds.
type AskedPayment struct {
	Asked                   // Checkout is that of the payment; empty: it has none
	Payment payment.Payment // Amount and CustomerID are those of the checkout where the payment has none
}

// NamedAnswer is what a scenario that a GET names does to its answer. A name that no scenario has is an
// *payment.Error.
func (m *Merchant) NamedAnswer(ctx context.Context, name string) (Asked, error) {
	set, _, err := m.Scenarios(ctx)
	if err != nil {
		return Asked{}, err
	}

	found, err := scenarios.NamedIn(scenarios.HeaderName, name, set)
	if err != nil {
		return Asked{}, err
	}
	asked := Asked{Answer: pos.Named(found), Scenario: found.Name}
	asked.Delay = asked.Step.Delay.Max
	return asked, nil
}

// AskedPayment answers a GET of a payment, and counts it. The latest payment of a checkout is answered as the checkout
// is. An unknown id is an *payment.Error with code NotFound.
func (m *Merchant) AskedPayment(ctx context.Context, id string) (AskedPayment, error) {
	asked, err := m.PeekedPayment(ctx, id)
	if err != nil || asked.Run == nil {
		return asked, err
	}

	err = m.update(ctx, func(tx store.Tx) error {
		if asked, err = m.paymentQuestion(tx, id); err != nil || asked.Run == nil {
			return err
		}
		return tx.PutRun(asked.subject(), *asked.Run)
	})
	return asked, m.known(err, "payment")
}

// PeekedPayment answers what the next AskedPayment will answer, and counts nothing. Its error is that of AskedPayment.
func (m *Merchant) PeekedPayment(ctx context.Context, id string) (AskedPayment, error) {
	asked, err := view(ctx, m, func(r store.Reader) (AskedPayment, error) { return m.paymentQuestion(r, id) })
	return asked, m.known(err, "payment")
}

// subject is whose run the answer takes a step of.
func (a AskedPayment) subject() store.Subject {
	if a.Checkout.ID != "" {
		return store.CheckoutRun(a.Checkout.ID)
	}
	return store.PaymentRun(a.Payment.ID)
}

func (m *Merchant) paymentQuestion(r store.Reader, id string) (AskedPayment, error) {
	related, err := m.related(r, id, m.clock.Now())
	if err != nil {
		return AskedPayment{}, err
	}
	asked := AskedPayment{Payment: related.Payment}
	if checkoutID := related.Payment.CheckoutID; checkoutID != "" {
		c, err := r.Checkout(checkoutID)
		if err != nil {
			return asked, err
		}
		if asked.Payment.Amount == (payment.Amount{}) {
			asked.Payment.Amount = c.Amount
		}
		if c.Payment.ID == id {
			asked.Asked, err = m.question(r, checkoutID)
		}
		return asked, err
	}

	asked.Asked = Asked{Answer: m.pos.PaymentQuestion(related), Scenario: nameOf(related.Run)}
	if asked.Step.Delay.Max > 0 {
		asked.Delay = asked.Step.Delay.At(m.pos.Draws.Fraction(id, "answer delay", related.Run.Answered))
	}
	return asked, nil
}

// WholePayment is a payment of the merchant with what only its checkout knows. An unknown id is an *payment.Error with
// code NotFound.
func (m *Merchant) WholePayment(ctx context.Context, id string) (payment.Payment, error) {
	asked, err := m.PeekedPayment(ctx, id)
	return asked.Payment, err
}

// RelatedTo is a payment with its family. An unknown id is an *payment.Error with code NotFound.
func (m *Merchant) RelatedTo(ctx context.Context, id string) (pos.Related, error) {
	found, err := view(ctx, m, func(r store.Reader) (pos.Related, error) { return m.related(r, id, m.clock.Now()) })
	return found, m.known(err, "payment")
}
