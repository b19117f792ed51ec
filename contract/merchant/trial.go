package merchant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// trial is one rule being judged, in a session of its own.
type trial struct {
	harness *shop.Harness
	shop    *shop.Session // what it does
	watch   *shop.Watch   // what it sees
	facts   *facts
	rule    row
	shown   []shop.Call      // what shows the verdict; empty: all of the trial
	about   []*shop.Purchase // the orders that failed, the first first; empty: nobody says
	cases   []report.Case    // what was tried, when it is several
	written int              // how much the shop had written before
	notes   []string
}

// row is a rule of the table, with its judge. A judge that returns has found nothing wrong.
type row = rule.Rule[func(*trial)]

// pricesPerRule is how many prices each rule has of its own.
const pricesPerRule = 64

// trial begins a trial of a rule of the table.
func (r *run) trial(ctx context.Context, of row) *trial {
	n := slices.IndexFunc(r.table, func(other row) bool { return other.ID == of.ID })
	return r.trialWith(ctx, of, shop.SessionOptions{Prices: (n + 1) * pricesPerRule})
}

// trialWith begins a trial whose orders are as the options say.
func (r *run) trialWith(ctx context.Context, of row, o shop.SessionOptions) *trial {
	o.Name = of.ID
	session := r.harness.Session(ctx, o)
	return &trial{
		harness: r.harness, shop: session, watch: session.Watch, facts: &r.facts, rule: of,
		written: r.harness.Written(),
	}
}

// judged runs the judge.
func (t *trial) judged() rule.Verdict {
	return rule.Judged(func() { t.rule.Judge(t) }, func() string {
		if seen := strings.Join(t.notes, "; "); seen != "" {
			return seen
		}
		return t.looked()
	})
}

// saw says what a rule that holds was seen to do.
func (t *trial) saw(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// looked says what a rule that holds was judged by, when its judge says nothing else.
func (t *trial) looked() string {
	if len(t.watch.Orders) == 0 {
		return "as expected in all that the shop sent"
	}
	return fmt.Sprintf("as expected: %d orders, %d exchanges", len(t.watch.Orders), len(t.watch.Exchanges()))
}

// show limits what is shown to these calls.
func (t *trial) show(calls ...shop.Call) { t.shown = append(t.shown, calls...) }

// concerns says which orders a verdict is about: their exchanges show it, and the first is named.
func (t *trial) concerns(orders ...*shop.Purchase) { t.about = orders }

// tried keeps a case: what was tried on an order, and whether the shop did wrong.
func (t *trial) tried(o *shop.Purchase, what string, failed bool) {
	c := report.Case{Name: what, Order: o.ID, Result: report.Passed}
	if failed {
		c.Result = report.Failed
	}
	t.cases = append(t.cases, c)
}

// order orders, and gives up when that does not work.
func (t *trial) order(options ...func(*shop.Purchase)) *shop.Purchase {
	t.needsOrders()
	return t.shop.Order(options...)
}

// staysUnpaid waits until the shop is done and fails the rule when it believes that the order is paid.
func (t *trial) staysUnpaid(o *shop.Purchase, after string, args ...any) {
	after = fmt.Sprintf(after, args...)
	early := t.watch.Believed(o)
	t.watch.Settled()
	for _, b := range []shop.Belief{early, t.watch.Believed(o)} {
		if b.Given() {
			t.concerns(o)
			rule.Fail("%s after %s", b.How(), after)
		}
	}
	t.saw("unpaid after %s", after)
}
