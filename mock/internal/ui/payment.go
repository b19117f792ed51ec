package ui

import (
	"context"
	"html/template"
	"maps"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// story is the page of a payment with everything that followed it.
type story struct {
	payment.Family
	Members   []member
	Diagram   template.HTML // made by internal/sequence, which escapes
	Entries   []shown
	Forgotten bool // the journal's ring has dropped entries, perhaps some of these
	Callbacks []delivered
	Coming    []planned
	Forms     []form
}

// member is a payment of the family, with what can be decided about it.
type member struct {
	payment.Payment
	Asked bool // the page's address names this one
	Forms []form
}

// In is an amount in minor units of the family's currency as people write it.
func (s story) In(minor int64) string {
	return s.Root.Amount.WithMinor(minor).String() + " " + s.Root.Amount.Currency()
}

func (d *dashboard) paymentPage(ctx context.Context, x *exchange) (answer, error) {
	family, err := x.merchant.Family(ctx, x.id())
	if err != nil {
		return answer{}, unknownPayment()
	}
	life, err := familyLife(ctx, x.merchant, family)
	if err != nil {
		return answer{}, err
	}
	diagram, err := drawn(life.diagram())
	if err != nil {
		return answer{}, err
	}

	page := story{
		Family: family, Diagram: diagram, Entries: d.allShown(x, life.entries),
		Forgotten: life.forgotten,
		Coming:    life.coming, Callbacks: d.deliveries(x, life),
	}
	for _, p := range family.Members() {
		m := member{Payment: p, Asked: p.ID == x.id()}
		if p.Type == payment.Refund && p.Status == payment.PendingApproval {
			m.Forms = []form{d.ready(x, decideForm("approve", p.ID)), d.ready(x, decideForm("reject", p.ID))}
		}
		page.Members = append(page.Members, m)
	}
	for _, f := range []form{resultForm(x.id()), forgeWebhookForm(x.id())} {
		page.Forms = append(page.Forms, d.ready(x, f))
	}
	return x.page("payment", "Payment of "+payment.MaskSecrets(family.Root.OrderID), page), nil
}

func unknownPayment() error {
	return &payment.Error{Code: payment.NotFound, Message: "This merchant has no such payment. It may belong to another " +
		"one, or have been forgotten by a reset."}
}

// paymentLife is the life of the payment that the page is about, with everything that followed it.
func (d *dashboard) paymentLife(ctx context.Context, x *exchange) (life, error) {
	family, err := x.merchant.Family(ctx, x.id())
	if err != nil {
		return life{}, unknownPayment()
	}
	return familyLife(ctx, x.merchant, family)
}

// familyLife is all that happened to a payment and what followed it. Where a checkout was paid, it is the checkout's, too.
func familyLife(ctx context.Context, m *gateway.Merchant, f payment.Family) (life, error) {
	l := life{
		title: "Payment of order " + payment.MaskSecrets(f.Root.OrderID),
		names: map[string]string{}, amounts: map[string]string{},
	}
	for _, p := range f.Members() {
		l.names[p.ID], l.amounts[p.ID] = "{paymentId}", p.Amount.String()+" "+p.Amount.Currency()
	}
	var err error
	if id := f.Root.CheckoutID; id != "" {
		if l.checkout, err = m.Checkout(ctx, id); err != nil {
			return l, err
		}
		l.names[id], l.amounts[id] = "{checkoutId}", l.checkout.Amount.String()+" "+l.checkout.Amount.Currency()
	}

	if err = l.remember(ctx, m, f); err != nil {
		return l, err
	}
	return l, l.plan(ctx, m, f)
}

// remember reads what the journal has of the family.
func (l *life) remember(ctx context.Context, m *gateway.Merchant, f payment.Family) (err error) {
	of := func(e store.Entry) bool { return l.names[e.PaymentID] != "" || l.names[e.CheckoutID] != "" }
	l.entries, err = entriesOf(ctx, m.Journal(), store.EntryQuery{OrderID: f.Root.OrderID}, of)
	if err != nil {
		return err
	}
	l.forgotten, err = m.Journal().Forgotten(ctx)
	l.forgotten = l.forgotten && !slices.ContainsFunc(l.entries, func(e store.Entry) bool { return begins(e.Kind) })
	return err
}

// begins reports whether an entry is the beginning of a family.
func begins(k store.EntryKind) bool {
	switch k {
	case store.EntryCreate, store.EntrySale, store.EntryPreAuthorization, store.EntryThreeDSecure:
		return true
	}
	return false
}

// plan reads what was sent about the family, and what is still to come.
func (l *life) plan(ctx context.Context, m *gateway.Merchant, f payment.Family) error {
	var sent []store.Delivery
	for _, p := range f.Members() {
		webhooks, err := m.Deliveries(ctx, store.DeliveryQuery{Kind: store.KindWebhook, PaymentID: p.ID})
		if err != nil {
			return err
		}
		slices.Reverse(webhooks)
		sent = append(sent, webhooks...)
	}
	if id := f.Root.CheckoutID; id != "" {
		callbacks, err := m.Deliveries(ctx, store.DeliveryQuery{Kind: store.KindCallback, CheckoutID: id})
		if err != nil {
			return err
		}
		slices.Reverse(callbacks)
		sent = append(sent, callbacks...)
	}
	l.tell(m, sent)

	for _, id := range slices.Sorted(maps.Keys(l.names)) {
		tasks, err := m.Scheduled(ctx, id)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if t.Kind != store.Expire || !l.checkout.State.Final() {
				l.coming = append(l.coming, planned{t.Due, coming(t.Kind)})
			}
		}
	}
	return nil
}
