package openapi

import (
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// CheckQuery judges the raw query of a request as strictly as CheckBody judges a body. It must be readable, and each
// name in it must be a parameter of the operation in its spelling, given once unless it is a list, and with a value
// unless the document allows an empty one. CheckParams judges the values.
func (o *Operation) CheckQuery(raw string) []Violation {
	if raw == "" {
		return nil
	}
	query, err := url.ParseQuery(raw)
	if err != nil {
		return violations([]fault{{
			in: openapi3.ParameterInQuery, rule: "form",
			wants: "cannot be read: separate parameters by &, and write ; as %3B and % as %25",
		}})
	}

	var faults []fault
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if rule, wants := o.queryFault(name, query[name]); rule != "" {
			faults = append(faults, fault{in: openapi3.ParameterInQuery, field: safeName(name), rule: rule, wants: wants})
		}
	}
	return violations(faults)
}

// queryFault says which rule a name with its values breaks; empty: none.
func (o *Operation) queryFault(name string, values []string) (rule, wants string) {
	i := slices.IndexFunc(o.parameters, func(p parameter) bool {
		return p.In == openapi3.ParameterInQuery && p.Name == name
	})
	if i < 0 {
		return "unknown", unknownParameter(name, o.queryNames())
	}

	p := o.parameters[i]
	switch {
	case len(values) > 1 && !p.isList():
		return "duplicate", fmt.Sprintf("must be given once, got it %d times", len(values))
	case slices.Contains(values, "") && !p.AllowEmptyValue:
		return "empty", "must not be empty: give it a value or leave it out"
	}
	return "", ""
}

// queryNames lists the query parameters of the operation, in order.
func (o *Operation) queryNames() []string {
	var names []string
	for _, p := range o.parameters {
		if p.In == openapi3.ParameterInQuery {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return names
}

func (p parameter) isList() bool { return p.form != nil && p.form.source.Type.Is(openapi3.TypeArray) }

func unknownParameter(name string, known []string) string {
	if len(known) == 0 {
		return "unknown parameter, there are none"
	}
	if hint := wording.Hint(name, known); hint != "" {
		return "unknown parameter, " + hint
	}
	return "unknown parameter"
}
