package openapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// parameter is a path, query, header or cookie parameter.
type parameter struct {
	*openapi3.Parameter
	form *schema
}

// newParameters joins what a path and what an operation say; the operation wins.
func newParameters(c *compiler, shared, own openapi3.Parameters) []parameter {
	var list []parameter
	for _, ref := range shared {
		if own.GetByInAndName(ref.Value.In, ref.Value.Name) == nil {
			list = append(list, newParameter(c, ref.Value))
		}
	}
	for _, ref := range own {
		list = append(list, newParameter(c, ref.Value))
	}
	return list
}

func newParameter(c *compiler, described *openapi3.Parameter) parameter {
	p := parameter{Parameter: described}
	if described.Schema != nil {
		p.form = c.schema(described.Schema.Value)
	}
	return p
}

// CheckParams judges the path, query, header and cookie parameters; path has the values of the path's parameters, by
// name. It does not change the request: defaults are not filled in.
func (o *Operation) CheckParams(r *http.Request, path map[string]string) []Violation {
	if len(o.parameters) == 0 {
		return nil
	}

	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: path, QueryParams: r.URL.Query(),
		Options: &openapi3filter.Options{SkipSettingDefaults: true, SchemaValidationOptions: o.rules.fast},
	}
	var faults []fault
	for _, p := range o.parameters {
		if err := openapi3filter.ValidateParameter(r.Context(), input, p.Parameter); err != nil {
			faults = append(faults, o.rules.parameterFaults(p, err, sent(p, r, path, input.QueryParams))...)
		}
	}
	return violations(faults)
}

// parameterFaults says in words what kin-openapi objects to.
func (r *rules) parameterFaults(p parameter, err error, values []string) []fault {
	w := walk{rules: r, in: p.In}
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		w.tell(fault{rule: "required", wants: "is required"})
	case errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		w.tell(fault{rule: "empty", wants: "must not be empty"})
	case p.form != nil && len(values) > 0:
		w.visit(p.form.tree, p.form.valueOf(values), "")
	}
	if len(w.faults) == 0 {
		w.tell(fault{rule: "form", wants: "does not have the documented form"})
	}

	for i := range w.faults {
		w.faults[i].field = p.Name + w.faults[i].field
	}

	return asText(w.faults)
}

// asText leaves out that a parameter or a header is text: it is nothing else.
func asText(faults []fault) []fault {
	for i := range faults {
		faults[i].seen = strings.TrimPrefix(faults[i].seen, textPrefix)
	}
	return faults
}

// sent is what the request says about a parameter, as text.
func sent(p parameter, r *http.Request, path map[string]string, query url.Values) []string {
	switch p.In {
	case openapi3.ParameterInPath:
		return []string{path[p.Name]}
	case openapi3.ParameterInQuery:
		return query[p.Name]
	case openapi3.ParameterInHeader:
		return r.Header.Values(p.Name)
	}

	if cookie, err := r.Cookie(p.Name); err == nil {
		return []string{cookie.Value}
	}
	return nil
}

// valueOf reads text as the schema wants it; text that cannot be read so stays text, and is a fault of its type.
func (s *schema) valueOf(values []string) any {
	if !s.source.Type.Is(openapi3.TypeArray) || s.source.Items == nil {
		return textValue(s.source.Type, values[0])
	}
	list := []any{}
	for _, value := range values {
		for _, item := range strings.Split(value, ",") {
			list = append(list, textValue(s.source.Items.Value.Type, item))
		}
	}
	return list
}

func textValue(types *openapi3.Types, text string) any {
	switch {
	case types.Is(openapi3.TypeInteger), types.Is(openapi3.TypeNumber):
		if read, f := readJSON([]byte(text), nil, nil); f.rule == "" {
			if number, ok := read.value.(json.Number); ok {
				return number
			}
		}
	case types.Is(openapi3.TypeBoolean):
		if text == "true" || text == "false" {
			return text == "true"
		}
	}
	return text
}
