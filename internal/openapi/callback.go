package openapi

import (
	"net/http"
	"net/url"

	"github.com/getkin/kin-openapi/openapi3"
)

// formType is the media type in which HTML forms are sent.
const formType = "application/x-www-form-urlencoded"

// Callback is a request that the described server makes, as an operation's callbacks describe it.
type Callback struct {
	ID     string // the operationId
	Method string // in capitals

	parameters []parameter // of its headers
	body       *content
	form       *schema // of a body that is sent as a form; nil if it is not
	rules      *rules
}

func newCallbacks(c *compiler, described openapi3.Callbacks) map[string]*Callback {
	found := make(map[string]*Callback)
	for _, ref := range described {
		for _, item := range ref.Value.Map() {
			for method, op := range item.Operations() {
				found[op.OperationID] = newCallback(c, method, op)
			}
		}
	}
	return found
}

func newCallback(c *compiler, method string, op *openapi3.Operation) *Callback {
	k := &Callback{
		ID: op.OperationID, Method: method, rules: c.rules, parameters: newParameters(c, nil, op.Parameters),
	}
	if op.RequestBody == nil {
		return k
	}
	types := op.RequestBody.Value.Content
	k.body = newContent(c, types)
	if form := types[formType]; form != nil && form.Schema != nil {
		k.form = c.schema(form.Schema.Value)
	}
	return k
}

// Callback finds the callback with this operationId.
func (d *Document) Callback(id string) (*Callback, bool) {
	k, ok := d.callbacks[id]
	return k, ok
}

// CheckContentType judges the Content-Type header of a callback; faulty says whether there is a fault.
func (k *Callback) CheckContentType(value string) (v Violation, faulty bool) {
	if k.body == nil {
		return Violation{}, false
	}
	if _, f := k.body.check(value); f.rule != "" {
		return f.violation(), true
	}
	return Violation{}, false
}

// CheckForm judges the fields of a callback that was sent as a form. Fields that the document does not name are left
// alone.
func (k *Callback) CheckForm(sent url.Values) []Violation {
	if k.form == nil {
		return nil
	}
	w, root := walk{rules: k.rules, in: inBody}, k.form.tree
	for _, name := range root.required {
		if !sent.Has(name) {
			w.tell(fault{field: name, rule: "required", wants: "is required"})
		}
	}

	for _, name := range root.names {
		if sent.Has(name) {
			s := schema{source: root.properties[name].source}
			w.visit(root.properties[name], s.valueOf(sent[name]), name)
		}
	}

	return violations(asText(w.faults))
}

// CheckHeaders judges the headers of a callback that the document names.
func (k *Callback) CheckHeaders(sent http.Header) []Violation {
	op := Operation{parameters: k.parameters, rules: k.rules}
	return op.CheckParams(&http.Request{URL: &url.URL{}, Header: sent}, nil)
}

// CheckJSON judges the body of a callback that was sent as JSON. Of one that the document sends otherwise it finds
// nothing.
func (k *Callback) CheckJSON(body []byte) []Violation {
	op := Operation{body: k.body, bodyNeeded: true, rules: k.rules}
	_, found := op.CheckBody(body)
	return found
}
