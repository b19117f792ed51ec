package merchant

import (
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

const whenClockMoves = rule.MovesClock

// needsRefund gives up when nobody knows how the shop gives money back.
func needsRefund(t *trial) {
	if t.harness.Config.Refund.Request.IsZero() {
		rule.NotEvaluable("not judged: no refund in verify.yaml")
	}
	t.needsPaid()
}

// needsRefunded gives up when it cannot be seen how much was given back.
func needsRefunded(t *trial) {
	needsRefund(t)
	if t.harness.Config.State.Refunded.IsZero() {
		rule.NotEvaluable("the config has no state.refunded, so nobody sees what the shop believes of a refund")
	}
}

// bought is an order that the shop knows to be paid, with its payment.
func bought(t *trial) (*shop.Purchase, shop.Payment) {
	o := paidOrder(t, shop.Plain)
	t.watch.Settled()
	return o, newest(t, o)
}

// share is so many of all parts of an amount, rounded down to the digits that the amount has. The whole, when the shop
// can be asked for nothing else.
func share(t *trial, p shop.Payment, part, of int64) string {
	if !t.shop.TakesPart() {
		return string(p.Amount)
	}
	amount := decimal.Read(string(p.Amount))
	units, _ := amount.Units(digits(p))
	units = new(big.Int).Div(new(big.Int).Mul(units, big.NewInt(part)), big.NewInt(of))
	return decimal.OfUnits(units, digits(p)).Fixed(digits(p))
}

// digits is how many decimals the amount of a payment has.
func digits(p shop.Payment) int {
	if p.Currency == "JPY" {
		return 0
	}
	return max(2, decimal.Read(string(p.Amount)).Decimals())
}

// ask asks the shop to give an amount back, and waits until it is done.
func ask(t *trial, o *shop.Purchase, amount string) {
	if _, err := t.shop.Refund(o, amount); err != nil {
		rule.NotEvaluable("the shop did not answer who asked for a refund: %v", err)
	}
	t.watch.Settled()
}

// given are the refunds and cancels of an order that came through, or may.
func given(t *trial, o *shop.Purchase) (all []shop.Payment) {
	for _, p := range t.shop.Payments(o) {
		if p.GivesBack() {
			all = append(all, p)
		}
	}
	return all
}

// refunded asks for a part of an order, and is the refund that PayPorter then has.
func refunded(t *trial, o *shop.Purchase, amount string) shop.Payment {
	before := len(given(t, o))
	ask(t, o, amount)
	made := given(t, o)
	if len(made) == before {
		rule.See("REFUND-001", "REFUND-002").Missing("PayPorter has no refund after the shop was asked for one")
	}
	return made[0]
}

// decided lets a refund be decided and told.
func decided(t *trial, o *shop.Purchase, refund shop.Payment, decision string, result map[string]string) {
	if !refund.IsPending() {
		rule.NotEvaluable("the shop cancelled the payment, and a cancel waits for no approval")
	}
	refund = t.shop.Decide(o, refund, decision, result)
	if t.harness.Config.Webhook.URL != "" {
		t.shop.Send(o, t.shop.NewEvent(refund))
	}
	t.watch.Settled()
}

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

func judgeRightPayment(t *trial) {
	needsRefund(t)
	o, p := bought(t)
	other, _ := bought(t)
	ask(t, o, share(t, p, 2, 5))

	made, wrong := given(t, o), given(t, other)
	switch {
	case len(wrong) > 0:
		t.concerns(o, other)
		rule.Fail("PayPorter was asked to give back the payment of another order")
	case len(made) == 0:
		rule.Fail("PayPorter was asked for no refund of the order's payment, or refused it")
	case len(made) > 1:
		rule.See("REFUND-010").Own("PayPorter was asked %d times to give back the same", len(made))
	case made[0].ParentPaymentID != p.PaymentID:
		rule.Fail("PayPorter was asked to give back payment %s, and the order's is %s", made[0].ParentPaymentID, p.PaymentID)
	}
	t.saw("%s of payment %s given back", made[0].Amount, p.PaymentID)
}

func judgeRightAmount(t *trial) {
	needsRefund(t)
	o, p := bought(t)
	want := share(t, p, 2, 5)
	ask(t, o, want)
	made := given(t, o)
	switch {
	case len(made) == 0:
		rule.See("REFUND-001").Missing("PayPorter has no refund after the shop was asked for one")
	case !decimal.Same(string(made[0].Amount), want) || made[0].Currency != p.Currency:
		rule.Fail("asked for %s %s, and PayPorter was asked to give back %s %s", want, p.Currency, made[0].Amount,
			made[0].Currency)
	}
	t.saw("%s %s given back", made[0].Amount, made[0].Currency)
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
		ask(t, o, part)
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

// mostPatience is how long a shop is given to ask again by itself.
const mostPatience = 500 * time.Millisecond

func judgeLostAnswer(t *trial) {
	needsRefund(t)
	o, p := bought(t)
	shop.Refusing(500).Refunds(o)
	_, _ = t.shop.Refund(o, share(t, p, 2, 5)) // the shop may say no
	t.watch.Arrives(2, mostPatience, func(c *shop.Call) bool { return c.OfLocked(o) && c.AsksBack() })
	t.watch.Settled()

	switch n := len(t.watch.AsksBack(o)); {
	case n == 0:
		rule.See("REFUND-001").Missing("the shop does not ask PayPorter to refund the order's payment")
	case n > 1 && len(given(t, o)) > 1:
		rule.Fail("PayPorter took the refund and answered 500, was asked again, and has %d refunds now", len(given(t, o)))
	}
	t.saw("asked once, although the answer was 500")
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

func judgeUnpaidRefund(t *trial) {
	needsRefund(t)
	o := t.order()
	_, _ = t.shop.Refund(o, o.Amount) // the shop may say no
	t.watch.Settled()
	if calls := t.watch.AnyAskBack(); len(calls) > 0 {
		t.show(calls...)
		rule.Fail("PayPorter was asked to give money back for an order that nobody has paid")
	}
	t.saw("PayPorter was asked for nothing")
}

func judgeNextDay(t *trial) {
	needsRefunded(t)
	o, p := bought(t)
	t.shop.Advance(25 * time.Hour)
	_, _ = t.shop.Refund(o, string(p.Amount)) // the shop may say no
	t.watch.Settled()
	if len(given(t, o)) > 0 {
		t.saw("PayPorter has a refund")
		return
	}
	staysUnrefunded(t, o, "a cancel that PayPorter refused")
}
