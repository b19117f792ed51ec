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
			Expected: "Orders over 5.00, 100.00, 100.05, 100.50 and 1000000.00 are paid, whether PayPorter writes the amount " +
				"with its zeros at the end or without. A price at which the shop does not sell is left out.",
			Advice: "Compare amounts as decimals or as whole minor units. As texts, 100.5 and 100.50 differ.",
			Judge:  judgeShapes,
		},
	}
}

// shapes are amounts, and how else JSON can write them.
var shapes = []struct{ price, written string }{
	{"5.00", "5"},
	{"100.00", "100"},
	{"100.05", "100.05"},
	{"100.50", "100.5"},
	{"100.50", "100.50"},
	{"1000000.00", "1000000"},
}

func judgeShapes(t *trial) {
	t.needsQuestions()
	orders, written := shapedOrders(t)
	for i, o := range orders {
		t.shop.Answering(o, shop.Saying(map[string]any{"amount": json.RawMessage(written[i])}))
		t.shop.Pay(o)
	}

	for i, o := range orders {
		t.watch.Told(o, 1)
		if !t.watch.BecomesPaid(o, t.watch.Soon()) {
			rule.Fail("the shop asked for %s, PayPorter says that %s was paid, and the order is not paid", t.watch.Asked(o),
				written[i])
		}
	}
	if len(orders) == 0 {
		rule.NotEvaluable("the shop sells at none of these prices")
	}
	t.saw("%d orders paid, with and without zeros at the end of their amounts", len(orders))
}

// shapedOrders are orders, and how PayPorter writes what each of them costs. A shop that has one price has one.
func shapedOrders(t *trial) (orders []*shop.Purchase, written []string) {
	if !t.shop.ChoosesAmount() {
		o := t.order()
		if asked, ok := shop.MoneyOf(t.watch.Asked(o)); ok {
			return []*shop.Purchase{o}, []string{asked.String()}
		}
		return nil, nil
	}

	for _, shape := range shapes {
		if o, err := t.shop.TryOrder(shop.Costing(shape.price)); err == nil { // a shop need not sell at every price
			orders, written = append(orders, o), append(written, shape.written)
		}
	}
	return orders, written
}
