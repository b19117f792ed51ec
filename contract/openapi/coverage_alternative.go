package openapi

import (
	"encoding/json"
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
)

// alternative is one of the forms between which a body chooses.
type alternative struct {
	number     int
	conditions []condition      // all that it wants; nil: only kin-openapi knows
	quick      *openapi3.Schema // for kin-openapi
	rules      *rules
	steps      map[string]decimal // by property: the least difference between two of its numbers
}

// condition is what an alternative wants of one property. Every request is asked, so it is worth
// having without kin-openapi, which is ten times as slow.
type condition struct {
	name     string
	decimals int             // the most that a number may have; none: any
	in, out  map[string]bool // texts that it must be, and must not be; nil: any
}

// conditionsOf are the conditions of a schema that has nothing else.
func conditionsOf(source *openapi3.Schema) []condition {
	rest := *source
	rest.Properties, rest.Title, rest.Extensions = nil, "", nil
	if !rest.IsEmpty() {
		return nil
	}
	var all []condition
	for _, name := range sortedKeys(source.Properties) {
		c, ok := conditionOf(name, *source.Properties[name].Value)
		if !ok {
			return nil
		}
		all = append(all, c)
	}
	return all
}

func conditionOf(name string, s openapi3.Schema) (c condition, ok bool) {
	c = condition{name: name, decimals: none}
	if decimals, ok := powerOfTen(s.MultipleOf); ok {
		c.decimals, s.MultipleOf = decimals, nil
	}
	if texts, ok := textSet(s.Enum); ok {
		c.in, s.Enum = texts, nil
	}
	if s.Not != nil {
		forbidden := *s.Not.Value
		if texts, ok := textSet(forbidden.Enum); ok {
			c.out, forbidden.Enum, forbidden.Extensions = texts, nil, nil
		}
		if !forbidden.IsEmpty() {
			return c, false
		}
		s.Not = nil
	}
	s.Extensions = nil
	return c, s.IsEmpty()
}

func (c condition) holds(value any) bool {
	text, isText := value.(string)
	if c.in != nil && (!isText || !c.in[text]) || isText && c.out[text] {
		return false
	}
	number, isNumber := value.(json.Number)
	return c.decimals == none || !isNumber || parseDecimal(string(number)).decimals() <= c.decimals
}

// fits says whether the alternative takes the body.
func (a alternative) fits(values map[string]any) bool {
	if a.conditions == nil {
		return a.quick.VisitJSON(values, a.rules.fast...) == nil
	}
	for _, c := range a.conditions {
		if value, ok := values[c.name]; ok && !c.holds(value) {
			return false
		}
	}
	return true
}

// takes says whether the alternative would take the body with this number in it.
func (a alternative) takes(name string, number decimal, values map[string]any) bool {
	other := maps.Clone(values)
	other[name] = json.Number(number.String())
	return a.fits(other)
}

// alternative is the number of the first alternative that takes the body.
func (o *operationPlan) alternative(values map[string]any) int {
	for _, a := range o.alternatives {
		if a.fits(values) {
			return a.number
		}
	}
	return none
}
