// Package report is what a verdict looks like: which rules were judged, what each expected and saw,
// and how to mend it. It owns the forms in which people and machines read it. It judges nothing.
package report

import (
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Kind says who was judged.
type Kind string

// The kinds of reports.
const (
	Merchant Kind = "merchant" // a shop: verify merchant
	Client   Kind = "client"   // an SDK or app by its own tests: verify client
	Provider Kind = "provider" // a server that claims to be PayPorter: verify provider
	Proxy    Kind = "proxy"    // an app and PayPorter, by what passed between them: proxy
)

// Result is what became of a rule.
type Result string

// The results. Only Failed can fail a run.
const (
	Passed       Result = "passed"
	Failed       Result = "failed"
	NotEvaluable Result = "not-evaluable" // it could not be judged; Seen says why
	Skipped      Result = "skipped"       // it was not asked for
)

// Severity says how bad a broken rule is.
type Severity string

// The severities, the worst first.
const (
	Critical Severity = "critical" // money or goods are lost
	Major    Severity = "major"    // orders go wrong
	Minor    Severity = "minor"    // something is unclean
	Advisory Severity = "advisory" // worth knowing
)

// Verdict is the outcome of a run.
type Verdict string

// The verdicts.
const (
	OK    Verdict = "passed"
	NotOK Verdict = "failed"
)

// Report is a whole run. Conclude comes before any of the forms. Its JSON form is published as a
// schema.
type Report struct {
	Version   int       `json:"version"` // 1
	Kind      Kind      `json:"kind"`
	Verdict   Verdict   `json:"verdict"`            // what Conclude found
	Caveat    string    `json:"-"`                  // what a good verdict does not prove, in its line; empty: nothing
	Reason    string    `json:"reason"`             // of the verdict, in a sentence
	FailOn    Severity  `json:"failOn,omitempty"`   // the least severity that fails the run; empty: Major
	Rules     []Rule    `json:"rules"`              // in the order of the table
	Findings  []Finding `json:"findings,omitempty"` // what failed, by its reason; what to mend first comes first
	Summary   Summary   `json:"summary"`
	Tool      string    `json:"tool"` // name and version of what judged
	Target    string    `json:"target,omitempty"`
	StartedAt time.Time `json:"startedAt"`
	Seconds   float64   `json:"seconds"`
	Coverage  *Coverage `json:"coverage,omitempty"` // of a client or provider run
	Bundle    string    `json:"bundle,omitempty"`   // where the bundle for --replay was left

	// Secrets are the credentials of the run. No form shows them, wherever they stand.
	Secrets []payment.Secret `json:"-"`
}

// Rule is one rule with its result.
type Rule struct {
	ID        string              `json:"id"`     // stable, such as TRUST-003
	Family    string              `json:"family"` // such as TRUST
	Title     string              `json:"title"`
	Severity  Severity            `json:"severity"`
	Source    string              `json:"source"` // documented or assumed, with the page
	Result    Result              `json:"result"`
	Expected  string              `json:"expected"`
	Seen      string              `json:"seen"` // of a rule that was not judged: why
	Advice    string              `json:"advice"`
	Exchanges []exchange.Exchange `json:"exchanges"`           // what shows it, in order
	Decisive  []Deciding          `json:"decisive,omitempty"`  // those of the exchanges that decided
	Cases     []Case              `json:"cases,omitempty"`     // what was tried, the first that failed first
	Because   string              `json:"because,omitempty"`   // the id of a rule whose failure explains this one
	Output    string              `json:"output,omitempty"`    // what the shop itself wrote meanwhile, its end
	Scenarios []string            `json:"scenarios,omitempty"` // what PayPorter played
	Seconds   float64             `json:"seconds"`
}

// Summary counts the rules by their result.
type Summary struct {
	Rules        int `json:"rules"`
	Passed       int `json:"passed"`
	Failed       int `json:"failed"`
	NotEvaluable int `json:"notEvaluable"`
	Skipped      int `json:"skipped"`
}

// Coverage says what of the contract has been exercised, by kind.
type Coverage struct {
	Items []CoverageItem `json:"items"`
}

// CoverageItem is one thing that can be exercised.
type CoverageItem struct {
	Kind  string `json:"kind"` // operation, field, boundary, answer or scenario
	Name  string `json:"name"`
	Count int    `json:"count"` // zero: never
}
