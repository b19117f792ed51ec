package merchant

import (
	"math/big"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

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

// askUntilMade does the same, and waits for a shop that asks PayPorter later.
func askUntilMade(t *trial, o *shop.Purchase, amount string) {
	before := len(t.watch.AsksBack(o))
	ask(t, o, amount)
	t.watch.Arrives(before+1, t.watch.Soon(), func(c *shop.Call) bool { return c.OfLocked(o) && c.AsksBack() && c.Over })
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
	askUntilMade(t, o, amount)
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

func judgeRightPayment(t *trial) {
	needsRefund(t)
	o, p := bought(t)
	other, _ := bought(t)
	askUntilMade(t, o, share(t, p, 2, 5))

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
	askUntilMade(t, o, want)
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
