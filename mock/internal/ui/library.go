package ui

import (
	"context"
	_ "embed"
	"encoding/json"
	"html/template"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/sequence"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// libraryPath is where the scenarios that are shipped are shown, under Path.
const libraryPath = "scenarios/library"

// What a merchant sees of each shipped scenario, by its name: drawn from the journal of a sandbox in which it was played.
//
//go:embed library.json
var library []byte

// diagrams are read at the first look, so that a sandbox that nobody looks at does not pay for it. A test makes them.
var diagrams = sync.OnceValue(func() (all map[string]sequence.Diagram) {
	if err := json.Unmarshal(library, &all); err != nil {
		panic("embedded diagrams: " + err.Error())
	}
	return all
})

// shelf is the page of all scenarios that are shipped.
type shelf struct {
	Search string // a part of what is shown
	Shown  []*scenarios.Scenario
}

// sample is the page of one of them.
type sample struct {
	*scenarios.Scenario
	Diagram template.HTML // made by internal/sequence, which escapes
	YAML    string
	Force   form
}

// libraryPage lists the scenarios whose name or sentence has what is searched for.
func (d *dashboard) libraryPage(_ context.Context, x *exchange) (answer, error) {
	page := shelf{Search: strings.TrimSpace(x.query.Get("search"))}
	for _, s := range scenarios.Library().Scenarios() {
		if strings.Contains(strings.ToLower(s.Name+" "+s.Description), strings.ToLower(page.Search)) {
			page.Shown = append(page.Shown, s)
		}
	}
	return x.page("library", "Scenario library", page), nil
}

// samplePage shows one scenario: what it does, how to have it, and its text.
func (d *dashboard) samplePage(_ context.Context, x *exchange) (answer, error) {
	s, ok := scenarios.Library().Find(x.param("name"))
	if !ok {
		return answer{}, &payment.Error{
			Code: payment.NotFound, Message: "No scenario with this name is shipped. The library lists those that are.",
		}
	}

	diagram, err := drawn(diagrams()[s.Name])
	if err != nil {
		return answer{}, err
	}
	return x.page("sample", s.Name, sample{
		Scenario: s, Diagram: diagram, YAML: string(scenarios.Shipped(s.Name)),
		Force: d.ready(x, nextForm(x, s.Name)),
	}), nil
}

// begun is the text to begin a scenario of one's own with: the shipped one under another name, before those in force.
func begun(x *exchange, from string) string {
	if _, ok := scenarios.Library().Find(from); !ok {
		return string(x.set.YAML())
	}
	own := scenarios.Renamed(from, freeName("my-"+from, x.set))
	if len(x.set.Scenarios()) == 0 {
		return string(own)
	}
	return string(scenarios.Joined(own, x.set.YAML()))
}

// freeName is a name that the set does not have yet.
func freeName(name string, set *scenarios.Set) string {
	for _, taken := set.Find(name); taken; _, taken = set.Find(name) {
		name += "-too"
	}
	return name
}
