package gateway

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// ScenarioKind is the kind of the points that scenarios are: a checkout has followed one.
const ScenarioKind openapi.Kind = "scenario"

// coveredPrefix begins the names under which the books count the points of the plan: "covered operation POST
// /api/checkout 200".
const coveredPrefix = "covered "

// PointNames appends the names under which the books count points of the plan, by their numbers.
func (g *Gateway) PointNames(names []string, numbers []int) []string {
	for _, number := range numbers {
		names = append(names, g.points[number])
	}
	return names
}

// Covered is all that the merchant has exercised and not: the document's points, then the scenarios
// that are shipped or in force, and those that were in force before.
func (m *Merchant) Covered(ctx context.Context) ([]openapi.Item, error) {
	set, _, err := m.Scenarios(ctx)
	if err != nil {
		return nil, err
	}
	covered, err := m.counts(ctx, coveredPrefix)
	if err != nil {
		return nil, err
	}
	followed, err := m.counts(ctx, followedPrefix)
	if err != nil {
		return nil, err
	}

	items := m.config.Plan.Items(func(p openapi.Point) uint64 { return covered[string(p.Kind)+" "+p.Name] })
	for _, known := range []*scenarios.Set{scenarios.Library(), set} {
		for _, s := range known.Scenarios() {
			followed[s.Name] += 0 // in the list, if never followed
		}
	}
	for _, name := range slices.Sorted(maps.Keys(followed)) {
		items = append(items, openapi.Item{Kind: ScenarioKind, Name: name, Count: followed[name]})
	}
	return items, nil
}

// counts are what was counted under the prefix, by what follows it.
func (m *Merchant) counts(ctx context.Context, prefix string) (map[string]uint64, error) {
	all, err := view(ctx, m, func(r store.Reader) (map[string]uint64, error) { return r.Counts(prefix) })
	counted := make(map[string]uint64, len(all))
	for name, n := range all {
		counted[strings.TrimPrefix(name, prefix)] = n
	}
	return counted, err
}
