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

	judge func(*trial)
	slow  bool // it waits in real time, so it is judged beside the other slow ones
	moves bool // it moves PayPorter's clock, which then differs from the shop's, so it is judged late
	last  bool // it looks at the whole run
	known bool // it looks at nothing but the start
}

// Family is the part of the id before its number.
func (r Rule) Family() string {
	family, _, _ := strings.Cut(r.ID, "-")
	return family
}

// Rules is the table of rules for a merchant, in the order in which they are reported.
func Rules() []Rule {
	var all []Rule
	for _, family := range families() {
		all = append(all, family.rules()...)
	}
	return all
}

// Family is a group of rules about the same thing.
type Family struct {
	Name  string
	About string

	rules func() []Rule
}

func families() []Family {
	return []Family{
		{"REQ", "what the shop sends to PayPorter", requestRules},
		{"FLOW", "the way of an order, good or bad", flowRules},
		{"TRUST", "what the shop believes, and whom", trustRules},
		{"IDEM", "what happens when it happens again", idempotencyRules},
		{"RESIL", "what happens when something goes wrong", resilienceRules},
		{"ACK", "how the shop answers a callback", acknowledgementRules},
	}
}

// Families lists the families of rules.
func Families() []Family { return families() }

// The pages that say what a rule holds a shop to.
const (
	documentedCheckout = "documented: PayPorter, checkout page"

	documentedAuth = "documented: PayPorter, authentication page"

	documentedWebhooks = "documented: PayPorter, webhooks page"
	assumedLimits      = "assumed: PayPorter's pages name no limits; openapi.yaml does"
)
