package ui

import (
	"bytes"
	"cmp"
	"context"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// dossier is the page of one checkout.
type dossier struct {
	payment.Checkout
	Why       why
	Diagram   template.HTML // made by internal/sequence, which escapes
	Entries   []store.Entry
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

// delivered is a callback with its further attempts and the form that sends it again.
type delivered struct {
	store.Delivery
	Next []time.Time
	Form form
}

// planned is something that happens by itself.
type planned struct {
	At    time.Time
	Words string
}

// outlook is how many attempts of a delivery are shown ahead.
const outlook = 9

func (d *dashboard) checkoutPage(ctx context.Context, x *exchange) (answer, error) {
	life, err := d.lifeOf(ctx, x)
	if err != nil {
		return answer{}, err
	}

	explained, err := x.merchant.Explain(ctx, life.checkout.ID)
	if err != nil {
		return answer{}, err
	}

	var svg bytes.Buffer
	if err := life.diagram().WriteSVG(&svg); err != nil {
		return answer{}, err
	}
	page := dossier{
		Checkout: life.checkout, Why: why{explained, chosen(explained.Choice)}, Diagram: template.HTML(svg.String()),
		Entries: life.entries, Forgotten: life.forgotten, Coming: life.coming,
	}
	for _, one := range life.deliveries {
		page.Callbacks = append(page.Callbacks, delivered{one, life.next[one.ID], d.ready(x, redeliverForm(one.ID))})
	}

	for _, name := range []string{"pay", "outcome", "abandon", "expire", "forge"} {
		f, _ := d.formFor(x, name, map[string][]string{"checkoutId": {life.checkout.ID}})
		page.Forms = append(page.Forms, d.ready(x, f))
	}

	return x.page("checkout", "Order "+payment.MaskSecrets(life.checkout.OrderID), page), nil
}

// life is all that happened to a checkout, and what will.
type life struct {
	checkout   payment.Checkout
	entries    []store.Entry // oldest first
	forgotten  bool
	deliveries []store.Delivery       // oldest first
	next       map[string][]time.Time // attempts to come, by delivery
	coming     []planned              // in their order
}

func (d *dashboard) lifeOf(ctx context.Context, x *exchange) (life, error) {
	m := x.merchant
	c, err := m.Checkout(ctx, x.id())
	if err != nil {
		return life{}, &payment.Error{Code: payment.NotFound, Message: "This merchant has no such checkout. It may belong " +
			"to another one, or have been forgotten by a reset."}
	}

	l := life{
		checkout: c, next: map[string][]time.Time{},
	}
	if l.entries, err = entriesOf(ctx, m.Journal(), c.ID); err != nil {
		return l, err
	}
	if l.forgotten, err = m.Journal().Forgotten(ctx); err != nil {
		return l, err
	}

	l.forgotten = l.forgotten && !slices.ContainsFunc(l.entries,
		func(e store.Entry) bool { return e.Kind == store.EntryCreate })
	if l.deliveries, err = m.Deliveries(ctx, store.DeliveryQuery{Kind: store.KindCallback, CheckoutID: c.ID}); err != nil {
		return l, err
	}

	slices.Reverse(l.deliveries)
	for _, one := range l.deliveries {
		l.next[one.ID] = m.Queue().Outlook(one, outlook)
	}

	tasks, err := m.Scheduled(ctx, c.ID)
	for _, t := range tasks {
		if t.Kind != store.Expire || !c.State.Final() {
			l.coming = append(l.coming, planned{t.Due, coming(t.Kind)})
		}
	}

	return l, err
}

// entriesOf lists what is about a checkout, and the moves of the clock that made some of it happen.
func entriesOf(ctx context.Context, j *journal.Journal, checkoutID string) ([]store.Entry, error) {
	all, err := j.Newest(ctx, store.EntryQuery{CheckoutID: checkoutID}, 0)
	causes := map[store.Moment]bool{}
	for _, e := range all {
		causes[e.Cause] = true
	}
	for _, e := range all {
		delete(causes, e.StartSeq)
	}

	delete(causes, 0)
	if len(causes) == 0 {
		return all, err
	}

	moves, err := j.Newest(ctx, store.EntryQuery{Kind: store.EntryControl}, 0)
	for _, e := range moves {
		if causes[e.StartSeq] {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b store.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return all, err
}

// sequenceSVG is the diagram as a file that needs nothing else.
func (d *dashboard) sequenceSVG(ctx context.Context, x *exchange) (answer, error) {
	l, err := d.lifeOf(ctx, x)
	if err != nil {
		return answer{}, err
	}
	var svg bytes.Buffer
	if err := l.unlinked().WriteFile(&svg); err != nil {
		return answer{}, err
	}
	return answer{body: svg.Bytes(), mime: "image/svg+xml", file: "checkout-" + l.checkout.ID + ".svg"}, nil
}

// sequenceText is the diagram as Mermaid text, for a bug report.
func (d *dashboard) sequenceText(ctx context.Context, x *exchange) (answer, error) {
	l, err := d.lifeOf(ctx, x)
	if err != nil {
		return answer{}, err
	}
	text := strings.TrimRight(l.unlinked().Mermaid(), "\n") + "\n"
	return answer{body: []byte(text), mime: "text/plain; charset=utf-8", file: "checkout-" + l.checkout.ID + ".mmd"}, nil
}
