package journal

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// NotSeen says what happened instead of what was waited for.
type NotSeen struct {
	message string
	Matched int           // how many entries fitted
	Wanted  int           // how many were waited for
	Seen    []store.Entry // the latest about the same order or checkout, whatever their kind
}

func (n *NotSeen) Error() string { return n.message }

// Unwrap is what callers outside this module can match: a *payment.Error with code TimedOut.
func (n *NotSeen) Unwrap() error { return &payment.Error{Code: payment.TimedOut, Message: n.message} }

// Waited is a wait that has ended without what it was for.
type Waited struct {
	Merchant  string // whose journal it was, as it is shown
	Query     store.EntryQuery
	Count     int    // how many entries were wanted
	For       string // how long it was
	Elsewhere string // who has what was waited for, with "; " before it; empty: nobody is known
}

// NotSeen is the error of whoever waited for entries, of which these came.
func (j *Journal) NotSeen(ctx context.Context, w Waited, matched []store.Entry) error {
	q := w.Query
	wide := store.EntryQuery{CheckoutID: q.CheckoutID, OrderID: q.OrderID, After: q.After}
	seen, err := j.Newest(ctx, wide, 20)
	if err != nil {
		return err
	}
	return &NotSeen{
		message: fmt.Sprintf("waited %s for %s of %s%s, saw %d; %s%s", w.For, wording.Plural(w.Count, "entry"), w.Merchant,
			narrowed(q), len(matched), summary(seen), w.Elsewhere),
		Matched: len(matched), Wanted: w.Count, Seen: seen,
	}
}

// narrowed says by what a filter narrows the journal; empty: by nothing.
func narrowed(f store.EntryQuery) string {
	var by []string
	for _, p := range [][2]string{
		{"kind", string(f.Kind)},
		{"status", f.Status},
		{"orderId", f.OrderID},
		{"checkoutId", f.CheckoutID},
		{"search", payment.MaskSecrets(f.Search)},
		{"since", timeOf(f.Since)},
		{"until", timeOf(f.Until)},
	} {
		if p[1] != "" {
			by = append(by, p[0]+"="+p[1])
		}
	}

	if len(by) == 0 {
		return ""
	}
	return " with " + strings.Join(by, " ")
}

// timeOf is a time as the control API takes it; empty: none.
func timeOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// summary tells in a line what did happen.
func summary(seen []store.Entry) string {
	if len(seen) == 0 {
		return "nothing else happened"
	}

	var all []string
	for _, e := range seen[max(0, len(seen)-5):] {
		one := string(e.Kind)
		if e.Status != "" {
			one += " " + e.Status
		}
		if e.Error != "" {
			one += " (" + e.Error + ")"
		}
		all = append(all, one)
	}

	return "the latest was: " + strings.Join(all, ", ")
}
