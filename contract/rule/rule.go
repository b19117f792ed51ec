// Package rule is the engine of every verdict: what a rule is, which rules are asked for, in which order they are
// judged, how a judge ends, and how a table of rules is shown to people.
//
// It knows no merchant, client or provider. Their packages own the tables and the judges.
package rule

import (
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Rule is a row of a table: what must hold, and J, what judges it. Its ID never changes.
type Rule[J any] struct {
	ID       string // such as TRUST-003
	Group    string // its family, for a table whose ids do not begin with it; empty: they do
	Title    string
	Severity report.Severity
	Source   string // documented or assumed, with the page
	Expected string
	Advice   string // how to mend it
	When     When   // zero: in the order of the table
	Single   bool   // never beside others: what it sends names no order and could be any trial's, or it counts in time
	Thorough bool   // judged only when it is named, or when all that takes long is asked for
	Judge    J
}

// When is the part of a run in which a rule is judged.
type When int

// The parts of a run, in their order.
const (
	InOrder    When = iota // one rule after the other
	Alone                  // before all others: it looks at all that was sent so far, or keeps the other side waiting
	FromStart              // likewise, and it looks at nothing but the start of the run
	MovesClock             // it moves PayPorter's clock, which then differs from the merchant's
	Slow                   // it waits in real time, so it is judged beside the other slow ones
	Last                   // it looks at the whole run
)

// prefix is the part of the id before its number.
func (r Rule[J]) prefix() string {
	prefix, _, _ := strings.Cut(r.ID, "-")
	return prefix
}

// Family is what the rule is about: its group, or the part of the id before its number.
func (r Rule[J]) Family() string {
	if r.Group != "" {
		return r.Group
	}
	return r.prefix()
}

// Is reports whether a name, in any case, is the rule's, its family's, or the part of the id before its number.
func (r Rule[J]) Is(name string) bool {
	return slices.ContainsFunc([]string{r.ID, r.Family(), r.prefix()}, func(own string) bool {
		return strings.EqualFold(own, name)
	})
}

// Report is the rule as a report has it, with this verdict and no exchanges.
func (r Rule[J]) Report(v Verdict) report.Rule {
	return report.Rule{
		ID: r.ID, Family: r.Family(), Title: r.Title, Severity: r.Severity, Source: r.Source, Expected: r.Expected,
		Advice: r.Advice, Result: v.Result, Seen: v.text(), Exchanges: []exchange.Exchange{},
	}
}

// Unjudged is a table as a report has it before anything is judged.
func Unjudged[J any](table []Rule[J]) []report.Rule {
	all := make([]report.Rule, len(table))
	for i, r := range table {
		all[i] = r.Report(Verdict{Result: report.Skipped})
	}
	return all
}
