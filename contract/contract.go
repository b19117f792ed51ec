// Package contract says whether the other side of PayPorter's contract is right, black box: it orders
// in a shop as a customer would, plays PayPorter and an attacker, and looks at what the shop believes.
//
// It owns the table of rules, their judges and the run. It sees what a network sees: the sandbox is
// driven through its control API, and the shop through its pages.
package contract

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Rule is one thing that a merchant must hold. Its ID never changes.
type Rule struct {
	ID       string // such as TRUST-003
	Title    string
	Severity report.Severity
	Source   string // documented or assumed, with the page
	Expected string
	Advice   string // how to mend it
}

// Family is the part of the id before its number.
func (r Rule) Family() string {
	family, _, _ := strings.Cut(r.ID, "-")
	return family
}

// Rules is the table of rules for a merchant, in the order in which they are reported.
func Rules() []Rule {
	var all []Rule
	for _, r := range table() {
		all = append(all, Rule{r.ID, r.Title, r.Severity, r.Source, r.Expected, r.Advice})
	}
	return all
}

// Families lists the families of rules.
func Families() []Family { return families() }
