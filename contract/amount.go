package contract

import (
	"encoding/json"
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// tellings are answers that say another amount than the one that was paid, made of that one.
var tellings = []struct {
	price string // of an order for which it is another amount
	other func(paid decimal.Decimal) decimal.Decimal
}{
	{"250.75", func(decimal.Decimal) decimal.Decimal { return decimal.OfInt(1) }},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Minus(decimal.OfInt(1).Shift(-2)) }},
	{"250.75", decimal.Decimal.Floor},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(-1).Floor() }},
	{"4100.00", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(-2) }},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Times(2) }},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(2) }},
}

func judgeAmounts(t *trial) {
	t.needsQuestions()
	t.needsOrderly()
	var orders []*order
	for _, telling := range tellings {
		o := orderAt(t, telling.price)
		paid, ok := moneyOf(t.shop.asked(o))
		other := telling.other(paid)
		if !ok || other.Sign() <= 0 || other.Compare(paid) == 0 {
			continue // this order costs what would be said
		}
		t.shop.answering(o, saying(map[string]any{"amount": json.RawMessage(other.Fixed(2))}))
		orders = append(orders, o)
	}
	for _, none := range []any{nil, json.RawMessage("null")} {
		orders = append(orders, t.order(saying(map[string]any{"amount": none}).statuses))
	}
	payAndDoubt(t, orders)
}

// orderAt orders at a price, or at the only one there is.
func orderAt(t *trial, price string) *order {
	if t.shop.choosesAmount() {
		if o, err := t.shop.tryOrder(costing(price)); err == nil {
			return o
		}
	}
	return t.order()
}

func judgeCurrencies(t *trial) {
	t.needsQuestions()
	t.needsOrderly()
	neighbours := slices.DeleteFunc([]string{"TRY", "USD", "EUR"}, func(code string) bool { return code == t.harness.config.Order.Currency })
	var orders []*order
	for _, code := range neighbours {
		orders = append(orders, t.order(saying(map[string]any{"currency": code}).statuses))
	}
	for _, none := range []any{nil, json.RawMessage("null")} {
		orders = append(orders, t.order(saying(map[string]any{"currency": none}).statuses))
	}
	payAndDoubt(t, orders)
}

// orderIDLonger is an answer about an order whose number begins with this one's.
var orderIDLonger = edit(func(a exchange.Message) exchange.Message {
	id, err := findJSON(a.Body, "$.orderId")
	if err != nil {
		return a
	}
	return saying(map[string]any{"orderId": id + "0"})(a)
})
