package gateway

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Overview is a checkout with what is known of it beside its own books.
type Overview struct {
	Checkout   payment.Checkout
	Scenario   string // empty: none
	Deliveries []store.Delivery
}

// OverviewQuery narrows a list of overviews. Fits, when it is not nil, looks at the deliveries.
type OverviewQuery struct {
	store.CheckoutQuery
	Scenario string
	Fits     func([]store.Delivery) bool
}

// overviewChunk is how many checkouts are asked for at once while looking for those that fit.
const overviewChunk = 1000

// Overviews lists checkouts, newest first. It asks the store for no more than it needs.
func (m *Merchant) Overviews(ctx context.Context, q OverviewQuery) ([]Overview, error) {
	asks := q.CheckoutQuery
	if q.Scenario != "" || q.Fits != nil {
		asks.Limit = overviewChunk
	}

	found := []Overview{}
	for {
		some, err := m.Checkouts(ctx, asks)
		if err != nil {
			return nil, err
		}
		for _, c := range some {
			o, fits, err := m.overview(ctx, c, q)
			if err != nil {
				return nil, err
			}
			if !fits {
				continue
			}
			if found = append(found, o); len(found) == q.Limit {
				return found, nil
			}
		}
		if asks.Limit == 0 || len(some) < asks.Limit {
			return found, nil
		}
		asks.Before = some[len(some)-1].ID
	}
}

func (m *Merchant) overview(ctx context.Context, c payment.Checkout, q OverviewQuery) (o Overview, fits bool,
	err error,
) {
	o = Overview{Checkout: c}
	if o.Scenario, err = m.ScenarioOf(ctx, c.ID); err != nil {
		return o, false, err
	}
	if q.Scenario != "" && o.Scenario != q.Scenario {
		return o, false, nil
	}
	o.Deliveries, err = m.Deliveries(ctx, store.DeliveryQuery{Kind: store.KindCallback, CheckoutID: c.ID})
	return o, err == nil && (q.Fits == nil || q.Fits(o.Deliveries)), err
}
