package control

import (
	"context"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
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

// forgeCallback sends a made-up callback. Without a URL it goes where the checkout's own would.
func (k *control) forgeCallback(ctx context.Context, x *call) (any, error) {
	p := notify.Post{URL: x.text("url"), Carries: x.text("checkoutId"), As: store.Format(x.text("as"))}
	c, err := x.merchant.Checkout(ctx, strings.ToLower(p.Carries))
	x.subject = c.ID
	if p.URL == "" {
		if err != nil {
			return nil, &payment.Error{
				Code: payment.NotFound, Field: "url", Message: "is required, because there is no checkout with this checkoutId",
			}
		}
		p.URL = c.Callback
	}

	onWire, wrong := payment.CallbackOnWire(p.URL)
	if wrong != "" {
		return nil, fault("url", wrong)
	}

	p.URL = onWire
	return x.merchant.Queue().Forge(ctx, p), nil
}
