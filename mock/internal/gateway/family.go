package gateway

import (
	"context"
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Family is the payment that took or reserved the money of this one, with everything that followed it. An unknown id is
// an *payment.Error with code NotFound.
func (m *Merchant) Family(ctx context.Context, id string) (payment.Family, error) {
	f, err := view(ctx, m, func(r store.Reader) (payment.Family, error) {
		p, err := r.Payment(id)
		if err != nil {
			return payment.Family{}, err
		}
		return family(r, p)
	})
	return f, m.known(err, "payment")
}

// family reads the payment that took or reserved the money, with everything that followed it.
func family(r store.Reader, p payment.Payment) (f payment.Family, err error) {
	f.Root = p
	for f.Root.ParentID != "" && err == nil { // a refund of a capture of a pre-authorization at most
		f.Root, err = r.Payment(f.Root.ParentID)
	}

	if err != nil {
		return f, err
	}
	children, err := r.Payments(store.PaymentQuery{ParentID: f.Root.ID})
	for _, child := range children {
		f = f.With(child)
	}

	for _, capture := range f.Captures {
		children, fault := r.Payments(store.PaymentQuery{ParentID: capture.ID})
		err = errors.Join(err, fault)
		for _, child := range children {
			f = f.With(child)
		}
	}

	return f, err
}
