package control

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// getScenarios answers the set in force as a scenario file, which PUT takes. People's tools ask for anything, and get
// YAML with its comments; clients that are generated ask for JSON, or say nothing.
func (k *control) getScenarios(ctx context.Context, x *call) (any, error) {
	set, _, err := x.merchant.Scenarios(ctx)
	if err != nil {
		return nil, err
	}
	accept := x.header.Get("Accept")
	if accept == "" || wire.Prefers(accept, wire.JSON, yamlType) == wire.JSON {
		return wire.Answer{Status: http.StatusOK, Body: set.JSON()}, nil
	}
	return wire.Answer{Status: http.StatusOK, Body: set.YAML(), ContentType: yamlType}, nil
}

// yamlType is the content type of scenario files.
const yamlType = "application/yaml"

// putScenarios puts a scenario file in force for new checkouts. A faulty one changes nothing.
func (k *control) putScenarios(ctx context.Context, x *call) (any, error) {
	set, err := scenarios.Parse("", x.raw)
	if err != nil {
		return nil, scenarioFaults(err)
	}
	return k.setScenarios(ctx, x, set)
}

// scenarioFaults tells every fault of a scenario file with its place.
func scenarioFaults(err error) error {
	var faults scenarios.Errors
	if !errors.As(err, &faults) {
		return err
	}

	fields := make([]payment.FieldError, len(faults))
	for i, f := range faults {
		fields[i] = payment.FieldError{Field: f.Place.String(), Message: f.Message}
		if f.Hint != "" {
			fields[i].Message += ", " + f.Hint
		}
	}
	return payment.Invalid(fields)
}

func (k *control) deleteScenarios(ctx context.Context, x *call) (any, error) {
	return k.setScenarios(ctx, x, nil)
}

// setScenarios puts a set in force, and tells which scenarios are in force now, and which are not forced any more.
func (k *control) setScenarios(ctx context.Context, x *call, set *scenarios.Set) (any, error) {
	cancelled, err := x.merchant.SetScenarios(ctx, set)
	if err != nil {
		return nil, err
	}
	set, own, err := x.merchant.Scenarios(ctx)
	if err != nil {
		return nil, err
	}

	names := []string{}
	for _, s := range set.Scenarios() {
		names = append(names, s.Name)
	}
	answer := map[string]any{"scenarios": names, "own": own}
	if len(cancelled) > 0 {
		answer["cancelled"] = cancelled
	}
	return answer, nil
}

// listNextScenarios tells what the next checkouts get, in their order.
func (k *control) listNextScenarios(ctx context.Context, x *call) (any, error) {
	next, err := x.merchant.NextScenarios(ctx)
	return map[string]any{"next": next}, err
}

// cancelNextScenarios lets the next checkouts be as any other.
func (k *control) cancelNextScenarios(ctx context.Context, x *call) (any, error) {
	cancelled, err := x.merchant.CancelNext(ctx)
	return map[string]any{"cancelled": cancelled}, err
}

func (k *control) nextScenario(ctx context.Context, x *call) (any, error) {
	times := x.whole("times", 1)
	if err := x.merchant.NextScenario(ctx, x.text("scenario"), times); err != nil {
		return nil, err
	}
	return map[string]any{"scenario": x.text("scenario"), "times": times}, nil
}

func (k *control) explainScenario(ctx context.Context, x *call) (any, error) {
	checkoutID, paymentID := strings.ToLower(x.query.Get("checkoutId")), strings.ToLower(x.query.Get("paymentId"))
	if paymentID != "" {
		return x.merchant.ExplainPayment(ctx, paymentID, checkoutID)
	}
	if checkoutID != "" {
		return x.merchant.Explain(ctx, checkoutID)
	}

	newest, err := x.merchant.Checkouts(ctx, store.CheckoutQuery{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(newest) == 0 {
		return nil, &payment.Error{Code: payment.NotFound, Message: "there is no checkout yet; give a paymentId"}
	}
	return x.merchant.Explain(ctx, newest[0].ID)
}
