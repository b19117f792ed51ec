package ui

import (
	"context"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
)

// record is the page of the journal.
type record struct {
	Kind, Order string // what it is narrowed to
	Kinds       []option
	Entries     []journal.Entry // newest first
	Before      string          // the number that the next page begins behind; empty: there is none
	Paged       bool            // this is not the newest page
	Forgotten   bool            // older ones have been dropped
}

func kinds() []option {
	return []option{
		{string(journal.Create), "creates"},
		{string(journal.Status), "status requests"},
		{string(journal.Request), "requests of nothing"},
		{string(journal.Page), "hosted page"},
		{string(journal.Bank), "bank's page"},
		{string(journal.Payment), "results"},
		{string(journal.Callback), "callbacks"},
		{string(journal.Forge), "forged callbacks"},
		{string(journal.Control), "control"},
	}
}

func (d *dashboard) journalPage(_ context.Context, x *exchange) (answer, error) {
	before, _ := strconv.ParseUint(x.query.Get("before"), 10, 64)
	page := record{Kind: x.query.Get("kind"), Order: strings.TrimSpace(x.query.Get("order")), Kinds: kinds(), Paged: before > 0}
	j := x.merchant.Journal()
	found, more := j.Page(journal.Filter{Kind: journal.Kind(page.Kind), OrderID: page.Order}, before, pageSize)
	page.Entries, page.Forgotten = found, !more && j.Forgotten()
	if more {
		page.Before = strconv.FormatUint(found[len(found)-1].Seq, 10)
	}
	return x.page("journal", "Journal", page), nil
}
