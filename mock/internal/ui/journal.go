package ui

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// record is the page of the journal.
type record struct {
	Filter    url.Values // what it is narrowed to, by the names in the address; nothing is empty in it
	Kinds     []option
	Statuses  []string // some to choose from
	Entries   []shown  // newest first
	Before    string   // the number that the next page begins behind; empty: there is none
	Paged     bool     // this is not the newest page
	Forgotten bool     // older ones have been dropped
	Refused   string   // why a filter is not taken; empty: all are
}

func kinds() []option {
	return []option{
		{string(store.EntryCreate), "creates"},
		{string(store.EntrySale), "payments by API"},
		{string(store.EntryThreeDSecure), "3-D Secure"},
		{string(store.EntryPreAuthorization), "pre-authorizations"},
		{string(store.EntryCapture), "captures"},
		{string(store.EntryCancel), "cancellations"},
		{string(store.EntryRefund), "refunds"},
		{string(store.EntryInstallments), "instalment options"},
		{string(store.EntryStatus), "status requests"},
		{string(store.EntryRequest), "unmatched requests"},
		{string(store.EntryPage), "hosted page"},
		{string(store.EntryBank), "bank's page"},
		{string(store.EntryPayment), "results"},
		{string(store.EntryCallback), "callbacks"},
		{string(store.EntryWebhook), "webhooks"},
		{string(store.EntryForge), "forged callbacks"},
		{string(store.EntryControl), "control"},
	}
}

func (d *dashboard) journalPage(ctx context.Context, x *exchange) (answer, error) {
	before, _ := strconv.ParseUint(x.query.Get("before"), 10, 64)
	page := record{Filter: filterOf(x.query), Kinds: kinds(), Statuses: statuses(), Paged: before > 0}
	q := page.query()
	if page.Refused = refusal("readJournal", page.asked(q)); page.Refused != "" {
		return x.refused("journal", "Journal", page), nil
	}

	j := x.merchant.Journal()
	found, more, err := j.Page(ctx, q, before, pageSize)
	if err != nil {
		return answer{}, err
	}

	page.Entries = d.allShown(x, found)
	if !more {
		if page.Forgotten, err = j.Forgotten(ctx); err != nil {
			return answer{}, err
		}
	}
	if more {
		page.Before = strconv.FormatUint(found[len(found)-1].Seq, 10)
	}

	return x.page("journal", "Journal", page), nil
}

// filterOf are the filters of the journal in an address.
func filterOf(query url.Values) url.Values {
	filter := url.Values{}
	for _, name := range []string{"search", "kind", "status", "order", "since", "until"} {
		if value := strings.TrimSpace(query.Get(name)); value != "" {
			filter.Set(name, value)
		}
	}
	return filter
}

// query is what the filters ask of the journal. A time that is none is left out: asked has it as it is.
func (r record) query() store.EntryQuery {
	return store.EntryQuery{
		Search: r.Filter.Get("search"), Kind: store.EntryKind(r.Filter.Get("kind")), Status: r.Filter.Get("status"),
		OrderID: r.Filter.Get("order"), Since: timeIn(r.Filter.Get("since")), Until: timeIn(r.Filter.Get("until")),
	}
}

// asked are the filters as the control API takes them.
func (r record) asked(q store.EntryQuery) url.Values {
	asked := url.Values{}
	for _, name := range []string{"kind", "status", "since", "until"} {
		if value := r.Filter.Get(name); value != "" {
			asked.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"since": q.Since, "until": q.Until} {
		if !at.IsZero() {
			asked.Set(name, at.Format(time.RFC3339))
		}
	}
	return asked
}

// timeIn reads a time in UTC as a browser's field writes it; zero: it is none.
func timeIn(value string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339, "2006-01-02"} {
		if at, err := time.Parse(layout, value); err == nil {
			return at
		}
	}
	return time.Time{}
}

// statuses are what entries can be narrowed to beside every other HTTP status.
func statuses() []string {
	all := []string{"200", "400", "401", "404", "409", "429", "500", "503"}
	for _, s := range payment.Statuses() {
		all = append(all, string(s))
	}
	return append(all, string(store.Delivered), string(store.Exhausted))
}
