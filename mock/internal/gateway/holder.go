package gateway

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Holder is the key of the merchant that has the checkout, the payment or the delivery with an id; empty: none has, or
// it cannot be told. It is for who drives the sandbox: no merchant is told of another.
func (g *Gateway) Holder(ctx context.Context, id string) string {
	if key, err := g.Books.OwnerOf(ctx, id); err == nil {
		return key
	}
	return g.first(func(m *Merchant) bool {
		_, err := m.Delivery(ctx, id)
		return err == nil
	})
}

// HolderOfOrder is the key of the first merchant with a checkout or a payment of an order; empty: none has.
func (g *Gateway) HolderOfOrder(ctx context.Context, orderID string) string {
	return g.first(func(m *Merchant) bool {
		checkouts, err := m.Checkouts(ctx, store.CheckoutQuery{OrderID: orderID, Limit: 1})
		if err != nil || len(checkouts) > 0 {
			return err == nil
		}
		payments, err := m.Payments(ctx, store.PaymentQuery{OrderID: orderID, Limit: 1})
		return err == nil && len(payments) > 0
	})
}

// first is the key of the first merchant that has something.
func (g *Gateway) first(has func(*Merchant) bool) string {
	for _, key := range g.Keys() {
		if m, ok := g.Known(key); ok && has(m) {
			return key
		}
	}
	return ""
}
