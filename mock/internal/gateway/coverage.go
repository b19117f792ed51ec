package gateway

import (
	"maps"
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// ScenarioKind is the kind of the points that scenarios are: a checkout has followed one.
const ScenarioKind openapi.Kind = "scenario"

// Coverage counts what the merchant has exercised of the document.
func (m *Merchant) Coverage() *openapi.Coverage { return m.coverage }

// Covered is all that the merchant has exercised and not: the document's points, then the scenarios
// that are shipped or in force, and those that were in force before.
func (m *Merchant) Covered() []openapi.Item {
	followed := m.script.followed()
	for _, set := range []*scenarios.Set{scenarios.Library(), first(m.Scenarios())} {
		for _, s := range set.Scenarios() {
			followed[s.Name] += 0 // in the list, if never followed
		}
	}
	items := m.coverage.Items()
	for _, name := range slices.Sorted(maps.Keys(followed)) {
		items = append(items, openapi.Item{Kind: ScenarioKind, Name: name, Count: followed[name]})
	}
	return items
}

func first[A, B any](a A, _ B) A { return a }

// followed is how many checkouts have followed each scenario.
func (s *script) followed() map[string]uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.seen)
}
