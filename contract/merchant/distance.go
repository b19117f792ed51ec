package merchant

import (
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// distanceRules are about callbacks that come again when much has happened since.
func distanceRules() []row {
	const remember = "Let the order itself remember that it is paid, in the database. A list of the last callbacks, or " +
		"one in the memory of a process, forgets."
	return []row{
		{
			ID: "IDEM-007", Title: "A callback replayed after many other orders fulfils nothing again",
			Severity: report.Critical, Source: documentedWebhooks,
			Expected: "An order is paid. Then up to 24 other orders are paid, each with its callback. The first order's " +
				"callback comes once more. The order is fulfilled once. A shop that is too slow for 12 others cannot be judged.",
			Advice: remember, Judge: judgeAfterOthers,
		},
		{
			ID: "IDEM-008", Title: "A callback replayed after the shop's restart fulfils nothing again",
			Severity: report.Critical, Source: documentedWebhooks,
			Expected: "An order is paid. The shop is ended and started again. The order's callback comes once more. The " +
				"order is fulfilled once. A shop that takes more than five seconds to start, and one that has forgotten " +
				"its orders, cannot be judged.",
			Advice: remember, Judge: judgeAfterRestart, When: rule.Last,
		},
	}
}

const (
	manyOrders   = 24
	fewestOrders = 12
	othersWithin = 4 * time.Second  // after it no other order is begun any more, if there are enough
	fewestWithin = 30 * time.Second // after it none is, however few there are
)

func judgeAfterOthers(t *trial) {
	needsCount(t)
	o := paidOrder(t, shop.Plain)
	var others []*shop.Purchase
	begun := time.Now()
	for len(others) < manyOrders && (time.Since(begun) < othersWithin || len(others) < fewestOrders) {
		if time.Since(begun) > fewestWithin {
			rule.NotEvaluable("only %s came about in %s", wording.Plural(len(others), "other order"), fewestWithin)
		}
		other := t.order()
		t.shop.Pay(other)
		others = append(others, other)
	}
	for _, other := range others {
		t.watch.Told(other, 1)
	}

	t.watch.Settled()
	t.shop.CallAgain(o) // what became of the order counts
	t.concerns(o)
	t.watch.Settled()
	if again(t, o) && !everyTime(t) {
		afterOne(t)
	}
	fulfilledOnce(t, o, "a callback that came again after "+wording.Plural(len(others), "other order"))
}

// again reports whether an order was fulfilled more than once.
func again(t *trial, o *shop.Purchase) bool {
	b := t.watch.Believed(o)
	return b.Fulfilments != nil && *b.Fulfilments > 1
}

// afterOne gives up when one other order is enough.
func afterOne(t *trial) {
	o := paidOrder(t, shop.Plain)
	paidOrder(t, shop.Plain)
	t.watch.Settled()
	t.shop.CallAgain(o)
	t.watch.Settled()
	if again(t, o) {
		t.concerns(o)
		rule.See("IDEM-003").Own("a callback that comes again after one other order's fulfils again")
	}
}

// quickStart is how long a shop may take to start that is started anew for one rule.
const quickStart = 5 * time.Second

func judgeAfterRestart(t *trial) {
	needsCount(t)
	switch took, ours := t.harness.StartsWithin(); {
	case !ours:
		rule.NotEvaluable("the shop was not started by this run, so it cannot be started again")
	case took > quickStart:
		rule.NotEvaluable("the shop took %s to start, which is too long to start it again", tenths(took))
	}

	o := paidOrder(t, shop.Plain)
	t.watch.Settled()
	if !t.harness.Restart(t.shop.Ctx) {
		rule.NotEvaluable("the shop could not be started again")
	}
	if !t.watch.Believed(o).Paid {
		rule.NotEvaluable("the shop has forgotten the order since it was started again: it keeps its orders in memory")
	}

	t.shop.CallAgain(o) // what became of the order counts
	t.concerns(o)
	fulfilledOnce(t, o, "a callback that came again after the shop's restart")
}
