package pos

import (
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Cancel is the customer who presses Cancel on the hosted page. A checkout that is not open is an *payment.Error with
// code NotPayable.
func (p POS) Cancel(s Sale) (Decision, error) {
	d := s.decided()
	d.forgetBank()
	var err error
	d.Checkout, err = d.Checkout.Cancel(p.ended(s, payment.ResultCancelled, payment.ResultCancelledMessage))
	return p.settled(s, d, "cancelled by the customer"), err
}

// Expire ends an unpaid link, as its time does. A checkout that is not open is an *payment.Error with code NotPayable.
func (p POS) Expire(s Sale) (Decision, error) {
	d := s.decided()
	d.forgetBank()
	var err error
	d.Checkout, err = d.Checkout.Expire(p.ended(s, payment.ResultExpired, payment.ResultExpiredMessage))
	return p.settled(s, d, "the link expired"), err
}

// ended is the payment of a checkout that nobody will pay any more. It has no card.
func (p POS) ended(s Sale, code, message string) payment.Payment {
	c := s.Checkout
	id := c.Payment.ID
	if c.Payment.Final() { // the id belongs to an attempt that failed
		id = p.Draws.UUID(c.ID, "end", c.Attempts)
	}
	return payment.Payment{
		ID: id, CheckoutID: c.ID, OrderID: c.OrderID, Type: payment.Sale, Status: payment.Cancelled, Date: s.Now,
		ResultCode: code, ResultMessage: message,
	}
}

// Abandon is the customer who closes the page: nothing happens any more until the link expires. A checkout that
// nobody can leave is an *payment.Error with code NotPayable.
func (p POS) Abandon(s Sale) (Decision, error) {
	if !s.Checkout.Payable() && s.Checkout.State != payment.Authenticating {
		return Decision{}, s.Checkout.NotPayable()
	}
	d := s.decided()
	d.Drop = []store.TaskKind{store.AutoPay}
	d.Note = "abandoned by the customer"
	return d, nil
}

// Force gives a checkout a result, as if a customer had paid with a card and the bank had said so. Empty result texts
// are filled in. A checkout that is final already is an *payment.Error with code NotPayable.
func (p POS) Force(s Sale, o payment.Outcome) (Decision, error) {
	const note = "outcome forced"
	if s.Checkout.State.Final() {
		return Decision{}, s.Checkout.NotPayable()
	}
	d, o := s.decided(), Completed(o)
	d.forgetBank() // whatever the bank would have said
	d.Drop = append(d.Drop, store.Settle)

	var err error
	if o.Status == payment.Cancelled {
		d.Checkout, err = d.Checkout.Settle(p.ended(s, o.ResultCode, o.ResultMessage), p.Rules.RetryPayments)
		return p.settled(s, d, note), err
	}
	d.Checkout.Attempts++
	card := payment.DefaultTestCard()
	card.Outcome = o
	paid := p.paid(s, d.Checkout, Try{Card: p.FilledIn(s, card.PAN), InstallmentCount: 1}, card)
	d.Checkout, err = d.Checkout.Settle(paid, p.Rules.RetryPayments)
	return p.settled(s, d, note), err
}

// Completed gives an outcome the result texts that go with its status.
func Completed(o payment.Outcome) payment.Outcome {
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
