package payment

import "slices"

// Family is a payment that took or reserved money, with everything that captures, cancels or gives it back. What can
// still be done follows from it alone.
type Family struct {
	Root     Payment   // the SALE or the PRE_AUTH
	Captures []Payment // of Root
	Cancels  []Payment // of Root or of a capture
	Refunds  []Payment // of Root or of a capture
}

// Members are the root and everything that followed it, the root first.
func (f Family) Members() []Payment {
	return slices.Concat([]Payment{f.Root}, f.Captures, f.Cancels, f.Refunds)
}

// Paid is how much money has been taken, in minor units, whatever was given back.
func (f Family) Paid() int64 {
	if f.Root.Type != PreAuth {
		if f.Root.Status == Success || f.Root.Status == Captured {
			return f.Root.Amount.Minor()
		}
		return 0
	}
	return sum(f.Captures, Success)
}

// Refunded is how much has been given back or is to be, in minor units: a refund that waits for approval counts.
func (f Family) Refunded() int64 { return sum(f.Refunds, Success, PendingApproval) }

// Refundable is how much can still be given back, in minor units: nothing once it was cancelled.
func (f Family) Refundable() int64 {
	if f.Cancelled() {
		return 0
	}
	return f.Paid() - f.Refunded()
}

// Cancelled reports whether the payment was taken back.
func (f Family) Cancelled() bool { return sum(f.Cancels, Success) > 0 }

// sum adds up the payments with one of the statuses.
func sum(all []Payment, counted ...Status) (minor int64) {
	for _, p := range all {
		for _, s := range counted {
			if p.Status == s {
				minor += p.Amount.Minor()
			}
		}
	}
	return minor
}

// With is the family with another member, which says by its type where it belongs.
func (f Family) With(p Payment) Family {
	switch p.Type {
	case Capture:
		f.Captures = append(f.Captures[:len(f.Captures):len(f.Captures)], p)
	case CancelType:
		f.Cancels = append(f.Cancels[:len(f.Cancels):len(f.Cancels)], p)
	case Refund:
		f.Refunds = append(f.Refunds[:len(f.Refunds):len(f.Refunds)], p)
	}
	return f
}
