package merchant

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

//go:embed scenarios.json
var scenariosOfRules []byte

// Explain is a rule for people. An error says that there is no such rule.
func Explain(id string) (string, error) {
	all := table()
	n := slices.IndexFunc(all, func(r row) bool { return strings.EqualFold(r.ID, id) })
	if n < 0 {
		return "", fmt.Errorf("there is no rule %s; %s", id, orListed(id, false))
	}

	r := all[n]
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n%s, %s\n", r.ID, r.Title, r.Severity, r.Source)
	section(&b, "Expected", report.Sentences(r.Expected))
	section(&b, "How it is judged", judgedHow(r))
	section(&b, "How to mend it", report.Sentences(r.Advice))
	if scenes := playedFor(r.ID); len(scenes) > 0 {
		fmt.Fprintf(&b, "\nWhat PayPorter plays\n%s", shop.SceneSource(scenes))
	}
	fmt.Fprintf(&b, "\nTo judge it alone\n  payporter-mock verify merchant --config verify.yaml --rules %s\n", r.ID)
	return b.String(), nil
}

// orListed helps with a name that no rule has, nor a family where these are named, too.
func orListed(name string, families bool) string {
	var known []string
	for _, r := range table() {
		known = append(known, r.ID)
		if families && !slices.Contains(known, r.Family()) {
			known = append(known, r.Family())
		}
	}
	hint := "verify rules lists them"
	if meant := wording.DidYouMean(name, known); meant != "" {
		hint += "; " + meant
	}
	return hint
}

// section is a heading and a list.
func section(b *strings.Builder, title string, lines []string) {
	fmt.Fprintf(b, "\n%s\n", title)
	for _, line := range lines {
		fmt.Fprintf(b, "  - %s\n", line)
	}
}

// judgedHow says when in a run a rule is judged, and what it looks at.
func judgedHow(r row) []string {
	lines := []string{"The family " + r.Family() + " is about " + aboutOf(r.Family()) + "."}
	switch r.When {
	case rule.FromStart:
		lines = append(lines, "It looks at the orders that are made and paid at the start of every run.")
	case rule.MovesClock:
		lines = append(lines, "It has orders of its own, and moves PayPorter's clock.")
	case rule.Slow:
		lines = append(lines, "It has orders of its own, and waits in real time, beside the other rules that wait.")
	case rule.Last:
		lines = append(lines, "It is judged last, by everything that the shop did in the run.")
	default:
		lines = append(lines, "It has orders of its own.")
	}

	return append(lines,
		"What the shop believes is read from state.request of the config, before and after.",
		"It cannot be judged when a rule that it builds on fails; the report then names that rule.")
}

func aboutOf(family string) string {
	for _, f := range families() {
		if f.Name == family {
			return f.About
		}
	}
	return ""
}

// playedFor are the scenarios that PayPorter plays for the orders of a rule, in a shop that is right.
func playedFor(id string) []string {
	var all map[string][]string
	if json.Unmarshal(scenariosOfRules, &all) != nil {
		return nil // a test reads it
	}
	return all[id]
}
