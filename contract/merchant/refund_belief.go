package merchant

import (
	"fmt"
	"sync"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// gaveBack is how much the shop believes it has given back.
func gaveBack(t *trial, o *shop.Purchase) decimal.Decimal {
	b := t.watch.Believed(o)
	if b.Refunded == nil {
		rule.NotEvaluable("state.refunded is no amount in: %s", b.Text)
	}
	return *b.Refunded
}

// staysUnrefunded fails the rule when the shop believes that it gave something back.
func staysUnrefunded(t *trial, o *shop.Purchase, after string) {
	t.watch.Settled()
	if got := gaveBack(t, o); got.Sign() != 0 {
		t.concerns(o)
		rule.Fail("the shop says that %s was given back after %s", got, after)
	}
	t.saw("nothing given back after %s", after)
}

// becomesRefunded reports whether the shop believes soon that so much was given back.
func becomesRefunded(t *trial, o *shop.Purchase, amount string) bool {
	want := decimal.Read(amount)
	return t.watch.Becomes(o, t.watch.Soon(), func(b shop.Belief) bool {
		return b.Refunded != nil && b.Refunded.Compare(want) == 0
	})
}

func judgePending(t *trial) {
	needsRefunded(t)
	o, p := bought(t)
	if refund := refunded(t, o, share(t, p, 2, 5)); !refund.IsPending() {
		rule.NotEvaluable("the shop cancelled the payment, and a cancel waits for no approval")
	}
	staysUnrefunded(t, o, "a refund that waits for its approval")
}

func judgeApproved(t *trial) {
	needsRefunded(t)
	o, p := bought(t)
	want := share(t, p, 2, 5)
	decided(t, o, refunded(t, o, want), "approve", nil)
	if !becomesRefunded(t, o, want) {
		rule.Fail("a refund of %s was approved, and the shop says that %s was given back", want, gaveBack(t, o))
	}
	t.saw("%s given back after its approval", want)
}

// judgeTurnedDown lets a refund come to nothing.
func judgeTurnedDown(decision string, result map[string]string) func(*trial) {
	return func(t *trial) {
		needsRefunded(t)
		o, p := bought(t)
		refund := refunded(t, o, share(t, p, 2, 5))
		if gaveBack(t, o).Sign() != 0 {
			rule.See("REFUND-003").Fault("a refund that waits for its approval counts as given back")
		}
		decided(t, o, refund, decision, result)
		staysUnrefunded(t, o, "a refund that came to nothing")
	}
}

func judgeTooMuch(t *trial) {
	needsRefunded(t)
	o, p := bought(t)
	if !t.shop.TakesPart() {
		rule.NotEvaluable("refund.request has no {{amount}}, so the shop cannot be asked for too much")
	}
	paid := decimal.Read(string(p.Amount))
	ask(t, o, paid.Times(2).Fixed(digits(p)))
	approveAll(t, o)
	if got := gaveBack(t, o); got.Compare(paid) > 0 {
		rule.Fail("the shop says that %s was given back, and %s was paid", got, paid)
	}
	t.saw("%s given back after twice the amount was asked for", gaveBack(t, o))
}

// approveAll approves what waits for its approval.
func approveAll(t *trial, o *shop.Purchase) {
	for _, refund := range given(t, o) {
		if refund.IsPending() {
			decided(t, o, refund, "approve", nil)
		}
	}
	t.watch.Settled()
}

func judgeParts(t *trial) {
	needsRefunded(t)
	o, p := bought(t)
	if !t.shop.TakesPart() {
		rule.NotEvaluable("refund.request has no {{amount}}, so the shop cannot be asked for a part")
	}
	whole := decimal.Read(string(p.Amount))
	first, second := share(t, p, 1, 3), share(t, p, 1, 4)
	rest := whole.Minus(decimal.Read(first)).Minus(decimal.Read(second)).Fixed(digits(p))
	for n, part := range []string{first, second, rest} {
		askUntilMade(t, o, part)
		if made := len(given(t, o)); made != n+1 {
			if n == 0 {
				rule.See("REFUND-001").Missing("PayPorter has no refund after the shop was asked for one")
			}
			rule.Fail("%d parts were asked for, and PayPorter has %d refunds", n+1, made)
		}
	}

	approveAll(t, o)
	if !becomesRefunded(t, o, string(p.Amount)) {
		if gaveBack(t, o).Sign() == 0 {
			rule.See("REFUND-004").Missing("not even approved refunds count as given back")
		}
		rule.Fail("%s, %s and %s were refunded, and the shop says that %s was given back", first, second, rest,
			gaveBack(t, o))
	}
	t.saw("%s, %s and %s given back", first, second, rest)
}

func judgeDoubleClick(t *trial) {
	needsRefunded(t)
	o, p := bought(t)
	var clicks sync.WaitGroup
	for range 2 {
		clicks.Go(func() { _, _ = t.shop.Refund(o, string(p.Amount)) }) // what the shop believes counts
	}
	clicks.Wait()
	t.watch.Settled()
	ask(t, o, string(p.Amount))

	approveAll(t, o)
	if got := gaveBack(t, o); got.Compare(decimal.Read(string(p.Amount))) > 0 {
		rule.Fail("the shop says that %s was given back, and %s was paid", got, p.Amount)
	}
	t.saw("%s given back after three requests for %s", gaveBack(t, o), p.Amount)
}

func judgeRefusedRefund(t *trial) {
	needsRefunded(t)
	o, p := bought(t)
	t.shop.RefundDirectly(o, p, string(p.Amount)) // so that nothing is left, and PayPorter refuses
	_, _ = t.shop.Refund(o, share(t, p, 2, 5))    // what the shop believes counts
	staysUnrefunded(t, o, "a refund that PayPorter refused with 406")
}

func judgeFaultyRefund(t *trial) {
	needsRefunded(t)
	for _, status := range []int{500, 401} {
		o, p := bought(t)
		shop.Refusing(status).Refunds(o)
		_, _ = t.shop.Refund(o, share(t, p, 2, 5)) // what the shop believes counts
		staysUnrefunded(t, o, fmt.Sprintf("a refund that PayPorter answered %d", status))
	}
}
