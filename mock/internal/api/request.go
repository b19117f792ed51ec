package api

import (
	"context"
	"errors"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// paymentID is the path parameter that names a payment.
const paymentID = "paymentId"

// payment is the id of the payment in the path, in the spelling in which ids are kept.
func (x *call) payment() string {
	id := strings.ToLower(x.context.Param(paymentID))
	x.entry.PaymentID = id
	return id
}

// request is a request about payments as the gateway takes it.
func (a *api) request(x *call, op scenarios.Operation) (gateway.Request, error) {
	scenario, err := wire.Header(x.request, "X-Mock-Scenario")
	return gateway.Request{Operation: op, Header: scenario, Began: x.entry.StartSeq, Wait: a.Wait}, err
}

// requested notes what became of a request, and what its scenario does to the answer.
func (a *api) requested(ctx context.Context, x *call, done gateway.Requested) {
	x.entry.Scenario, x.waited = done.Run.Scenario, done.Release
	if answer := done.Answer(); answer != nil {
		x.bent = &bend{delay: done.Delay, respond: answer.Respond, fault: answer.Fault}
	}
	if done.Refused {
		return
	}

	x.entry.PaymentID, x.entry.OrderID, x.entry.Status = done.Payment.ID, done.Payment.OrderID, string(done.Payment.Status)
	x.scripted = x.scripted || len(done.Fields) > 0
	if done.Follows() {
		x.answered = func() { a.requestAnswered(ctx, x, done) }
	}
}

// requestAnswered lets what follows a request begin.
func (a *api) requestAnswered(ctx context.Context, x *call, done gateway.Requested) {
	err := x.merchant.RequestAnswered(context.WithoutCancel(ctx), done, x.entry.StartSeq)
	if err != nil && !noMore(err) {
		a.Log.Error("bug", "paymentId", done.Payment.ID, "error", err.Error())
	}
}

// paid answers the payment that a request made or changed.
func (a *api) paid(ctx context.Context, x *call, done gateway.Requested, err error) (any, error) {
	if err != nil {
		if order := done.About.OrderID; order != "" { // else x has what the request itself says
			x.entry.OrderID = order
		}
		return nil, err
	}
	a.requested(ctx, x, done)
	return wire.SinglePayment(done.Payment).Overlaid(done.Fields), nil
}

// part reads the amount of a capture or a refund.
func part(b openapi.Body) (payment.Amount, error) {
	amount, faults := amountOf(b)
	return amount, payment.Invalid(faults)
}

// about does what a request with an amount asks for a payment.
func (a *api) about(
	ctx context.Context, x *call, op scenarios.Operation,
	do func(m *gateway.Merchant, q gateway.Request, id string, amount payment.Amount) (gateway.Requested, error),
) (any, error) {
	id := x.payment()
	amount, fault := part(x.body)
	q, err := a.request(x, op)
	if err = errors.Join(fault, err); err != nil {
		return nil, err
	}
	done, err := do(x.merchant, q, id, amount)
	return a.paid(ctx, x, done, err)
}
