package merchant

import (
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

func judgeNumber(t *trial) {
	for _, c := range readCreates(t) {
		if raw := c.Sent("amount"); len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
			t.show(c)
			rule.Fail("amount is %s", shop.Clip(orNothing(string(raw)), 60))
		}
	}
}

func orNothing(s string) string {
	if s == "" {
		return "left out"
	}
	return s
}

// awkward are amounts that binary fractions, roundings and cents break.
func awkward() []string { return []string{"19.99", "4.35", "100.10", "1249.90", "33333.33", "2000.00"} }

func judgeAmount(t *trial) {
	_ = readCreates(t)
	if t.shop.ChoosesAmount() && t.facts.refused == nil && !t.facts.Slow() {
		for _, amount := range awkward() {
			_, _ = t.shop.TryOrder(shop.Costing(amount)) // a shop need not sell at every price
		}
	}

	var last string
	for _, c := range allCreates(t) {
		if c.Order == nil || c.Order.Amount == "" {
			continue
		}
		want := c.Order.Amount
		last = strings.Trim(string(c.Sent("amount")), `"`) // REQ-003 judges the quotes
		if !decimal.Same(last, want) {
			t.show(c)
			rule.Fail("the order costs %s, the shop asks for %s%s", want, shop.Clip(orNothing(last), 60), how(last, want))
		}
	}

	if last == "" {
		rule.NotEvaluable("what an order costs is not known: give order.amount, or {{amount}} in order.request")
	}
}

// how says what was probably done to an amount.
func how(got, want string) string {
	g, ok := shop.MoneyOf(got)
	w, fine := shop.MoneyOf(want)
	switch {
	case !ok || !fine:
		return ""
	case w.Shift(2).Compare(g) == 0:
		return ", in minor units"
	case g.IsWhole():
		return ", cut or rounded to a whole number"
	}
	return ""
}

func judgeCurrency(t *trial) {
	_ = readCreates(t)
	if t.shop.ChoosesCurrency() && t.facts.refused == nil && !t.facts.Slow() {
		for _, code := range []string{"USD", "EUR"} {
			_, _ = t.shop.TryOrder(shop.InCurrency(code)) // a shop need not sell in every currency
		}
	}

	for _, c := range allCreates(t) {
		if c.Order == nil {
			continue
		}
		if got := c.SentText("currency"); got != c.Order.Currency {
			t.show(c)
			rule.Fail("the order is in %s, the shop sends currency %s", c.Order.Currency,
				shop.Clip(orNothing(string(c.Sent("currency"))), 60))
		}
	}
}
