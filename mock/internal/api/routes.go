package api

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// operation is one that the sandbox serves. Its method and its path stand in the API description.
type operation struct {
	id     string // operationId
	kind   store.EntryKind
	act    func(*api, context.Context, *call) (any, error)
	params []string // of the path, which act reads

	// invalid is the error for a body that breaks the description; nil: it names what the description finds.
	invalid func(openapi.Body, []openapi.Violation) error
	// ownWords says that a 200 has nothing in it that the sandbox has not made, so that nothing in it must be masked.
	ownWords bool
	// neverAnswered is what the description allows in a 200 and the sandbox never answers.
	neverAnswered []string
}

// operations is every operation that the sandbox serves.
var operations = [...]operation{
	{id: "createCheckout", kind: store.EntryCreate, act: (*api).createCheckout, invalid: invalidOrder, ownWords: true},
	{
		id: "getCheckout", kind: store.EntryStatus, act: (*api).getCheckout, params: []string{checkoutID},
		neverAnswered: otherPayments,
	},
	{
		id: "createPayment", kind: store.EntrySale, act: (*api).createPayment, invalid: invalidCharge,
		neverAnswered: otherPayments,
	},
	{
		id: "preAuthorize", kind: store.EntryPreAuthorization, act: (*api).preAuthorize, invalid: invalidCharge,
		neverAnswered: typesBut(payment.PreAuth, "parentPaymentId present", noParent),
	},
	{id: "startThreeDSecure", kind: store.EntryThreeDSecure, act: (*api).startThreeDSecure, invalid: invalidCharge},
	{
		id: "completeThreeDSecure", kind: store.EntryThreeDSecure, act: (*api).completeThreeDSecure,
		params:        []string{paymentID},
		neverAnswered: otherPayments,
	},
	{id: "getPayment", kind: store.EntryStatus, act: (*api).getPayment, params: []string{paymentID}},
	{
		id: "capturePreAuthorization", kind: store.EntryCapture, act: (*api).capturePreAuthorization,
		params:        []string{paymentID},
		neverAnswered: typesBut(payment.Capture, noParent),
	},
	{
		id: "cancelPayment", kind: store.EntryCancel, act: (*api).cancelPayment, params: []string{paymentID},
		neverAnswered: typesBut(payment.CancelType, noParent, noCommission),
	},
	{
		id: "refundPayment", kind: store.EntryRefund, act: (*api).refundPayment, params: []string{paymentID},
		neverAnswered: typesBut(payment.Refund, noParent, noCommission),
	},
	{id: "listInstallmentOptions", kind: store.EntryInstallments, act: (*api).listInstallmentOptions},
}

// KindOf is the kind of the journal's entries about an operation, and store.EntryRequest for one that is not served.
func KindOf(operationID string) store.EntryKind {
	for _, served := range operations {
		if served.id == operationID {
			return served.kind
		}
	}
	return store.EntryRequest
}

// checkoutID is the path parameter that names a checkout.
const checkoutID = "checkoutId"

// otherPayments is what only payments have that no checkout makes.
var otherPayments = typesBut(payment.Sale, "parentPaymentId present", "parentPaymentId absent")

// typesBut is what an operation never answers that makes payments of one type only, and further what it never answers.
func typesBut(made payment.TransactionType, further ...string) []string {
	for _, other := range []payment.TransactionType{
		payment.Sale, payment.CancelType, payment.Refund, payment.PreAuth, payment.Capture,
	} {
		if other != made {
			further = append(further, "transactionType "+string(other))
		}
	}
	return further
}

// noParent and noCommission are further what operations never answer.
const (
	noParent     = "parentPaymentId absent"
	noCommission = "merchantCommission present"
)

// Register adds the routes to e: those of the operations, and what answers when none of them fits.
func Register(e *echo.Echo, c Config) error {
	a := &api{Config: c}
	a.encoded.of(c.Gateway.APISecret.Reveal())
	for i := range operations {
		served := &operations[i]
		op, ok := c.Document.Operation(served.id)
		if !ok {
			return missing(served)
		}
		route.Operation(e, op.Method, op.Path, a.serve(op, served))
	}

	e.RouteNotFound("/api/*", a.unserved)
	e.RouteNotFound("/api", a.unserved)
	e.RouteNotFound("/*", a.elsewhere)
	return nil
}

// Served says whether the operations of an API description are just those that the sandbox serves. The error names
// every one that is too many, is missing, or has a path without a parameter that the sandbox reads.
func Served(described []*openapi.Operation) error {
	var faults []error
	for i := range operations {
		served := &operations[i]
		at := slices.IndexFunc(described, func(op *openapi.Operation) bool { return op.ID == served.id })
		if at < 0 {
			faults = append(faults, missing(served))
			continue
		}
		faults = append(faults, served.lacking(described[at]))
	}

	for _, op := range described {
		known := slices.ContainsFunc(operations[:], func(served operation) bool { return served.id == op.ID })
		if !known && op.ID != "" { // one without a name is told where the description is read
			faults = append(faults, fmt.Errorf(
				"the API description has the operation %q (%s), which this sandbox does not serve; take it out, or start a "+
					"version of the sandbox that serves it",
				op.ID, op.Title()))
		}
	}
	return errors.Join(faults...)
}

func missing(served *operation) error {
	return fmt.Errorf(
		"the API description lacks the operation %q, which this sandbox serves; put it back, as openapi.yaml has it",
		served.id)
}

// lacking names the parameters that the described path lacks.
func (o *operation) lacking(described *openapi.Operation) error {
	var faults []error
	for _, name := range o.params {
		if !slices.Contains(described.PathParams(), name) {
			faults = append(faults, fmt.Errorf(
				"the path %s of the operation %q lacks the parameter {%s}, which this sandbox reads; put it back",
				described.Path, o.id, name))
		}
	}
	return errors.Join(faults...)
}
