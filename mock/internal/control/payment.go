package control

import (
	"context"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// paymentView is a payment as the merchant API answers it, with what the sandbox knows beside.
type paymentView struct {
	wire.Payment
	Merchant            string                      `json:"merchant"` // its API key, masked where it looks like a secret
	CheckoutID          string                      `json:"checkoutId,omitempty"`
	AuthenticationState payment.AuthenticationState `json:"authenticationState,omitempty"`
	Scenario            string                      `json:"scenario,omitempty"`
}

// payments is one page of a list; Next is the `before` of the following one.
type payments struct {
	Payments []paymentView `json:"payments"`
	Next     string        `json:"next,omitempty"`
}

// payment answers the view of a payment.
func (x *call) payment(ctx context.Context, id string) (paymentView, error) {
	asked, err := x.merchant.PeekedPayment(ctx, id)
	p := asked.Payment
	p.OrderID, p.CustomerID = payment.MaskSecrets(p.OrderID), payment.MaskSecrets(p.CustomerID)
	v := paymentView{
		Payment: wire.SinglePayment(p), Merchant: x.key(), CheckoutID: p.CheckoutID, Scenario: asked.Scenario,
	}
	if p.Authentication != nil {
		v.AuthenticationState = p.Authentication.State
	}
	return v, err
}

func (k *control) listPayments(ctx context.Context, x *call) (any, error) {
	limit := x.number("limit", 1000)
	found, err := x.merchant.Payments(ctx, store.PaymentQuery{
		OrderID: x.query.Get("orderId"), Status: payment.Status(x.query.Get("status")),
		Type:     payment.TransactionType(x.query.Get("transactionType")),
		ParentID: strings.ToLower(x.query.Get("parentPaymentId")), CheckoutID: strings.ToLower(x.query.Get("checkoutId")),
		Before: strings.ToLower(x.query.Get("before")), Limit: limit,
	})
	if err != nil {
		return nil, err
	}

	page := payments{Payments: []paymentView{}}
	for _, p := range found {
		v, err := x.payment(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		page.Payments = append(page.Payments, v)
	}

	if len(found) == limit {
		page.Next = found[len(found)-1].ID
	}

	return page, nil
}

func (k *control) getPaymentState(ctx context.Context, x *call) (any, error) {
	return x.payment(ctx, x.id("paymentId"))
}

func (k *control) approveRefund(ctx context.Context, x *call) (any, error) {
	return x.decided(ctx, scenarios.Approve)
}

func (k *control) rejectRefund(ctx context.Context, x *call) (any, error) {
	return x.decided(ctx, scenarios.Reject)
}

func (x *call) decided(ctx context.Context, d scenarios.Decision) (any, error) {
	p, err := x.merchant.Decide(ctx, x.id("paymentId"), d)
	if err != nil {
		return nil, err
	}
	return x.payment(ctx, p.ID)
}

func (k *control) forcePayment(ctx context.Context, x *call) (any, error) {
	p, err := x.merchant.PaymentOutcome(ctx, x.id("paymentId"), payment.Outcome{
		Status: payment.Status(x.text("status")), ResultCode: x.text("resultCode"), ResultMessage: x.text("resultMessage"),
	})
	if err != nil {
		return nil, err
	}
	return x.payment(ctx, p.ID)
}
