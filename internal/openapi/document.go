// Package openapi is an OpenAPI 3.0 document as a Go value that judges requests and answers.
//
// It owns the reading of the document, the strict reading of JSON, and the sentences in which a fault is told. It does
// not route, authenticate, read a network, or know anything of PayPorter: whatever it says comes from the document.
//
// A document may carry extensions of ours. On a schema:
//
//   - x-payporter-expects says in words what a value must be ("a known ISO 4217 currency code such as TRY");
//   - x-payporter-decimals says how many decimals a number of an object may have, which another property decides
//     ({property: amount, by: currency, usual: 2, others: {"0": [JPY], "3": [KWD]}});
//   - x-payporter-usual-pattern is a pattern of usual texts: whatever matches it matches the pattern, too;
//   - x-payporter-known-values lists values that a text can have, among others that nobody has named.
package openapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Document is a parsed OpenAPI document. It never changes, so it may be used by many goroutines at once.
type Document struct {
	operations []*Operation
	byID       map[string]*Operation
	callbacks  map[string]*Callback
}

// Parse reads an OpenAPI 3.0 document in YAML or JSON and checks it, examples included. Every operation must have an
// operationId, and no reference may lead out of the document. Each of the checks says what else is wrong with the
// operations, of which it may look at ID, Method, Path and PathParams. The error names every fault, one a line.
func Parse(source []byte, checks ...func([]*Operation) error) (*Document, error) {
	spec, err := load(source)
	if err != nil {
		return nil, err
	}

	operations, known := outline(spec), newPatterns()
	faults := append(invalid(spec, known), nameless(operations)...)
	for _, check := range checks {
		faults = append(faults, check(operations))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return newDocument(spec, operations, known)
}

// ParseChecked is Parse for a document that is a part of the program and that a test gives to Parse. What OpenAPI
// allows in it is not checked again.
func ParseChecked(source []byte) (*Document, error) {
	spec, err := load(source)
	if err != nil {
		return nil, err
	}
	return newDocument(spec, outline(spec), newPatterns())
}

func load(source []byte) (*openapi3.T, error) {
	spec, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return nil, fmt.Errorf("read OpenAPI document: %w", err)
	}
	// A 3.1 document would be judged by another validator, which costs twenty times as much.
	if !strings.HasPrefix(spec.OpenAPI, "3.0.") {
		return nil, fmt.Errorf("read OpenAPI document: version %q is not supported, write it as 3.0.3", spec.OpenAPI)
	}
	return spec, nil
}

// Must is the document of a Parse that cannot fail, because tests hold its source to be right. It panics otherwise.
func Must(d *Document, err error) *Document {
	if err != nil {
		panic(err)
	}
	return d
}

// invalid lists what a document has that OpenAPI does not allow.
func invalid(spec *openapi3.T, known *patterns) []error {
	err := spec.Validate(context.Background(), openapi3.EnableMultiError(), openapi3.SetRegexCompiler(known.forKin))
	var many openapi3.MultiError
	if !errors.As(err, &many) && err != nil {
		many = openapi3.MultiError{err}
	}

	var faults []error
	for _, one := range many {
		faults = append(faults, fmt.Errorf("check OpenAPI document: %w", one))
	}
	return faults
}

func nameless(operations []*Operation) []error {
	var faults []error
	for _, op := range operations {
		if op.ID == "" {
			faults = append(faults, fmt.Errorf("check OpenAPI document: %s has no operationId", op.Title()))
		}
	}
	return faults
}

func newDocument(spec *openapi3.T, operations []*Operation, known *patterns) (*Document, error) {
	doc := &Document{operations: operations, byID: make(map[string]*Operation), callbacks: make(map[string]*Callback)}
	compiler := newCompiler(known)
	for _, op := range operations {
		described := spec.Paths.Value(op.Path).GetOperation(op.Method)
		maps.Copy(doc.callbacks, newCallbacks(compiler, described.Callbacks))
		op.compile(compiler, spec)
		doc.byID[op.ID] = op
	}

	if compiler.fault != nil {
		return nil, fmt.Errorf("check OpenAPI document: %w", compiler.fault)
	}
	return doc, nil
}

// Operations lists every operation, ordered by path and then by method.
func (d *Document) Operations() []*Operation { return slices.Clone(d.operations) }

// Operation finds the operation with this operationId.
func (d *Document) Operation(id string) (*Operation, bool) {
	op, ok := d.byID[id]
	return op, ok
}

// sortedKeys makes a map's order stable.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
