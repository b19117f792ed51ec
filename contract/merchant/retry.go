package merchant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

func judgeRetriedCreate(t *trial) {
	t.needsPaid()
	retried := 0
	for _, scenario := range []string{"create-503-but-created", "create-cut-but-created"} {
		o, err := t.shop.TryOrder(shop.With(scenario))
		creates := t.watch.Creates(o)
		if len(creates) > 1 {
			retried++
		}
		if ids := slices.Compact(slices.Sorted(slices.Values(o.SentIDs))); len(ids) > 1 {
			rule.Fail("one order was sent under %d orderIds: %s", len(ids), strings.Join(ids, ", "))
		}
		unchanged(t, creates)
		if err == nil {
			payEverything(t, o)
		}
	}

	if retried == 0 {
		t.saw("the shop does not try a failed create again by itself")
		return
	}

	t.saw("%d of 2 failed creates were tried again", retried)
}

// unchanged fails the rule when a create that was tried again asks for something else than the first.
func unchanged(t *trial, creates []shop.Call) {
	for _, c := range creates[min(1, len(creates)):] {
		for _, name := range []string{"amount", "currency", "callback"} {
			before, after := string(creates[0].Sent(name)), string(c.Sent(name))
			if before != after && !decimal.Same(before, after) {
				t.show(creates...)
				rule.Fail("the create was tried again with the %s %s instead of %s", name, orNothing(after), orNothing(before))
			}
		}
	}
}

// payEverything pays every checkout of an order, also those whose answer got lost.
func payEverything(t *trial, o *shop.Purchase) {
	checkouts := t.shop.PayAll(o)
	t.watch.Settled()
	if b := t.watch.Believed(o); b.Fulfilments != nil && *b.Fulfilments > 1 {
		rule.Fail("an order with %d checkouts, all paid, was fulfilled %s", checkouts, times(*b.Fulfilments))
	}
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
