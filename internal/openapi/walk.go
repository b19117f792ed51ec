package openapi

import (
	"encoding/json"
	"errors"
	"regexp"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// mostFaults is how many faults are told. A body can be made that has more than anyone would read.
const mostFaults = 100

// walk looks at a value part by part and collects the faults of all of them. kin-openapi would stop at the first
// anyOf, oneOf or allOf that does not fit, without saying which property is at fault.
type walk struct {
	rules  *rules
	in     string
	faults []fault
}

func (w *walk) tell(f fault) {
	if len(w.faults) < mostFaults {
		f.in = w.in
		w.faults = append(w.faults, f)
	}
}

func (w *walk) visit(n *node, value any, at string) {
	before := len(w.faults)
	if value == nil && n.source.PermitsNull() {
		return
	}
	if value == nil && !n.hasParts() {
		w.tell(fault{field: at, rule: "null", wants: "must not be null"})
		return
	}
	if value != nil {
		w.own(n, value, at)
		w.parts(n, value, at)
	}

	for _, part := range n.all {
		w.visit(part, value, at)
	}

	// What a value may be besides is only worth telling if its parts are right for themselves.
	if len(w.faults) == before {
		w.alternatives(n, value, at)
	}
}

// hasParts says whether an allOf, anyOf or oneOf decides over null.
func (n *node) hasParts() bool { return len(n.all)+len(n.any)+len(n.one) > 0 }

// own looks at the value itself.
func (w *walk) own(n *node, value any, at string) {
	if number, ok := value.(json.Number); ok {
		w.number(n, number, at)
		return
	}
	w.ask(n, value, at)
}

// ask leaves the keywords to kin-openapi.
func (w *walk) ask(n *node, value any, at string) {
	for _, broken := range flatten(n.alone.VisitJSON(value, w.rules.full...)) {
		f := n.sentence(broken.SchemaField, value)
		f.field, f.rule = at, broken.SchemaField
		w.tell(f)
		// Empty text breaks the pattern and the format too; that it is empty says it all.
		if f.rule == "minLength" {
			return
		}
	}
}

// flatten lists what kin-openapi found. Its errors print the schema and the value, so they are never printed.
func flatten(err error) []*openapi3.SchemaError {
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case errors.As(err, &many):
		var list []*openapi3.SchemaError
		for _, part := range many {
			list = append(list, flatten(part)...)
		}
		return list
	case errors.As(err, &one):
		return []*openapi3.SchemaError{one}
	}
	return nil
}

// number compares the digits as they were sent, not the float64 that is nearest to them.
func (w *walk) number(n *node, value json.Number, at string) {
	d := decimal.Read(string(value))
	if rule := n.refuses(d); rule != "" {
		f := n.sentence(rule, value)
		f.field, f.rule = at, rule
		w.tell(f)
		return
	}

	before := len(w.faults)
	w.bounds(n, value, d, at)
	if decimals, ok := powerOfTen(n.source.MultipleOf); ok && d.Decimals() > decimals {
		w.tell(fault{field: at, rule: "multipleOf", wants: decimalWords(decimals), seen: echoAt(at, value)})
	}

	if _, err := value.Float64(); err == nil {
		w.ask(n, value, at)
	} else if len(w.faults) == before {
		w.tell(fault{field: at, rule: "maximum", wants: "is too large a number", seen: echoAt(at, value)})
	}
}

// refuses says which rule does not take this number, whatever its bounds are.
func (n *node) refuses(d decimal.Decimal) (rule string) {
	types := n.source.Type
	switch whole, any := types.Permits(openapi3.TypeInteger), types.Permits(openapi3.TypeNumber); {
	case !whole && !any && len(n.source.Enum) > 0:
		return "enum"
	case !whole && !any, !any && d.Decimals() > 0:
		return "type"
	}
	return ""
}

func (w *walk) bounds(n *node, value json.Number, d decimal.Decimal, at string) {
	if low := n.source.Min; low != nil {
		order := d.Compare(decimal.OfFloat(*low))
		if strict := n.source.ExclusiveMin.IsTrue(); order < 0 || strict && order == 0 {
			w.tell(fault{field: at, rule: "minimum", wants: lowWords(*low, strict), seen: echoAt(at, value)})
		}
	}
	if high := n.source.Max; high != nil {
		order := d.Compare(decimal.OfFloat(*high))
		if strict := n.source.ExclusiveMax.IsTrue(); order > 0 || strict && order == 0 {
			w.tell(fault{field: at, rule: "maximum", wants: highWords(*high, strict), seen: echoAt(at, value)})
		}
	}
}

// parts looks at the properties of an object and at the items of a list.
func (w *walk) parts(n *node, value any, at string) {
	switch value := value.(type) {
	case map[string]any:
		w.properties(n, value, at)
	case []any:
		for i, item := range value {
			if n.items != nil && len(w.faults) < mostFaults {
				w.visit(n.items, item, index(at, i))
			}
		}
	}
}

// plainName is a name that tells nothing but itself.
var plainName = regexp.MustCompile(`^[A-Za-z_-]{1,40}$`)

// misspelt names the unknown property that was probably meant to be the missing one; empty: there is none, or it is a
// fault of its own.
func (n *node) misspelt(missing string, values map[string]any) string {
	if n.closed {
		return ""
	}
	for _, name := range sortedKeys(values) {
		near := n.properties[name] == nil && plainName.MatchString(name) && len(wording.Nearest(name, []string{missing})) > 0
		if near {
			return "; " + name + " was sent instead"
		}
	}
	return ""
}

func (w *walk) properties(n *node, values map[string]any, at string) {
	before := len(w.faults)
	for _, name := range n.required {
		if _, ok := values[name]; !ok {
			w.tell(fault{field: join(at, name), rule: "required", wants: "is required" + n.misspelt(name, values)})
		}
	}

	for _, name := range n.names {
		if value, ok := values[name]; ok {
			w.visit(n.properties[name], value, join(at, name))
		}
	}

	w.decimals(n, values, at, w.faults[before:])
	if n.extra == nil && !n.closed {
		return
	}

	for _, name := range sortedKeys(values) {
		switch {
		case n.properties[name] != nil:
		case n.extra != nil:
			w.visit(n.extra, values[name], join(at, name))
		default:
			w.tell(fault{field: join(at, name), rule: "unknown", wants: unknownWords(name, n.names)})
		}
	}
}
