package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

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
	found, err := x.merchant.Overviews(ctx, f.query())
	if err != nil {
		return answer{}, err
	}
	page := listing{Filter: f, States: callbackStates(), Names: []string{}}
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

	for _, s := range payment.Statuses() {
		page.Statuses = append(page.Statuses, option{string(s), string(s)})
	}

	for _, o := range scenarioNames(x) {
		page.Names = append(page.Names, o.Value)
	}

	page.First = d.firstSteps(x)
	page.Others, err = d.others(ctx, x.merchant)
	return x.page("list", "Checkouts", page), err
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
		if at := all[i].NextAttemptAt; at != nil {
			words += ", next " + timeOnly(*at)[:8]
		}
		return told{"failed", words}
	}

	if i := of(store.Exhausted); i >= 0 {
		return told{"exhausted", "given up after " + wording.Plural(len(all[i].Attempts), "try")}
	}

	if i := of(store.Pending); i >= 0 {
		words := "pending"
		if at := all[i].NextAttemptAt; at != nil {
			words += ", due " + timeOnly(*at)[:8]
		}
		return told{"pending", words}
	}

	switch len(all) {
	case 0:
		return told{"none", "none"}
	case 1:
		return told{"delivered", "delivered"}
	}

	return told{"delivered", strconv.Itoa(len(all)) + " delivered"}
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
