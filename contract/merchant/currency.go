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
	case !decimal.Same(asked, price):
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
