package merchant

import (
	"fmt"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// slowRule is the rule that names a slow shop.
const slowRule = "RESIL-016"

// storm is how many questions about one order within a second are too many.
const storm = 10

// paceRules are about how fast the shop is, and how often it asks.
func paceRules() []row {
	return []row{
		{
			ID: slowRule, Title: "The shop answers within a few seconds", Severity: report.Major,
			Source: "assumed: a callback is done when it is answered with 2xx within 5 seconds, as PayPorter's webhooks page " +
				"says of webhooks",
			Expected: "A customer orders and pays, and then once more. Half of what the shop answers the second time to the customer, to " +
				"PayPorter and to who looks at the order comes within 2.5 seconds.",
			Advice: "Look for what the shop waits for: a database without an index, a mail that is sent before the answer, " +
				"one worker for everybody. A shop that takes seconds misses PayPorter's limit of five. Judge it with a longer " +
				"--timeout.",
			Judge: judgeSlowness, When: rule.Alone,
		},
		{
			ID: "RESIL-017", Title: "The shop does not ask about one order ten times a second", Severity: report.Advisory,
			Source: "documented: PayPorter, general API introduction (too many requests are answered 429)",
			Expected: "A callback comes and PayPorter answers SUCCESS. Another callback comes and PayPorter answers 500. The " +
				"shop asks fewer than ten times a second about each order.",
			Advice: "Ask once for each callback. When that fails, answer the callback 503, or ask again after a wait that " +
				"grows each time, and stop after a few tries.",
			Judge: judgeStorm, Single: true,
		},
	}
}

func judgeSlowness(t *trial) {
	if t.facts.Slow() {
		rule.Fail("half of the shop's first answers took %s or longer", tenths(t.facts.Answers))
	}
	t.needsPaid()
	t.saw("half of the first answers took less than %s", max(t.facts.Answers.Round(time.Millisecond), time.Millisecond))
}

func tenths(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }

// tooSlow is why not all is judged in a slow shop.
func (r *run) tooSlow() string {
	return fmt.Sprintf("the shop takes %s for an answer, see %s, so this was not reached within %s; a longer --timeout, "+
		"or --rules with its name, judges it", tenths(r.facts.Answers), slowRule, tenths(time.Since(r.started)))
}

// saySlow gives the reason for what a run did not get to in a slow shop.
func (r *run) saySlow(judged []report.Rule) {
	for i := range judged {
		if judged[i].Seen == rule.Unreached && r.facts.Slow() && !r.notAsked(judged[i].Family) {
			judged[i].Seen = r.tooSlow()
		}
	}
}

// criticalUnjudged is how many critical rules a run has not reached.
func (r *run) criticalUnjudged(judged report.Report) (n int) {
	for _, one := range judged.Rules {
		if one.Result == report.NotEvaluable && one.Severity == report.Critical && !r.notAsked(one.Family) {
			n++
		}
	}
	return n
}

// enough is how long rules are begun with a sluggish shop, and lastRule how long before the end of a run. What is left
// then is not judged, unless it was asked for by name.
const (
	enough   = 45 * time.Second
	lastRule = 45 * time.Second
)

// beginUntil is how long after its start a run begins rules with a sluggish shop.
func (r *run) beginUntil() time.Duration {
	if r.facts.Slow() {
		return max(enough, r.within-lastRule)
	}
	return enough
}

// hopeless says why a rule is not begun; empty: it is.
func (r *run) hopeless(of row) string {
	exempt := len(r.harness.Config.Rules) > 0 || of.When == rule.Last || of.When == rule.FromStart ||
		of.ID == slowRule || r.notAsked(of.Family())
	switch {
	case !r.facts.sluggish() || exempt || time.Since(r.started) < r.beginUntil():
		return ""
	case r.facts.Slow():
		return r.tooSlow()
	case r.facts.late():
		took := r.facts.callbacks[0].Took().Round(100 * time.Millisecond)
		return fmt.Sprintf("the shop answers a callback only after %s, see ACK-002, so this was not reached within %s; "+
			"--rules with its name judges it", took, enough)
	}

	return fmt.Sprintf("the shop decides on a payment only after %s, so this was not reached within %s; --rules "+
		"with its name judges it", r.facts.Latency.Round(100*time.Millisecond), enough)
}

// notAsked reports whether the config has nothing that the rules of a family need.
func (r *run) notAsked(family string) bool {
	c := r.harness.Config
	return family == "WEBHOOK" && c.Webhook.URL == "" || family == "REFUND" && c.Refund.Request.IsZero()
}

// needsQuick gives up when the shop takes so long for each answer that nobody can tell what else it waits for.
func (t *trial) needsQuick() {
	if t.facts.Slow() {
		rule.See(slowRule).Missing("the shop takes %s for an answer anyway", tenths(t.facts.Answers))
	}
}

// learnStorm looks whether the shop goes on asking about an order that is paid.
func (t *trial) learnStorm(o *shop.Purchase) {
	if asked := t.asks(o, time.Now()); most(asked) >= storm {
		t.facts.storm = asked
		t.harness.Sandbox.AsksOn.Store(true)
	}
}

// asks are the shop's questions about an order since a moment. It is looked at for a second, and for one more when it
// goes on but has not asked often enough for a storm: the machine may have held it up.
func (t *trial) asks(o *shop.Purchase, since time.Time) (asked []shop.Call) {
	for goesOn, looks := true, 0; goesOn && looks < 2 && most(asked) < storm; looks++ {
		goesOn = t.watch.Asks(time.Second)
		asked = slices.DeleteFunc(t.watch.Questions(o), func(c shop.Call) bool { return c.At.Before(since) })
	}
	return asked
}

// most is how many of the calls began within one second, where they were most.
func most(calls []shop.Call) (n int) {
	first := 0
	for last := range calls {
		for calls[last].At.Sub(calls[first].At) >= time.Second {
			first++
		}
		n = max(n, last-first+1)
	}
	return n
}

func judgeStorm(t *trial) {
	t.needsQuestions()
	if len(t.facts.storm) > 0 {
		t.show(t.facts.storm...)
		rule.Fail("after one callback the order was asked about %d times within a second; PayPorter answered SUCCESS",
			most(t.facts.storm))
	}

	for _, one := range []struct {
		order *shop.Purchase
		said  string
	}{{t.order(), "SUCCESS"}, {t.order(shop.Refusing(500).Statuses), "500"}} {
		began := time.Now()
		t.shop.Pay(one.order)
		t.watch.Told(one.order, 1)
		n := most(t.asks(one.order, began))
		if n >= storm {
			t.concerns(one.order)
			rule.Fail("after one callback the order was asked about %d times within a second; PayPorter answered %s", n,
				one.said)
		}
		t.saw("asked %s within a second when PayPorter answered %s", times(n), one.said)
	}
}
