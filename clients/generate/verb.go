package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// names are the Go library's names of operations. An operation that is not here is called as its operationId.
var names = map[string]string{
	"getHealth": "health", "getSession": "session", "listMerchants": "merchants", "listStrangers": "strangers",
	"getCoverage": "coverage", "getScenarios": "scenarios", "listNextScenarios": "nextScenarios",
	"listCheckouts": "checkouts", "getCheckoutState": "checkout", "payCheckout": "pay", "forceOutcome": "outcome",
	"abandonCheckout": "abandon", "expireCheckout": "expire",
	"listPayments": "payments", "getPaymentState": "payment", "approveRefund": "approve", "rejectRefund": "reject",
	"forcePayment":  "paymentOutcome",
	"listCallbacks": "callbacks", "getCallback": "callback", "forgeCallback": "forge", "redeliverCallback": "redeliver",
	"getWebhook": "webhook", "putWebhook": "setWebhook",
	"readJournal": "journal", "waitForJournal": "waitFor", "readClock": "clock",
}

// verb is an operation as a method.
type verb struct {
	Name        string // in camelCase
	Title       string // what it does, in one line
	Description string // more of it; may be empty
	Method      string
	Path        string
	IDs         []string // the parameters in the path
	Args        []arg    // the query, or the properties of the body
	Sends       sends
	Answer      *openapi3.SchemaRef
	Shared      bool // it belongs to the sandbox, not to one merchant
}

// sends says where a verb's arguments go.
type sends string

const (
	nothing sends = ""
	query   sends = "query"
	body    sends = "body"
	file    sends = "file" // one argument, which is the body: text in YAML, or an object
)

// arg is an argument behind the ids.
type arg struct {
	Name, Doc string
	Required  bool
	Schema    *openapi3.SchemaRef
}

// verbsOf makes a verb of each operation, in the order of their names.
func verbsOf(spec *openapi3.T) ([]verb, error) {
	var all []verb
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			v, err := verbOf(path, method, item.Parameters, op)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b verb) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

func verbOf(path, method string, common openapi3.Parameters, op *openapi3.Operation) (verb, error) {
	v := verb{
		Name: cmp.Or(names[op.OperationID], op.OperationID), Title: sentence(op.Summary),
		Description: strings.TrimSpace(op.Description),
		Method:      method, Path: path, Shared: true,
	}
	for _, p := range slices.Concat(common, op.Parameters) {
		v.takeParameter(p.Value)
	}
	if op.RequestBody != nil {
		v.takeBody(op.RequestBody.Value.Content)
	}
	slices.SortStableFunc(v.Args, func(a, b arg) int { return cmp.Compare(order(a), order(b)) })

	ok := op.Responses.Status(200)
	if ok == nil || ok.Value.Content.Get("application/json") == nil {
		return verb{}, fmt.Errorf("%s has no answer 200 in JSON", op.OperationID)
	}
	v.Answer = ok.Value.Content.Get("application/json").Schema
	if name := refName(ok.Ref); name != "" && v.Answer.Ref == "" {
		v.Answer = &openapi3.SchemaRef{Ref: name, Value: v.Answer.Value}
	}
	return v, nil
}

// order puts what must be said before what may be left out.
func order(a arg) int {
	if a.Required {
		return 0
	}
	return 1
}

// takeParameter adds a parameter. The merchant's key is none: every call says it in a header.
func (v *verb) takeParameter(p *openapi3.Parameter) {
	switch {
	case p.Name == "merchant":
		v.Shared = false
	case p.In == "path":
		v.IDs = append(v.IDs, p.Name)
	case p.In == "query":
		v.Sends = query
		v.Args = append(v.Args, arg{p.Name, p.Description, p.Required, p.Schema})
	}
}

// takeBody adds the properties of a body as arguments, or the body itself where it may be written in YAML.
func (v *verb) takeBody(content openapi3.Content) {
	schema := content.Get("application/json").Schema
	if content["application/yaml"] != nil {
		v.Sends, v.Args = file, []arg{{"file", schema.Value.Description, true, schema}}
		return
	}

	v.Sends, v.Args = body, argsOf(schema.Value)
}

// argsOf are the properties of an object, in the order of their names.
func argsOf(s *openapi3.Schema) []arg {
	var all []arg
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		all = append(all, arg{name, property.Value.Description, slices.Contains(s.Required, name), property})
	}
	return all
}

// required says whether any argument must be given.
func (v verb) required() bool {
	return slices.ContainsFunc(v.Args, func(a arg) bool { return a.Required })
}

// sentence is a summary, which has no full stop, as a sentence.
func sentence(summary string) string {
	if strings.HasSuffix(summary, "?") {
		return summary
	}
	return summary + "."
}

// refName is the last part of a reference, such as Clock; empty for none.
func refName(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }
