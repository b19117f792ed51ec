package ui

import (
	"context"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// record is the page of the journal.
type record struct {
	Kind, Order string // what it is narrowed to
	Kinds       []option
	Entries     []store.Entry // newest first
	Before      string        // the number that the next page begins behind; empty: there is none
	Paged       bool          // this is not the newest page
	Forgotten   bool          // older ones have been dropped
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
	page := record{
		Kind: x.query.Get("kind"), Order: strings.TrimSpace(x.query.Get("order")), Kinds: kinds(),
		Paged: before > 0,
	}
	j := x.merchant.Journal()
	found, more, err := j.Page(ctx, store.EntryQuery{Kind: store.EntryKind(page.Kind), OrderID: page.Order}, before,
		pageSize)
	if err != nil {
		return answer{}, err
	}

	page.Entries = found
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
