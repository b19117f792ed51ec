package merchant

import (
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/payment"
)

// pricesWith are prices in a currency with so many decimals. Those with two are FLOW-011's.
var pricesWith = map[int][]string{0: {"1500", "1000000"}, 3: {"12.345", "100.500", "7.005"}}

func judgeDecimals(t *trial) {
	t.needsQuestions()
	if t.facts.misasked {
		rule.See("REQ-004", "REQ-005", "REQ-003").Fault("the shop asks for another amount or currency than the order's")
	}
	if !t.shop.ChoosesAmount() || !t.shop.ChoosesCurrency() {
		rule.NotEvaluable("order.request has no {{amount}} or no {{currency}}")
	}

	tried := false
	for _, code := range t.harness.Config.Order.Currencies {
		digits, _ := payment.MinorDigits(code)
		for _, price := range pricesWith[digits] {
			tried = true
			judgePriceIn(t, price, code)
		}
	}
	if !tried {
		rule.NotEvaluable("order.currencies of the config names no currency without decimals or with three, such as JPY or KWD")
	}
}

// judgePriceIn orders at a price in a currency, and wants to be asked for it, and the order to be paid.
func judgePriceIn(t *trial, price, code string) {
	o, err := t.shop.TryOrder(shop.Costing(price), shop.InCurrency(code))
	asked := t.watch.Asked(o)
	t.concerns(o)
	switch {
	case err != nil && len(t.watch.Creates(o)) == 0:
		rule.NotEvaluable("order.currencies names %s, and the shop sends no create for an order over %s %s: %v", code, price,
			code, err)
	case t.watch.AskedIn(o) != code:
		rule.See("REQ-005").Own("the order is in %s, the shop asks for an amount in %s", code, orNothing(t.watch.AskedIn(o)))
	case !decimal.Same(asked, price):
		notInUsual(t)
		rule.Fail("the order costs %s %s, the shop asks for %s", price, code, shop.Clip(orNothing(asked), 60))
	case err != nil:
		rule.Fail("an order over %s %s could not be made: %v", price, code, err)
	}

	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("an order over %s %s was paid for, and the order is not paid", price, code)
	}
	t.saw("%s %s paid", price, code)
}

// notInUsual gives up when the shop asks for other amounts than the order's in its usual currency, too.
func notInUsual(t *trial) {
	for _, amount := range awkward() {
		o, _ := t.shop.TryOrder(shop.Costing(amount)) // a shop need not sell at every price
		if asked := t.watch.Asked(o); asked != "" && !decimal.Same(asked, amount) {
			rule.See("REQ-004").Own("an order over %s %s is asked for as %s", amount, o.Currency, shop.Clip(asked, 60))
		}
	}
}
