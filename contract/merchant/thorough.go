package merchant

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// untried reports whether a rule is left to a thorough run, which this one is not.
func untried(c shop.Config, of row) bool {
	named := slices.ContainsFunc(c.Rules, func(name string) bool { return strings.EqualFold(name, of.ID) })
	return of.Thorough && !c.Thorough && !named
}

// affordable are the chosen rules without those that are left to a thorough run.
func affordable(c shop.Config, chosen func(row) bool) func(row) bool {
	return func(of row) bool { return chosen(of) && !untried(c, of) }
}

// why says why a rule is not judged.
func why(c shop.Config) func(row) string {
	asked, _ := choose(c.Rules) // the names were checked before
	return func(of row) string {
		if asked(of) && untried(c, of) {
			return report.Untried
		}
		return rule.Unasked
	}
}

// How long a trial looks: with a usual run and with a thorough one.
type patience struct{ usual, thorough time.Duration }

func (t *trial) looks(p patience) time.Duration {
	if t.harness.Config.Thorough {
		return p.thorough
	}
	return p.usual
}

// thoroughRules take longer than all others.
func thoroughRules() []row {
	return []row{{
		ID: "RESIL-018", Title: "A customer whose create hangs is told within 15 seconds", Severity: report.Minor,
		Source:   "assumed: networks do that, and nobody looks at an empty page for longer",
		Expected: "PayPorter does not answer a create. The customer gets an answer of the shop within 15 seconds.",
		Advice: "Give the create a time limit, also when it is tried again: about five seconds in all. Then tell the " +
			"customer to try again later.",
		Judge: judgeCreateTold, When: rule.Alone, Thorough: true,
	}}
}

// tellsWithin is how long a customer waits for an answer while PayPorter does not answer the create.
const tellsWithin = 15 * time.Second

func judgeCreateTold(t *trial) {
	t.needsPaid()
	t.needsQuick()
	held := shop.NewHold()
	defer held.Release()

	o := t.shop.NewOrder(shop.Edit(held.Edit).Creates)
	ctx, goAway := context.WithTimeout(t.shop.Ctx, tellsWithin)
	defer goAway()
	begun := time.Now()
	_ = t.shop.PlaceWithin(ctx, o) // no order comes about

	took := time.Since(begun)
	switch {
	case len(t.watch.Creates(o)) == 0:
		rule.NotEvaluable("the shop sent no create for the order")
	case o.Answer.Status == 0:
		t.concerns(o)
		rule.Fail("PayPorter did not answer the create, and the customer had no answer after %s", tenths(took))
	}
	t.saw("PayPorter did not answer the create; the customer was answered %d after %s", o.Answer.Status, tenths(took))
}
