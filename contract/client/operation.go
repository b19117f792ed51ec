package client

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// operation is what the entry's request is for; nil: it has none, or none that the merchant API serves.
func (e Entry) operation() *openapi.Operation {
	if e.Request == nil || e.Kind == requestKind {
		return nil
	}
	path, _, _ := strings.Cut(e.Request.URL, "?")
	op, _, _ := openapi.Ours().Match(e.Request.Method, path)
	return op
}

// isRequest reports whether the client itself sent what the entry is about.
func (e Entry) isRequest() bool { return e.Kind == requestKind || e.operation() != nil }

func (e Entry) isCreate() bool { return e.isFor(openapi.CreateCheckout) }

func (e Entry) isFor(id string) bool {
	op := e.operation()
	return op != nil && op.ID == id
}

// hasBody reports whether the request is for an operation that takes a body. Only its path can be wrong otherwise.
func (e Entry) hasBody() bool {
	op := e.operation()
	return op != nil && op.HasBody()
}

// title is the operation that the entry is about, or what was asked for instead of one.
func (e Entry) title() string {
	if op := e.operation(); op != nil {
		return op.Title()
	}
	if e.Request == nil {
		return e.Kind
	}
	if e.isBank() { // its id differs from run to run
		return e.Request.Method + " " + bankPath + "{paymentId}"
	}
	path, _, _ := strings.Cut(e.Request.URL, "?")
	return e.Request.Method + " " + path
}

// isFollowUp reports whether the request is about a payment that was made before.
func (e Entry) isFollowUp() bool { return e.paymentID() != "" }

// paymentID is the payment that the request's path names; empty: it names none.
func (e Entry) paymentID() string {
	if e.operation() == nil {
		return ""
	}
	path, _, _ := strings.Cut(e.Request.URL, "?")
	_, params, _ := openapi.Ours().Match(e.Request.Method, path)
	return strings.ToLower(params["paymentId"])
}

// answeredPayment is the payment that the answer is about; empty: none.
func (e Entry) answeredPayment() string {
	var body struct {
		PaymentID string `json:"paymentId"`
	}
	if e.Response == nil || e.Response.Status >= http.StatusBadRequest {
		return ""
	}
	_ = json.Unmarshal(e.Response.Body, &body) // a scenario may have answered anything
	return strings.ToLower(body.PaymentID)
}
