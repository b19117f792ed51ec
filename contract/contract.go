// Package contract says whether the other side of PayPorter's contract is right, black box: it orders
// in a shop as a customer would, plays PayPorter and an attacker, and looks at what the shop believes.
//
// It is the facade that a Go test and the command line share. The rules for shops and their judges are in
// contract/merchant, what drives a shop is in contract/shop, and the engine is contract/rule.
package contract

import (
	"context"
	"io"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/merchant"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
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
	for _, r := range merchant.Rules() {
		all = append(all, Rule{r.ID, r.Title, r.Severity, r.Source, r.Expected, r.Advice})
	}
	return all
}

// Families lists the families of rules.
func Families() []Family { return merchant.Families() }

// CheckRules says whether each of the names is a rule's or a family's.
func CheckRules(wanted []string) error { return merchant.CheckRules(wanted) }

// RulesPage is the table of rules as Markdown, for people.
func RulesPage() string { return merchant.RulesPage() }

// Explain is a rule for people: what it expects, how it is judged, what PayPorter plays, and how to mend it. An error
// says that there is no such rule.
func Explain(id string) (string, error) { return merchant.Explain(id) }

// Verify judges a shop by the rules of the config. An error means that the run went wrong, not that the
// shop did.
func Verify(ctx context.Context, c Config, o Options) (Judgement, error) {
	return merchant.Verify(ctx, c, o)
}

// LoadConfig reads the config of a run from a YAML file. The error names every fault with its place.
// A command without a folder of its own runs in the file's.
func LoadConfig(path string) (Config, error) { return shop.LoadConfig(path) }

// ParseConfig reads the text of a config file. The name of the file is what errors call it.
func ParseConfig(file string, source []byte) (Config, error) { return shop.ParseConfig(file, source) }

// Check orders once and pays once in a shop, and says what of its config is right. What a shop that it starts writes
// goes to log; nil: nowhere.
func Check(ctx context.Context, c Config, log io.Writer) []Checked { return shop.Check(ctx, c, log) }

// ConfigSchema is the JSON Schema of config files, for editors.
func ConfigSchema() []byte { return shop.ConfigSchema() }

// ConfigReference is every key of config files as Markdown, for people.
func ConfigReference() string { return shop.ConfigReference() }

// ReadBundle reads a bundle, and where its config is.
func ReadBundle(path string) (Bundle, error) { return merchant.ReadBundle(path) }

// How to order in a shop, and how to see what it believes.
type (
	// Config says how to order in a shop, and how to see what it believes. LoadConfig reads it from a
	// file; a test fills it in.
	Config = shop.Config
	// Environment is what a shop must know to take its payments at the sandbox.
	Environment = shop.Environment
	// Shop is the merchant to be judged.
	Shop = shop.Shop
	// PayPorter is where the sandbox is, for a shop that runs already and cannot be told.
	PayPorter = shop.PayPorter
	// Order is how a customer orders.
	Order = shop.Order
	// State is how to see what the shop believes of an order.
	State = shop.State
	// Webhook is where the shop takes PayPorter's webhooks.
	Webhook = shop.Webhook
	// Refund is how the shop is asked to give money back.
	Refund = shop.Refund
	// Take keeps values of an answer under names of their own.
	Take = shop.Take
	// Request is a request of a customer.
	Request = shop.Request
	// Extract finds a value in an answer.
	Extract = shop.Extract
	// Condition is what an answer says when something is so.
	Condition = shop.Condition
	// Checked is what became of a key of the config.
	Checked = shop.Checked
)

// How a run is made, and what it finds.
type (
	// Options are how a run is made. The zero value works.
	Options = merchant.Options
	// Progress is told how far a run is, from many sides at once.
	Progress = rule.Progress
	// Judgement is what a run found, and what is needed to make it again.
	Judgement = merchant.Judgement
	// Family is a group of rules about the same thing.
	Family = merchant.Family
	// Bundle is what is needed to judge again what failed, and to see what happened.
	Bundle = merchant.Bundle
	// FailedRule is a rule that failed, and what was done to find that out.
	FailedRule = merchant.FailedRule
	// Clock is the time of the sandbox.
	Clock = merchant.Clock
)
