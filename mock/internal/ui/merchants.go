package ui

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Bounds of what is read of other merchants.
const (
	mostSurveyed = 300 // merchants of which checkouts are read, those that were used last
	mostOthers   = 5   // merchants that the list of another one names
)

// all is the page of the newest checkouts of all merchants.
type all struct {
	Search string // a part of the keys that are shown
	Rows   []owned
	Keys   []string // of merchants without a checkout
	Left   int      // merchants that were not looked at
}

// owned is a checkout in the list of all merchants.
type owned struct {
	row
	Merchant string
	overview gateway.Overview
}

// merchant is the one that a request is about: the one it names, or for a page the one that was used last.
func (d *dashboard) merchant(ctx context.Context, x *exchange) (*gateway.Merchant, error) {
	key := x.query.Get("merchant")
	if key == "" && x.request.Method != http.MethodPost {
		key = d.Gateway.Recent()[0].Key
	}
	key = cmp.Or(key, d.Gateway.APIKey)
	if m, ok, err := d.Gateway.Find(ctx, key); ok || err != nil {
		return m, err
	}

	m, err := d.Gateway.Look(ctx, key) // looking at a merchant makes none
	var unknown *payment.Error
	if errors.As(err, &unknown) && unknown.Code == payment.NotFound {
		return nil, &payment.Error{
			Code: payment.NotFound, Message: "There is no merchant with this API key. A test key is one from its first " +
				"request on.",
		}
	}
	return m, err
}

// chosenMerchant is where the chooser leads with what somebody typed: to the one merchant that is meant, or to all
// whose keys have it in them. Empty: it is a key, or nothing like one.
func (d *dashboard) chosenMerchant(typed string) string {
	if _, ok := d.Gateway.Known(typed); ok || typed == "" || strings.HasPrefix(typed, gateway.TestKeyPrefix) {
		return ""
	}

	var like []string
	for _, key := range d.Gateway.Keys() {
		if strings.Contains(strings.ToLower(key), strings.ToLower(typed)) {
			like = append(like, key)
		}
	}
	switch len(like) {
	case 0:
		return ""
	case 1:
		return address(like[0], "")
	}
	return address("", "merchants", "search", typed)
}

func (d *dashboard) merchantsPage(ctx context.Context, x *exchange) (answer, error) {
	page := all{Search: strings.TrimSpace(x.query.Get("search"))}
	surveyed := 0
	for _, m := range d.Gateway.Recent() {
		if !strings.Contains(strings.ToLower(m.Key), strings.ToLower(page.Search)) {
			continue
		}
		if surveyed++; surveyed > mostSurveyed {
			page.Left++
			continue
		}

		rows, err := newestOf(ctx, m)
		if err != nil {
			return answer{}, err
		}
		if page.Rows = append(page.Rows, rows...); len(rows) == 0 {
			page.Keys = append(page.Keys, m.Key)
		}
	}

	slices.SortStableFunc(page.Rows, func(a, b owned) int { return b.CreatedAt.Compare(a.CreatedAt) })
	page.Rows = page.Rows[:min(len(page.Rows), pageSize)]
	for i := range page.Rows {
		if err := d.tellWrong(ctx, &page.Rows[i]); err != nil {
			return answer{}, err
		}
	}
	slices.SortFunc(page.Keys, asPeopleCount)
	return x.page("merchants", "All merchants", page), nil
}

// newestOf are the newest checkouts of a merchant.
func newestOf(ctx context.Context, m *gateway.Merchant) (rows []owned, err error) {
	found, err := m.Overviews(ctx, gateway.OverviewQuery{CheckoutQuery: store.CheckoutQuery{Limit: pageSize}})
	for _, o := range found {
		rows = append(rows, owned{row{Checkout: o.Checkout, Scenario: o.Scenario, Told: toldOf(o.Deliveries)}, m.Key, o})
	}
	return rows, err
}

func (d *dashboard) tellWrong(ctx context.Context, o *owned) (err error) {
	if m, ok := d.Gateway.Known(o.Merchant); ok {
		o.Wrong, err = d.wrongsOf(ctx, m, o.overview)
	}
	return err
}

// others are the merchants besides the one shown that have checkouts, those first that were used last.
func (d *dashboard) others(ctx context.Context, shown *gateway.Merchant) (keys []string, err error) {
	for i, m := range d.Gateway.Recent() {
		if i == mostSurveyed || len(keys) == mostOthers {
			break
		}
		if m.Key == shown.Key {
			continue
		}

		found, err := m.Checkouts(ctx, store.CheckoutQuery{Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			keys = append(keys, m.Key)
		}
	}
	return keys, nil
}
