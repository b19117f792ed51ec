package client

import (
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
	path, _, _ := strings.Cut(e.Request.URL, "?")
	return e.Request.Method + " " + path
}
