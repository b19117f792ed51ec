package gateway

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Try is one attempt of a customer to pay.
type Try = pos.Try

// Pay tries to pay a checkout with a card, and the card decides the result: a declined payment is
// no error. What the customer got wrong is an *payment.Error with code InvalidRequest that names
// every field, a checkout that cannot be paid any more is one with code NotPayable, and neither
// changes anything.
func (m *Merchant) Pay(ctx context.Context, id string, t Try) (payment.Checkout, error) {
	return m.decide(ctx, id, func(p pos.POS, s pos.Sale) (pos.Decision, error) { return p.Pay(s, t) })
}

// PayWithTestCard pays as a customer would who types the number of a test card; the rest of the
// card is made up to fit. An empty number means a card that is good for every payment. Its errors are those of Pay.
func (m *Merchant) PayWithTestCard(ctx context.Context, id, number string, installments int) (payment.Checkout, error) {
	return m.decide(ctx, id, func(p pos.POS, s pos.Sale) (pos.Decision, error) {
		return p.PayWithTestCard(s, number, installments)
	})
}

// Authenticate takes the one-time code that the customer typed on the bank's page. The right one
// charges the card. A wrong one is no error: it takes a try away, and the last one fails the payment.
// A checkout that is not at the bank is an *payment.Error with code NotPayable.
func (m *Merchant) Authenticate(ctx context.Context, id, code string) (payment.Checkout, error) {
	return m.decide(ctx, id, func(p pos.POS, s pos.Sale) (pos.Decision, error) { return p.Authenticate(s, code) })
}

// LeaveBank is the customer who presses Cancel on the bank's page: the attempt to pay has failed. A
// checkout that is not at the bank is an *payment.Error with code NotPayable.
func (m *Merchant) LeaveBank(ctx context.Context, id string) (payment.Checkout, error) {
	return m.decide(ctx, id, pos.POS.LeaveBank)
}

// Cancel is the customer who presses Cancel on the hosted page. A checkout that is not open is an *payment.Error with
// code NotPayable.
func (m *Merchant) Cancel(ctx context.Context, id string) (payment.Checkout, error) {
	return m.decide(ctx, id, pos.POS.Cancel)
}

// Expire ends an unpaid link, as its time does. A checkout that is not open is an *payment.Error with code NotPayable.
func (m *Merchant) Expire(ctx context.Context, id string) (payment.Checkout, error) {
	return m.decide(ctx, id, pos.POS.Expire)
}

// Abandon is the customer who closes the page: nothing happens any more until the link expires.
func (m *Merchant) Abandon(ctx context.Context, id string) (payment.Checkout, error) {
	return m.decide(ctx, id, pos.POS.Abandon)
}

// Outcome forces the result of a checkout, as if a customer had paid with a card and the bank had
// said so. Empty result texts are filled in. A checkout that is final already is an *payment.Error
// with code NotPayable.
func (m *Merchant) Outcome(ctx context.Context, id string, o payment.Outcome) (payment.Checkout, error) {
	return m.decide(ctx, id, func(p pos.POS, s pos.Sale) (pos.Decision, error) { return p.Force(s, o) })
}

// BrowserCallback is what the result page submits from the customer's browser: where to, and what it
// says as checkoutId, which is nothing when that is empty. ok is false when the browser has nothing
// to tell.
func (m *Merchant) BrowserCallback(ctx context.Context, id string) (target, carries string, ok bool, err error) {
	err = m.store.View(ctx, func(r store.Reader) error {
		read, err := m.sale(r, id, m.clock.Now())
		if err != nil {
			return err
		}
		target, carries, ok = m.pos.FromBrowser(read.Sale)
		return read.fault
	})
	return target, carries, ok, m.known(err, "checkout")
}
