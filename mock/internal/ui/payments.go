package ui

import (
	"context"
	"net/url"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// payments is the page that lists payments.
type payments struct {
	Order, Type, Status string // what it is narrowed to
	Types, Statuses     []option
	Rows                []payment.Payment // newest first
	Before              string            // the id that the next page begins behind; empty: there is none
	Paged               bool              // this is not the newest page
	Refused             string            // why a filter is not taken; empty: all are
}

// Narrows reports whether anything is left out.
func (p payments) Narrows() bool { return p.Order+p.Type+p.Status != "" }

func (d *dashboard) paymentsPage(ctx context.Context, x *exchange) (answer, error) {
	q := x.query
	page := payments{
		Order: strings.TrimSpace(q.Get("order")), Type: q.Get("type"), Status: q.Get("status"), Paged: q.Get("before") != "",
		Statuses: paymentStatuses(),
	}
	for _, t := range payment.TransactionTypes() {
		page.Types = append(page.Types, option{Value: string(t), Label: string(t)})
	}
	asked := url.Values{"transactionType": {page.Type}, "status": {page.Status}}
	if page.Refused = refusal("listPayments", asked); page.Refused != "" {
		return x.refused("payments", "Payments", page), nil
	}

	found, err := x.merchant.Payments(ctx, store.PaymentQuery{
		OrderID: page.Order, Type: payment.TransactionType(page.Type), Status: payment.Status(page.Status),
		Before: strings.ToLower(q.Get("before")), Limit: pageSize + 1,
	})
	if err != nil {
		return answer{}, err
	}

	page.Rows = found[:min(len(found), pageSize)]
	if len(found) > pageSize {
		page.Before = page.Rows[pageSize-1].ID
	}
	return x.page("payments", "Payments", page), nil
}
