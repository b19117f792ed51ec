package ui

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// life is all that happened to a checkout or to a payment and what followed it, and what will.
type life struct {
	title      string
	checkout   payment.Checkout  // zero: it is about payments
	names      map[string]string // what ids in paths are shown as
	amounts    map[string]string // of checkouts and payments, by id, with the currency
	entries    []store.Entry     // oldest first
	orders     bool              // the entries are of several orders, so each names its own
	forgotten  bool
	deliveries []store.Delivery       // oldest first
	next       map[string][]time.Time // attempts to come, by delivery
	coming     []planned              // in their order
}

// planned is something that happens by itself.
type planned struct {
	At    time.Time
	Words string
}

// delivered is a callback or a webhook with its further attempts and the form that sends it again.
type delivered struct {
	store.Delivery
	Next []time.Time
	Form form
}

// outlook is how many attempts of a delivery are shown ahead.
const outlook = 9

// tell gives the life its deliveries.
func (l *life) tell(m *gateway.Merchant, sent []store.Delivery) {
	l.deliveries, l.next = slices.Clone(sent), map[string][]time.Time{}
	slices.SortStableFunc(l.deliveries, func(a, b store.Delivery) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for _, one := range l.deliveries {
		l.next[one.ID] = m.Queue().Outlook(one, outlook)
	}
}

// deliveries are those of a life as its page shows them.
func (d *dashboard) deliveries(x *exchange, l life) (all []delivered) {
	for _, one := range l.deliveries {
		all = append(all, delivered{one, l.next[one.ID], d.ready(x, redeliverForm(one.ID))})
	}
	return all
}

// entriesOf lists what the query finds and fits, and the moves of the clock that made some of it happen.
func entriesOf(
	ctx context.Context, j *journal.Journal, q store.EntryQuery, fits func(store.Entry) bool,
) ([]store.Entry, error) {
	all, err := j.Newest(ctx, q, 0)
	if fits != nil {
		all = slices.DeleteFunc(all, func(e store.Entry) bool { return !fits(e) })
	}
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

// lived finds the life that a page is about.
type lived func(ctx context.Context, x *exchange) (life, error)

// svg is the diagram as a file that needs nothing else.
func (of lived) svg(name string) useCase {
	return func(ctx context.Context, x *exchange) (answer, error) {
		l, err := of(ctx, x)
		if err != nil {
			return answer{}, err
		}
		var svg bytes.Buffer
		if err := l.unlinked().WriteFile(&svg); err != nil {
			return answer{}, err
		}
		return answer{body: svg.Bytes(), mime: "image/svg+xml", file: name + "-" + x.id() + ".svg"}, nil
	}
}

// text is the diagram as Mermaid text, for a bug report.
func (of lived) text(name string) useCase {
	return func(ctx context.Context, x *exchange) (answer, error) {
		l, err := of(ctx, x)
		if err != nil {
			return answer{}, err
		}
		text := strings.TrimRight(l.unlinked().Mermaid(), "\n") + "\n"
		return answer{body: []byte(text), mime: "text/plain; charset=utf-8", file: name + "-" + x.id() + ".mmd"}, nil
	}
}
