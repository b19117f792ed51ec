package api

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

func (a *api) capturePreAuthorization(ctx context.Context, x *call) (any, error) {
	return a.about(ctx, x, scenarios.OpCapture,
		func(m *gateway.Merchant, q gateway.Request, id string, amount payment.Amount) (gateway.Requested, error) {
			return m.Capture(ctx, q, id, amount)
		})
}

func (a *api) refundPayment(ctx context.Context, x *call) (any, error) {
	return a.about(ctx, x, scenarios.OpRefund,
		func(m *gateway.Merchant, q gateway.Request, id string, amount payment.Amount) (gateway.Requested, error) {
			return m.Refund(ctx, q, id, amount)
		})
}

func (a *api) cancelPayment(ctx context.Context, x *call) (any, error) {
	id := x.payment()
	q, err := a.request(x, scenarios.OpCancel)
	if err != nil {
		return nil, err
	}
	done, err := x.merchant.CancelPayment(ctx, q, id)
	return a.paid(ctx, x, done, err)
}
