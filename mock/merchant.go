package mock

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Merchant is all that belongs to one API key: what its customers and its bank do, and what the sandbox knows of
// it. Each method is a call of the control API. Where the sandbox refuses a call, the error is a *payment.Error
// whose Code says why: payment.NotFound for an id that this merchant does not have. A key that begins with test_
// is a merchant from its first use on.
type Merchant struct {
	key     string
	gateway func() *gateway.Gateway
}

// configured is the embedded merchant of a Server.
type configured = Merchant

// Merchant is the merchant with an API key. A key that is neither the configured one nor begins with test_ is an
// error of each of its methods.
func (s *Server) Merchant(apiKey string) *Merchant {
	return &Merchant{key: apiKey, gateway: func() *gateway.Gateway { return s.gateway }}
}

func (m *Merchant) books(ctx context.Context) (*gateway.Merchant, error) {
	return m.gateway().Merchant(ctx, m.key)
}

// asked is what a merchant answers to a question.
func asked[A any](ctx context.Context, m *Merchant, question func(*gateway.Merchant) (A, error)) (answer A, err error) {
	known, err := m.books(ctx)
	if err != nil {
		return answer, err
	}
	return question(known)
}

// told does something for a merchant.
func told(ctx context.Context, m *Merchant, do func(*gateway.Merchant) error) error {
	known, err := m.books(ctx)
	if err != nil {
		return err
	}
	return do(known)
}

// Checkout is what the sandbox knows of a checkout.
func (m *Merchant) Checkout(ctx context.Context, checkoutID string) (payment.Checkout, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Checkout, error) { return known.Checkout(ctx, checkoutID) })
}

// Checkouts lists checkouts, newest first.
func (m *Merchant) Checkouts(ctx context.Context, q store.CheckoutQuery) ([]payment.Checkout, error) {
	return asked(ctx, m, func(known *gateway.Merchant) ([]payment.Checkout, error) { return known.Checkouts(ctx, q) })
}

// Pay pays a checkout as a customer with a test card would, in one sum; an empty number is a card that is good for
// every payment. A declined payment is a result, not an error. A checkout that cannot be paid and a number that is
// no test card are each an *payment.Error.
func (m *Merchant) Pay(ctx context.Context, checkoutID, card string) (payment.Checkout, error) {
	return m.PayInInstallments(ctx, checkoutID, card, 1)
}

// PayInInstallments is Pay, in up to as many instalments as the checkout allows.
func (m *Merchant) PayInInstallments(
	ctx context.Context, checkoutID, card string, count int,
) (payment.Checkout, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Checkout, error) {
		return known.PayWithTestCard(ctx, checkoutID, card, count)
	})
}

// Abandon is the customer who leaves the payment page without a word: nothing happens until the link expires.
func (m *Merchant) Abandon(ctx context.Context, checkoutID string) (payment.Checkout, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Checkout, error) { return known.Abandon(ctx, checkoutID) })
}

// Cancel is the customer who presses Cancel on the payment page.
func (m *Merchant) Cancel(ctx context.Context, checkoutID string) (payment.Checkout, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Checkout, error) { return known.Cancel(ctx, checkoutID) })
}

// Expire lets the time of a checkout's link be over now.
func (m *Merchant) Expire(ctx context.Context, checkoutID string) (payment.Checkout, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Checkout, error) { return known.Expire(ctx, checkoutID) })
}

// Outcome lets the bank say something about a checkout, whatever the card or the scenario.
func (m *Merchant) Outcome(ctx context.Context, checkoutID string, o payment.Outcome) (payment.Checkout, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Checkout, error) {
		return known.Outcome(ctx, checkoutID, o)
	})
}

// Payment is what the sandbox knows of a payment.
func (m *Merchant) Payment(ctx context.Context, paymentID string) (payment.Payment, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Payment, error) {
		found, err := known.PeekedPayment(ctx, paymentID)
		return found.Payment, err
	})
}

// Payments lists payments, newest first: sales, pre-authorizations, and what captures, cancels and refunds them.
func (m *Merchant) Payments(ctx context.Context, q store.PaymentQuery) ([]payment.Payment, error) {
	return asked(ctx, m, func(known *gateway.Merchant) ([]payment.Payment, error) { return known.Payments(ctx, q) })
}

// Approve is the administrator who approves a refund.
func (m *Merchant) Approve(ctx context.Context, paymentID string) (payment.Payment, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Payment, error) {
		return known.Decide(ctx, paymentID, scenarios.Approve)
	})
}

// Reject is the administrator who rejects a refund.
func (m *Merchant) Reject(ctx context.Context, paymentID string) (payment.Payment, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Payment, error) {
		return known.Decide(ctx, paymentID, scenarios.Reject)
	})
}

// PaymentOutcome lets the bank say something about a payment that waits for its answer, or about a refund that
// waits for its approval.
func (m *Merchant) PaymentOutcome(ctx context.Context, paymentID string, o payment.Outcome) (payment.Payment, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (payment.Payment, error) {
		return known.PaymentOutcome(ctx, paymentID, o)
	})
}

// PutScenarios puts a scenario file, in YAML or JSON, in force for new checkouts; an empty one puts the sandbox's
// own back. A file with faults is a scenarios.Errors, and changes nothing.
func (m *Merchant) PutScenarios(ctx context.Context, file []byte) error {
	var set *scenarios.Set
	if len(file) > 0 {
		var err error
		if set, err = scenarios.Parse("", file); err != nil {
			return err
		}
	}
	return told(ctx, m, func(known *gateway.Merchant) error {
		_, err := known.SetScenarios(ctx, set)
		return err
	})
}

// NextScenario gives a scenario to so many of the next checkouts, after those that were asked for before.
func (m *Merchant) NextScenario(ctx context.Context, name string, times int) error {
	return told(ctx, m, func(known *gateway.Merchant) error { return known.NextScenario(ctx, name, times) })
}

// Advance moves the clock, and answers its new time when everything due on the way has been delivered or recorded.
// When ctx ends first, the clock stays where it got to.
func (m *Merchant) Advance(ctx context.Context, d time.Duration) (time.Time, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (time.Time, error) { return known.Queue().Advance(ctx, d) })
}

// Freeze stops the clock; Advance and SetTime move it. It waits for what is under way.
func (m *Merchant) Freeze(ctx context.Context) error {
	return m.move(ctx, notify.Movement{Freeze: true})
}

// Resume lets the clock run on from where it stands.
func (m *Merchant) Resume(ctx context.Context) error {
	return m.move(ctx, notify.Movement{Resume: true})
}

// SetTime sets the clock, forwards or backwards; it stays frozen or running as it was.
func (m *Merchant) SetTime(ctx context.Context, t time.Time) error {
	return m.move(ctx, notify.Movement{Set: &t})
}

func (m *Merchant) move(ctx context.Context, to notify.Movement) error {
	return told(ctx, m, func(known *gateway.Merchant) error { return known.Queue().Move(ctx, to) })
}

// Now is the time that the clock shows.
func (m *Merchant) Now(ctx context.Context) (time.Time, error) {
	return asked(ctx, m, func(known *gateway.Merchant) (time.Time, error) { return known.Clock().Now(), nil })
}

// Reset forgets what the merchant has done: checkouts, payments, callbacks, the journal. The clock shows real time
// again. Credentials, the webhook and, if wanted, the scenarios stay.
func (m *Merchant) Reset(ctx context.Context, keepScenarios bool) error {
	return told(ctx, m, func(known *gateway.Merchant) error { return known.Reset(ctx, keepScenarios) })
}
