package merchant

import (
	"encoding/json"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// moneyRules are about what amounts look like.
func moneyRules() []row {
	return []row{
		{
			ID: "FLOW-011", Title: "An order is paid whatever its amount looks like", Severity: report.Major,
			Source: documentedCheckout + " (amount is a number: 100.5 is 100.50)",
			Expected: "Orders over 0.05, 5.00, 100.00, 100.05, 100.50, 1000000.00 and 1234567.89 are paid, whether PayPorter writes the amount " +
				"with its zeros at the end or without. A price at which the shop does not sell is left out.",
			Advice: "Compare amounts as decimals or as whole minor units. As texts, 100.5 and 100.50 differ.",
			Judge:  judgeShapes,
		},
		{
			ID: "FLOW-012", Title: "An order in a currency with no decimals, or with three, is paid", Severity: report.Major,
			Source: "documented: PayPorter, checkout page (currency is an ISO 4217 code, whose decimals ISO 4217 says)",
			Expected: "For each of order.currencies with no decimals or with three, such as JPY and KWD: the shop asks for what " +
				"the order costs, to the last digit, and the order is paid.",
			Advice: "Take the number of decimals from ISO 4217 for each currency. Do not take two for all: 1500 JPY is no " +
				"15.00, and 12.345 KWD is no 12.35.",
			Judge: judgeDecimals,
		},
	}
}

// shapes are amounts, and how else JSON can write them.
var shapes = []struct{ price, written string }{
	{"0.05", "0.05"},
	{"5.00", "5"},
	{"100.00", "100"},
	{"100.05", "100.05"},
	{"100.50", "100.5"},
	{"100.50", "100.50"},
	{"1000000.00", "1000000"},
	{"1234567.89", "1234567.89"},
}

func judgeShapes(t *trial) {
	t.needsQuestions()
	shown := 0
	for _, shape := range shapesOf(t) {
		o, err := t.shop.TryOrder(shape.costing...)
		if err != nil {
			continue // a shop need not sell at every price
		}
		shown++
		written := shape.written
		if asked, ok := shop.MoneyOf(t.watch.Asked(o)); ok && written == "" {
			written = asked.String()
		}
		t.shop.Answering(o, shop.Saying(map[string]any{"amount": json.RawMessage(written)}))
		t.shop.Pay(o)
		t.watch.Told(o, 1)
		if !t.watch.BecomesPaid(o, t.watch.Soon()) {
			rule.Fail("the shop asked for %s, PayPorter says that %s was paid, and the order is not paid", t.watch.Asked(o),
				written)
		}
	}

	if shown == 0 {
		rule.NotEvaluable("the shop sells at none of these prices")
	}
	t.saw("%d orders paid, with and without zeros at the end of their amounts", shown)
}

// shape is how an order's price is chosen, and how PayPorter writes it.
type shape struct {
	costing []func(*shop.Purchase)
	written string // empty: as it was asked for, without zeros at the end
}

// shapesOf are the shapes to try. A shop that has one price has one.
func shapesOf(t *trial) []shape {
	if !t.shop.ChoosesAmount() {
		return []shape{{}}
	}
	var all []shape
	for _, one := range shapes {
		all = append(all, shape{[]func(*shop.Purchase){shop.Costing(one.price)}, one.written})
	}
	return all
}
