package api

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

func (a *api) createPayment(ctx context.Context, x *call) (any, error) {
	return a.charge(ctx, x, scenarios.OpPayment, payment.Sale)
}

func (a *api) preAuthorize(ctx context.Context, x *call) (any, error) {
	return a.charge(ctx, x, scenarios.OpPreAuthorization, payment.PreAuth)
}

// charge makes a payment by card.
func (a *api) charge(ctx context.Context, x *call, op scenarios.Operation, t payment.TransactionType) (any, error) {
	c, q, err := a.charged(x, op, t)
	if err != nil {
		return nil, err
	}
	done, err := x.merchant.Charge(ctx, q, c)
	return a.paid(ctx, x, done, err)
}

// charged reads a request to charge a card. All that is wrong with it is told at once, what only the time tells
// included.
func (a *api) charged(x *call, op scenarios.Operation, t payment.TransactionType) (gateway.Charge, gateway.Request,
	error,
) {
	c, faults := chargeOf(x.body)
	c.Type, x.entry.OrderID = t, c.OrderID
	if _, err := c.Check(x.merchant.Clock().Now()); err != nil {
		faults = append(faults, err.(*payment.Error).Fields...)
	}
	if err := payment.Invalid(faults); err != nil {
		return c, gateway.Request{}, err
	}
	q, err := a.request(x, op)
	return c, q, err
}

// chargeOf reads a body that the document allows, and checks what a schema cannot say. What it answers holds a card
// number, and is not kept.
func chargeOf(b openapi.Body) (gateway.Charge, []payment.FieldError) {
	text := func(field string) string { s, _ := b.Values[field].(string); return s }
	month, year := payment.ParseExpiry(text("expiryMonth") + "/" + text("expiryYear"))
	c := gateway.Charge{
		OrderID: text("orderId"), CustomerID: text("customerId"), InstallmentCount: 1,
		SuccessURL: text("successUrl"), FailureURL: text("failureUrl"),
		Card: payment.Card{
			PAN: payment.PAN(text("pan")), Holder: text("cardHolderName"), ExpiryMonth: month, ExpiryYear: year,
			CVV: payment.Secret(text("cvv")),
		},
	}
	c.InterestPaidByCustomer, _ = b.Values["interestPaidByCustomer"].(bool)
	if n, ok := b.Values["installmentCount"].(json.Number); ok {
		c.InstallmentCount = wholeNumber(n)
	}

	var faults []payment.FieldError
	c.Amount, faults = amountOf(b)
	if _, err := netip.ParseAddr(text("requestIp")); err != nil {
		faults = append(faults, payment.FieldError{Field: "requestIp", Message: "must be an IP address such as 203.0.113.7"})
	}
	for _, field := range []string{"successUrl", "failureUrl"} {
		if url := text(field); url != "" {
			if fault := payment.CheckCallback(url); fault != "" {
				faults = append(faults, payment.FieldError{Field: field, Message: fault})
			}
		}
	}
	return c, faults
}

// invalidCharge names every faulty field of a request to charge a card, as invalidOrder does.
func invalidCharge(b openapi.Body, faults []openapi.Violation) error {
	if b.Values == nil { // not even JSON
		return wire.Invalid(faults)
	}

	wire.NameCallbackFaults(faults, "successUrl", b.Values)
	wire.NameCallbackFaults(faults, "failureUrl", b.Values)
	c, more := chargeOf(b)
	if _, known := payment.FindTestCard(c.Card.PAN); !known {
		more = append(more, payment.FieldError{Field: "pan", Message: "is not a test card of this sandbox; never send a " +
			"real card here"})
	}
	return wire.Invalid(alsoFaulty(faults, more))
}

// alsoFaulty adds faults of fields that the document does not mind.
func alsoFaulty(faults []openapi.Violation, more []payment.FieldError) []openapi.Violation {
	named := func(field string) bool {
		return slices.ContainsFunc(faults, func(v openapi.Violation) bool { return v.Field == field })
	}
	for _, f := range more {
		if !named(f.Field) && !(f.Field == "amount" && named("currency")) {
			faults = append(faults, openapi.Violation{In: "body", Field: f.Field, Message: f.Message})
		}
	}
	return faults
}

func (a *api) getPayment(ctx context.Context, x *call) (any, error) {
	named, err := a.named(ctx, x)
	if err != nil {
		return nil, err
	}

	ask, id := x.merchant.AskedPayment, x.payment()
	if x.peeks() || named != nil {
		ask = x.merchant.PeekedPayment
	}

	asked, err := ask(ctx, id)
	if err != nil {
		return nil, err
	}
	if named != nil {
		asked.Asked = *named
	}
	p := asked.Payment
	x.entry.CheckoutID, x.entry.OrderID, x.entry.Status, x.entry.Scenario = p.CheckoutID, p.OrderID, string(p.Status),
		asked.Scenario
	if err := a.bendStatus(x, asked.Asked); err != nil {
		return nil, err
	}

	return wire.SinglePayment(p).Overlaid(asked.Fields, asked.Step.Fields), nil
}

// named is what the scenario does that a GET names; nil: it names none.
func (a *api) named(ctx context.Context, x *call) (*gateway.Asked, error) {
	scenario, err := wire.Header(x.request, "X-Mock-Scenario")
	if scenario == "" || err != nil {
		return nil, err
	}
	asked, err := x.merchant.NamedAnswer(ctx, scenario)
	return &asked, err
}

// bendStatus does to an answer about a payment what its scenario wants.
func (a *api) bendStatus(x *call, asked gateway.Asked) (err error) {
	step := asked.Step
	if step.Delay.Max > 0 || step.Respond != nil || step.Fault != "" {
		x.bent = &bend{delay: asked.Delay, respond: step.Respond, fault: step.Fault}
	}
	if x.bent.slow() {
		if x.waited, err = a.Wait(); err != nil {
			x.bent = nil
			return err
		}
	}

	x.scripted = len(asked.Fields)+len(step.Fields) > 0
	return nil
}
