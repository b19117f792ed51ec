package openapi

import (
	"encoding/json"
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
)

// alternative is one of the forms between which a body chooses.
type alternative struct {
	number   int
	approval *approval
	source   *openapi3.Schema
	rules    *rules
	steps    map[string]decimal // by property: the least difference between two of its numbers
}

// fits says whether the alternative takes the body. Every request is asked.
func (a alternative) fits(values map[string]any) bool {
	return a.approval.of(values) || a.approval.unsure && a.source.VisitJSON(values, a.rules.fast...) == nil
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
