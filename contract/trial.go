package contract

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// trial is one rule being judged, in a session of its own.
type trial struct {
	harness *harness
	shop    *Session
	facts   *facts
	rule    row
	shown   []call // what shows the verdict; empty: all of the trial
	notes   []string
}

// row is a rule of the table, with its judge. A judge that returns has found nothing wrong.
type row = rule.Rule[func(*trial)]

// pricesPerRule is how many prices each rule has of its own.
const pricesPerRule = 64

// trial begins a trial of a rule of the table.
func (r *run) trial(ctx context.Context, of row) *trial {
	n := slices.IndexFunc(r.table, func(other row) bool { return other.ID == of.ID })
	return r.trialWith(ctx, of, SessionOptions{prices: (n + 1) * pricesPerRule})
}

// trialWith begins a trial whose orders are as the options say.
func (r *run) trialWith(ctx context.Context, of row, o SessionOptions) *trial {
	o.name = of.ID
	return &trial{harness: r.harness, shop: r.harness.session(ctx, o), facts: &r.facts, rule: of}
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
	if len(t.shop.orders) == 0 {
		return "as expected in all that the shop sent"
	}
	return fmt.Sprintf("as expected: %d orders, %d exchanges", len(t.shop.orders), len(t.shop.exchanges()))
}

// show limits what is shown to these calls.
func (t *trial) show(calls ...call) { t.shown = append(t.shown, calls...) }

// order orders, and gives up when that does not work.
func (t *trial) order(options ...func(*order)) *order {
	t.needsOrders()
	return t.shop.order(options...)
}

// staysUnpaid waits until the shop is done and fails the rule when it believes that the order is paid.
func (t *trial) staysUnpaid(o *order, after string, args ...any) {
	after = fmt.Sprintf(after, args...)
	early := t.shop.believed(o)
	t.shop.settled()
	for _, b := range []belief{early, t.shop.believed(o)} {
		if b.given() {
			rule.Fail("%s after %s", b.how(), after)
		}
	}
	t.saw("unpaid after %s", after)
}
