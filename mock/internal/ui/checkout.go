package ui

import (
	"context"
	"html/template"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// dossier is the page of one checkout.
type dossier struct {
	payment.Checkout
	Why       why
	Wrong     []wrong       // what went wrong, the latest first
	Diagram   template.HTML // made by internal/sequence, which escapes
	Entries   []shown
	Forgotten bool // the journal's ring has dropped entries, perhaps some of these
	Callbacks []delivered
	Coming    []planned
	Forms     []form
}

// why says how the checkout got its scenario.
type why struct {
	gateway.Explained
	How string
}

func (d *dashboard) checkoutPage(ctx context.Context, x *exchange) (answer, error) {
	life, err := d.lifeOf(ctx, x)
	if err != nil {
		return answer{}, err
	}

	var explained gateway.Explained
	if !d.ReadOnly {
		if explained, err = x.merchant.Explain(ctx, life.checkout.ID); err != nil {
			return answer{}, err
		}
	}

	overview := gateway.Overview{Checkout: life.checkout, Scenario: explained.Scenario, Deliveries: life.deliveries}
	wrongs, err := d.wrongsOf(ctx, x.merchant, overview)
	if err != nil {
		return answer{}, err
	}

	diagram, err := drawn(life.diagram())
	if err != nil {
		return answer{}, err
	}
	page := dossier{
		Checkout: life.checkout, Why: why{explained, chosen(explained.Choice)},
		Diagram: diagram,
		Entries: d.allShown(x, life.entries), Forgotten: life.forgotten, Coming: life.coming, Callbacks: d.deliveries(x, life),
		Wrong: wrongs,
	}

	for _, name := range d.driving("pay", "outcome", "abandon", "expire", "forge") {
		f, _ := d.formFor(x, name, map[string][]string{"checkoutId": {life.checkout.ID}})
		page.Forms = append(page.Forms, d.ready(x, f))
	}

	return x.page("checkout", "Order "+payment.MaskSecrets(life.checkout.OrderID), page), nil
}

// driving are the actions that a page offers.
func (d *dashboard) driving(actions ...string) []string {
	if d.ReadOnly {
		return nil
	}
	return actions
}

func (d *dashboard) lifeOf(ctx context.Context, x *exchange) (life, error) {
	m := x.merchant
	c, err := m.Checkout(ctx, x.id())
	if err != nil {
		return life{}, &payment.Error{Code: payment.NotFound, Message: "This merchant has no such checkout. It may belong " +
			"to another one, or have been forgotten by a reset."}
	}

	l := life{
		title: "Checkout of order " + payment.MaskSecrets(c.OrderID), checkout: c,
		names:   map[string]string{c.ID: "{checkoutId}"},
		amounts: map[string]string{c.ID: c.Amount.String() + " " + c.Amount.Currency()},
	}
	if l.entries, err = entriesOf(ctx, m.Journal(), store.EntryQuery{CheckoutID: c.ID}, nil); err != nil {
		return l, err
	}
	if l.forgotten, err = m.Journal().Forgotten(ctx); err != nil {
		return l, err
	}

	l.forgotten = l.forgotten && !slices.ContainsFunc(l.entries,
		func(e store.Entry) bool { return e.Kind == store.EntryCreate })
	sent, err := m.Deliveries(ctx, store.DeliveryQuery{Kind: store.KindCallback, CheckoutID: c.ID})
	if err != nil {
		return l, err
	}
	slices.Reverse(sent)
	l.tell(m, sent)

	tasks, err := m.Scheduled(ctx, c.ID)
	for _, t := range tasks {
		if t.Kind != store.Expire || !c.State.Final() {
			l.coming = append(l.coming, planned{t.Due, coming(t.Kind)})
		}
	}

	return l, err
}
