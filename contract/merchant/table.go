package merchant

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// Family is a group of rules about the same thing.
type Family struct {
	Name  string
	About string

	rules func() []row
}

// families are in the order in which they are reported.
func families() []Family {
	return []Family{
		{"REQ", "what the shop sends to PayPorter", func() []row {
			return slices.Concat(requestRules(), redirectRules())
		}},
		{"FLOW", "the way of an order, good or bad", func() []row {
			return slices.Concat(flowRules(), moneyRules(), instalmentRules(), frameRules())
		}},
		{"TRUST", "what the shop believes, and whom", trustRules},
		{"IDEM", "what happens when it happens again", idempotencyRules},
		{"RESIL", "what happens when something goes wrong", resilienceRules},
		{"ACK", "how the shop answers a callback", acknowledgementRules},
		{"WEBHOOK", "whom the shop believes that sends webhooks, and what it makes of them", func() []row {
			return slices.Concat(webhookRules(), signatureRules())
		}},
		{"REFUND", "how the shop gives money back, and what it believes of that", refundRules},
	}
}

// table is every rule for a merchant, in the order in which they are reported.
func table() []row {
	var all []row
	for _, family := range families() {
		all = slices.Concat(all, family.rules())
	}
	return all
}

// Rules is the table as a report has it before anything is judged.
func Rules() []report.Rule { return rule.Unjudged(table()) }

// Families lists the families of rules.
func Families() []Family { return families() }

// The pages that say what a rule holds a shop to.
const (
	documentedCheckout = "documented: PayPorter, checkout page"
	documentedAuth     = "documented: PayPorter, authentication page"
	documentedWebhooks = "documented: PayPorter, webhooks page"
)
