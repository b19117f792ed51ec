package control

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// SessionFormat is the version of the form of session files.
const SessionFormat = 1

// session is all that a merchant has done and that was done to it, masked, in one file.
type session struct {
	Format     int              `json:"payporterMockSession"`
	Version    string           `json:"version"` // of the sandbox
	Merchant   string           `json:"merchant"`
	Clock      clockView        `json:"clock"`
	Scenarios  string           `json:"scenarios"` // a scenario file; empty: none were in force
	Checkouts  []checkout       `json:"checkouts"`
	Payments   []paymentView    `json:"payments"`
	Deliveries []store.Delivery `json:"deliveries"`
	Journal    []store.Entry    `json:"journal"`
}

func (k *control) getSession(ctx context.Context, x *call) (any, error) {
	s := session{
		Format: SessionFormat, Version: k.Version, Merchant: payment.MaskSecrets(x.merchant.Key),
		Checkouts: []checkout{}, Payments: []paymentView{},
	}
	clock, err := k.readClock(ctx, x)
	if err != nil {
		return nil, err
	}
	s.Clock = clock.(clockView)

	set, _, err := x.merchant.Scenarios(ctx)
	if err != nil {
		return nil, err
	}
	s.Scenarios = payment.MaskSecrets(string(set.YAML()))
	err = x.remember(ctx, &s)
	return s, err
}

// remember puts what is in the merchant's books into the session, the oldest first.
func (x *call) remember(ctx context.Context, s *session) error {
	checkouts, err := x.merchant.Checkouts(ctx, store.CheckoutQuery{})
	if err != nil {
		return err
	}
	for i := range checkouts {
		v, err := x.view(ctx, checkouts[len(checkouts)-1-i])
		if err != nil {
			return err
		}
		s.Checkouts = append(s.Checkouts, v)
	}

	payments, err := x.merchant.Payments(ctx, store.PaymentQuery{})
	if err != nil {
		return err
	}
	for i := range payments {
		v, err := x.payment(ctx, payments[len(payments)-1-i].ID)
		if err != nil {
			return err
		}
		s.Payments = append(s.Payments, v)
	}

	deliveries, err := x.merchant.Deliveries(ctx, store.DeliveryQuery{})
	if err != nil {
		return err
	}
	s.Deliveries = masked(deliveries)
	s.Journal, err = x.merchant.Journal().Oldest(ctx, store.EntryQuery{}, 0)
	return err
}
