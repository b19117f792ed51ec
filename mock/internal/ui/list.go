package ui

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// pageSize is how many rows a page has.
const pageSize = 50

// listing is the page of checkouts.
type listing struct {
	Filter   filter
	Rows     []row
	Before   string   // the id that the next page begins behind; empty: there is none
	Statuses []option // to choose from
	Names    []string // of scenarios
	States   []option // of callbacks
	Others   []string // some of the other merchants that have checkouts
	First    firstSteps
	Refused  string // why a filter is not taken; empty: all are
}

// filter is what a list is narrowed to.
type filter struct{ Search, Status, Scenario, Callback, Before string }

// Narrows reports whether anything is left out.
func (f filter) Narrows() bool { return f.Search+f.Status+f.Scenario+f.Callback != "" }

// row is a checkout in the list.
type row struct {
	payment.Checkout
	Scenario string
	Told     told
	Wrong    []wrong // what went wrong, the latest first
}

func (d *dashboard) listPage(ctx context.Context, x *exchange) (answer, error) {
	q := x.query
	f := filter{
		Search: strings.TrimSpace(q.Get("search")), Status: q.Get("status"), Scenario: q.Get("scenario"),
		Callback: q.Get("callback"), Before: strings.ToLower(q.Get("before")),
	}
	page := listing{Filter: f, States: callbackStates(), Statuses: paymentStatuses(), Names: []string{}}
	for _, o := range scenarioNames(x) {
		page.Names = append(page.Names, o.Value)
	}
	page.Refused = cmp.Or(refusal("listCheckouts", url.Values{"status": {f.Status}}), f.refusedCallback())
	if page.Refused != "" {
		return x.refused("list", "Checkouts", page), nil
	}

	found, err := x.merchant.Overviews(ctx, f.query())
	if err != nil {
		return answer{}, err
	}
	for _, o := range found[:min(len(found), pageSize)] {
		wrongs, err := d.wrongsOf(ctx, x.merchant, o)
		if err != nil {
			return answer{}, err
		}
		page.Rows = append(page.Rows, row{o.Checkout, o.Scenario, toldOf(o.Deliveries), wrongs})
	}

	if len(found) > pageSize {
		page.Before = page.Rows[pageSize-1].ID
	}

	page.First = d.firstSteps(x)
	page.Others, err = d.others(ctx, x.merchant)
	return x.page("list", "Checkouts", page), err
}

// refusedCallback says why the state of the callbacks is not taken; empty: it is. The control API has no such filter.
func (f filter) refusedCallback() string {
	known := []string{}
	for _, o := range callbackStates() {
		known = append(known, o.Value)
	}
	if f.Callback == "" || slices.Contains(known, f.Callback) {
		return ""
	}
	return fmt.Sprintf("callback: must be one of %s, got %q", strings.Join(known, ", "), f.Callback)
}

// paymentStatuses are those to choose from.
func paymentStatuses() (all []option) {
	for _, s := range payment.Statuses() {
		all = append(all, option{Value: string(s), Label: string(s)})
	}
	return all
}

// query asks for one row more than is shown, to know whether there are more.
func (f filter) query() gateway.OverviewQuery {
	q := gateway.OverviewQuery{
		CheckoutQuery: store.CheckoutQuery{
			Search: f.Search, Status: payment.Status(f.Status), Before: f.Before,
			Limit: pageSize + 1,
		},
		Scenario: f.Scenario,
	}
	if f.Callback != "" {
		q.Fits = func(all []store.Delivery) bool { return toldOf(all).State == f.Callback }
	}
	return q
}

// told is how far the callbacks of a checkout have come.
type told struct {
	State string // one of callbackStates
	Words string
	At    *time.Time // what the words end with; nil: nothing
}

func callbackStates() []option {
	return []option{
		{"none", "none"},
		{"pending", "pending"},
		{"failed", "failed, tried again"},
		{"exhausted", "given up"},
		{"delivered", "delivered"},
	}
}

// toldOf sums up the deliveries of a checkout by the one that most needs to be looked at.
func toldOf(all []store.Delivery) told {
	of := func(s store.DeliveryStatus) int {
		return slices.IndexFunc(all, func(d store.Delivery) bool { return d.Status == s })
	}
	if i := of(store.Failed); i >= 0 {
		words := wording.Plural(failures(all[i]), "try") + " failed"
		return told{State: "failed", Words: words}.until(", next", all[i].NextAttemptAt)
	}

	if i := of(store.Exhausted); i >= 0 {
		return told{State: "exhausted", Words: "given up after " + wording.Plural(len(all[i].Attempts), "try")}
	}

	if i := of(store.Pending); i >= 0 {
		return told{State: "pending", Words: "pending"}.until(", due", all[i].NextAttemptAt)
	}

	switch len(all) {
	case 0:
		return told{State: "none", Words: "none"}
	case 1:
		return told{State: "delivered", Words: "delivered"}
	}

	return told{State: "delivered", Words: strconv.Itoa(len(all)) + " delivered"}
}

// until adds when it goes on, if that is known.
func (t told) until(words string, at *time.Time) told {
	if at != nil {
		t.Words, t.At = t.Words+words, at
	}
	return t
}

func failures(d store.Delivery) int {
	n := 0
	for _, a := range d.Attempts {
		if !a.OK() {
			n++
		}
	}
	return n
}
