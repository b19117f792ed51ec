package gateway

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Outcome forces the result of a checkout, as if a customer had paid with a card and the bank had
// said so. Empty result texts are filled in. A checkout that is final already is an *payment.Error
// with code NotPayable.
func (m *Merchant) Outcome(ctx context.Context, id string, o payment.Outcome) (payment.Checkout, error) {
	o = completed(o)
	return m.settle(ctx, id, always("outcome forced"), func(tx store.Tx, c payment.Checkout) (payment.Checkout, error) {
		if c.State.Final() {
			return c, c.NotPayable()
		}
		m.script.bank(c.ID, nil) // whatever the bank would have said
		if err := tx.Unschedule(store.Settle, c.ID); err != nil {
			return c, err
		}
		if o.Status == payment.Cancelled {
			return c.Settle(m.ended(c, o.ResultCode, o.ResultMessage), m.config.Rules.RetryPayments)
		}
		c.Attempts++
		card := payment.TestCards()[0]
		card.Outcome = o
		return c.Settle(m.paid(c, Try{Card: m.filledIn(c.ID, card.PAN), InstallmentCount: 1}, card), m.config.Rules.RetryPayments)
	})
}

// completed gives an outcome the result texts that go with its status.
func completed(o payment.Outcome) payment.Outcome {
	usual := payment.Outcome{ResultCode: string(o.Status), ResultMessage: string(o.Status)}
	switch o.Status {
	case payment.Success, payment.Captured:
		usual = payment.Approved()
	case payment.Failed:
		usual.ResultCode, usual.ResultMessage = "05", "Do not honour"
	case payment.Cancelled:
		usual.ResultCode, usual.ResultMessage = payment.ResultCancelled, payment.ResultCancelledMessage
	case payment.PendingApproval:
		usual.ResultMessage = "Payment queued for approval"
	case payment.Rejected:
		usual.ResultMessage = "Rejected"
	}
	if o.ResultCode == "" {
		o.ResultCode = usual.ResultCode
	}
	if o.ResultMessage == "" {
		o.ResultMessage = messageOf(o.ResultCode, usual.ResultMessage)
	}
	return o
}

// messageOf is what a test card says with the code, or what is usual.
func messageOf(code, usual string) string {
	for _, card := range payment.TestCards() {
		if card.Outcome.ResultCode == code {
			return card.Outcome.ResultMessage
		}
	}
	return usual
}
