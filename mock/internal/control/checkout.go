package control

import (
	"context"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// checkout is what the sandbox knows of a checkout.
type checkout struct {
	CheckoutID             string           `json:"checkoutId"`
	Merchant               string           `json:"merchant"` // its API key, masked where it looks like a secret
	OrderID                string           `json:"orderId"`
	Amount                 payment.Amount   `json:"amount"`
	Currency               string           `json:"currency"`
	Description            string           `json:"description,omitempty"`
	Callback               string           `json:"callback"`
	CustomerID             string           `json:"customerId,omitempty"`
	MaxInstallmentCount    int              `json:"maxInstallmentCount"`
	InterestPaidByCustomer bool             `json:"interestPaidByCustomer"`
	Scenario               string           `json:"scenario,omitempty"`
	State                  payment.State    `json:"state"`
	Status                 payment.Status   `json:"status"`
	Attempts               int              `json:"attempts"`
	CreatedAt              time.Time        `json:"createdAt"`
	ExpiresAt              time.Time        `json:"expiresAt"`
	Payment                wire.Payment     `json:"payment"`
	Callbacks              []store.Delivery `json:"callbacks"`
}

func (x *call) view(ctx context.Context, c payment.Checkout) (checkout, error) {
	scenario, err := x.merchant.ScenarioOf(ctx, c.ID)
	if err != nil {
		return checkout{}, err
	}

	deliveries, err := x.merchant.Deliveries(ctx, store.DeliveryQuery{Kind: store.KindCallback, CheckoutID: c.ID})
	c.Order = c.Order.Masked()
	return checkout{
		CheckoutID: c.ID, Merchant: x.key(), OrderID: c.OrderID, Amount: c.Amount,
		Currency: c.Amount.Currency(), Description: c.Description, Callback: c.Callback, CustomerID: c.CustomerID,
		MaxInstallmentCount: c.MaxInstallmentCount, InterestPaidByCustomer: c.InterestPaidByCustomer,
		Scenario: scenario, State: c.State, Status: c.Payment.Status, Attempts: c.Attempts, CreatedAt: c.CreatedAt,
		ExpiresAt: c.ExpiresAt, Payment: wire.PaymentOf(c), Callbacks: masked(deliveries),
	}, err
}

// viewed answers the view of what a use case made of a checkout.
func (x *call) viewed(ctx context.Context, c payment.Checkout, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return x.view(ctx, c)
}

// checkouts is one page of a list; Next is the `before` of the following one.
type checkouts struct {
	Checkouts []checkout `json:"checkouts"`
	Next      string     `json:"next,omitempty"`
}

func (k *control) listCheckouts(ctx context.Context, x *call) (any, error) {
	limit := x.number("limit", 1000)
	found, err := x.merchant.Checkouts(ctx, store.CheckoutQuery{
		CheckoutID: strings.ToLower(x.query.Get("checkoutId")), OrderID: x.query.Get("orderId"),
		Status: payment.Status(x.query.Get("status")),
		Before: strings.ToLower(x.query.Get("before")), Limit: limit,
	})
	if err != nil {
		return nil, err
	}

	page := checkouts{Checkouts: []checkout{}}
	for _, c := range found {
		v, err := x.view(ctx, c)
		if err != nil {
			return nil, err
		}
		page.Checkouts = append(page.Checkouts, v)
	}

	if len(found) == limit {
		page.Next = found[len(found)-1].ID
	}

	return page, nil
}

func (k *control) getCheckoutState(ctx context.Context, x *call) (any, error) {
	c, err := x.merchant.Checkout(ctx, x.id("checkoutId"))
	return x.viewed(ctx, c, err)
}

func (k *control) payCheckout(ctx context.Context, x *call) (any, error) {
	c, err := x.merchant.PayWithTestCard(ctx, x.id("checkoutId"), x.text("card"), x.whole("installmentCount", 1))
	return x.viewed(ctx, c, err)
}

func (k *control) forceOutcome(ctx context.Context, x *call) (any, error) {
	c, err := x.merchant.Outcome(ctx, x.id("checkoutId"), payment.Outcome{
		Status: payment.Status(x.text("status")), ResultCode: x.text("resultCode"), ResultMessage: x.text("resultMessage"),
	})
	return x.viewed(ctx, c, err)
}

func (k *control) abandonCheckout(ctx context.Context, x *call) (any, error) {
	c, err := x.merchant.Abandon(ctx, x.id("checkoutId"))
	return x.viewed(ctx, c, err)
}

func (k *control) expireCheckout(ctx context.Context, x *call) (any, error) {
	c, err := x.merchant.Expire(ctx, x.id("checkoutId"))
	return x.viewed(ctx, c, err)
}
