package control

import (
	"context"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// callbacks is one page of a list; Next is the `before` of the following one.
type callbacks struct {
	Callbacks []store.Delivery `json:"callbacks"`
	Next      string           `json:"next,omitempty"`
}

func (k *control) listCallbacks(ctx context.Context, x *call) (any, error) {
	limit := x.number("limit", 1000)
	found, err := x.merchant.Deliveries(ctx, store.DeliveryQuery{
		Kind: store.DeliveryKind(x.query.Get("kind")), PaymentID: strings.ToLower(x.query.Get("paymentId")),
		CheckoutID: strings.ToLower(x.query.Get("checkoutId")), OrderID: x.query.Get("orderId"),
		Status: store.DeliveryStatus(x.query.Get("status")),
		Before: strings.ToLower(x.query.Get("before")), Limit: limit,
	})
	if err != nil {
		return nil, err
	}

	page := callbacks{Callbacks: masked(found)}
	if len(found) == limit {
		page.Next = found[len(found)-1].ID
	}
	return page, nil
}

// masked are deliveries as they are shown. What is sent stays as it is.
func masked(all []store.Delivery) []store.Delivery {
	shown := make([]store.Delivery, len(all))
	for i, d := range all {
		shown[i] = d.Masked()
	}
	return shown
}

func (k *control) getCallback(ctx context.Context, x *call) (any, error) {
	d, err := x.merchant.Delivery(ctx, x.id("callbackId"))
	return d.Masked(), err
}

func (k *control) redeliverCallback(ctx context.Context, x *call) (any, error) {
	d, err := x.merchant.Redeliver(ctx, x.id("callbackId"))
	x.subject = d.CheckoutID
	return d.Masked(), err
}

// forgeCallback sends what an attacker would.
func (k *control) forgeCallback(ctx context.Context, x *call) (any, error) {
	carries := x.text("checkoutId")
	if c, err := x.merchant.Checkout(ctx, strings.ToLower(carries)); err == nil {
		x.subject = c.ID
	}
	return x.merchant.ForgeCallback(ctx, x.text("url"), carries, store.Format(x.text("as")))
}
