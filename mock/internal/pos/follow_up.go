package pos

import (
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// child is a new payment that captures, cancels or gives back some of another one.
func (p POS) child(r Related, t payment.TransactionType, amount payment.Amount, number int) payment.Payment {
	parent, purpose := r.Payment, string(t)
	made := parent
	made.ID, made.ParentID, made.CheckoutID = p.Draws.UUID(parent.ID, purpose, number), parent.ID, ""
	made.Type, made.Amount, made.Date, made.Authentication = t, amount, r.Now, nil
	made.Status, made.ResultCode, made.ResultMessage = payment.Success, payment.ResultSuccess, payment.ResultSuccessful
	made.Commission = ""
	made.ExternalTransactionID = p.Draws.Reference("EXT", 9, parent.ID, "external transaction of "+purpose, number)
	if bankRefuses(parent) {
		made.AuthCode, made.Status = "", payment.Failed
		made.ResultCode, made.ResultMessage = "12", "Invalid transaction"
		return made
	}

	made.AuthCode = p.Draws.Reference("AUTH", 6, parent.ID, "authorization of "+purpose, number)
	return made
}

// bankRefuses reports whether the bank of the payment's card refuses whatever follows it.
func bankRefuses(p payment.Payment) bool {
	card, known := payment.FindTestCard(payment.TestCardMasked(p.PAN))
	return known && card.FinalOnly
}

// refused is a business fault of a payment.
func refused(code payment.Code, p payment.Payment, format string, args ...any) error {
	return &payment.Error{Code: code, Message: fmt.Sprintf("payment %s ", p.ID) + fmt.Sprintf(format, args...)}
}

// otherCurrency refuses an amount in another currency than the payment's.
func otherCurrency(p payment.Payment, amount payment.Amount) error {
	if amount.Currency() == p.Amount.Currency() {
		return nil
	}
	return &payment.Error{
		Code: payment.OtherCurrency, Field: "currency",
		Message: fmt.Sprintf("must be %s, as that of the payment, got %s", p.Amount.Currency(), amount.Currency()),
	}
}

// atMost refuses an amount beyond what is left, in minor units.
func atMost(code payment.Code, left int64, what string, amount payment.Amount) error {
	if amount.Minor() <= left {
		return nil
	}
	return &payment.Error{
		Code: code, Field: "amount",
		Message: fmt.Sprintf("must be at most %s, which is %s, got %s", amount.WithMinor(left), what, amount),
	}
}

// Capture takes what a pre-authorization reserved. What PayPorter refuses is an *payment.Error with the code of it:
// NotCapturable, WasCaptured, OtherCurrency, ExceedsReserved or PartialCapture.
func (p POS) Capture(r Related, amount payment.Amount) (Movement, error) {
	reserved := r.Payment
	switch {
	case reserved.Type != payment.PreAuth:
		return Movement{}, refused(payment.NotCapturable, reserved, "is a %s; only a pre-authorization can be captured",
			reserved.Type)
	case reserved.Status == payment.Captured:
		return Movement{}, refused(payment.WasCaptured, reserved, "has been captured; it is captured once")
	case reserved.Status != payment.Success:
		return Movement{}, refused(payment.NotCapturable, reserved, "has the status %s; only SUCCESS can be captured",
			reserved.Status)
	}
	if err := otherCurrency(reserved, amount); err != nil {
		return Movement{}, err
	}
	if err := atMost(payment.ExceedsReserved, reserved.Amount.Minor(), "what was reserved", amount); err != nil {
		return Movement{}, err
	}
	if amount.Minor() < reserved.Amount.Minor() && p.Rules.WholeCapture {
		return Movement{}, &payment.Error{
			Code: payment.PartialCapture, Field: "amount",
			Message: fmt.Sprintf("must be %s, which is what was reserved, got %s", reserved.Amount, amount),
		}
	}

	captured := p.child(r, payment.Capture, amount, len(r.Captures))
	if card, ok := payment.FindTestCard(payment.TestCardMasked(reserved.PAN)); ok {
		captured.Commission = p.commission(amount, card, max(1, reserved.InstallmentCount))
	}
	m := Movement{Payment: captured, Note: "captured"}
	if captured.Status == payment.Success {
		reserved.Status = payment.Captured
		m.Changed = []payment.Payment{reserved}
	}
	return m, nil
}

// CancelPayment takes a payment back on the day on which it was made; an open pre-authorization, on any day. What
// PayPorter refuses is an *payment.Error with the code of it: NotCancellable, WasCancelled, WasRefunded or NotSameDay.
func (p POS) CancelPayment(r Related) (Movement, error) {
	paid := r.Payment
	switch {
	case paid.Type != payment.Sale && paid.Type != payment.PreAuth && paid.Type != payment.Capture:
		return Movement{}, refused(payment.NotCancellable, paid, "is a %s, which cannot be cancelled", paid.Type)
	case r.Cancelled():
		return Movement{}, refused(payment.WasCancelled, paid, "has been cancelled")
	case paid.Status != payment.Success:
		return Movement{}, refused(payment.NotCancellable, paid, "has the status %s; only SUCCESS can be cancelled",
			paid.Status)
	case r.Refunded() > 0:
		return Movement{}, refused(payment.WasRefunded, paid, "has a refund; ask for a refund of the rest")
	case paid.Type != payment.PreAuth && !p.sameDay(paid.Date, r.Now):
		return Movement{}, refused(payment.NotSameDay, paid, "was made on an earlier day; ask for a refund")
	}

	m := Movement{Payment: p.child(r, payment.CancelType, paid.Amount, len(r.Cancels)), Note: "cancelled by the merchant"}
	if paid.Type == payment.PreAuth && m.Payment.Status == payment.Success {
		paid.Status = payment.Cancelled
		m.Changed = []payment.Payment{paid}
	}
	return m, nil
}

// sameDay reports whether two times are on one day of the zone in which PayPorter counts days.
func (p POS) sameDay(a, b time.Time) bool {
	zone := p.Rules.DayZone
	if zone == nil {
		zone = time.UTC
	}
	return a.In(zone).Format(time.DateOnly) == b.In(zone).Format(time.DateOnly)
}
