package merchant

import (
	"encoding/json"
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
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
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(-1) }},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(1) }},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(3) }},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(2) }},
}

func judgeAmounts(t *trial) {
	t.needsQuestions()
	t.needsOrderly()
	var orders []*shop.Purchase
	for _, telling := range tellings {
		o := orderAt(t, telling.price)
		paid, ok := shop.MoneyOf(t.watch.Asked(o))
		other := telling.other(paid)
		if !ok || other.Sign() <= 0 || other.Compare(paid) == 0 {
			continue // this order costs what would be said
		}
		t.shop.Answering(o, shop.Saying(map[string]any{"amount": json.RawMessage(other.Fixed(max(2, other.Decimals())))}))
		orders = append(orders, o)
	}

	for _, none := range []any{nil, json.RawMessage("null")} {
		orders = append(orders, t.order(shop.Saying(map[string]any{"amount": none}).Statuses))
	}

	payAndDoubt(t, orders)
}

// orderAt orders at a price, or at the only one there is.
func orderAt(t *trial, price string) *shop.Purchase {
	if t.shop.ChoosesAmount() {
		if o, err := t.shop.TryOrder(shop.Costing(price)); err == nil {
			return o
		}
	}
	return t.order()
}

func judgeCurrencies(t *trial) {
	t.needsQuestions()
	t.needsOrderly()
	neighbours := slices.DeleteFunc([]string{"TRY", "USD", "EUR"},
		func(code string) bool { return code == t.harness.Config.Order.Currency })
	var orders []*shop.Purchase
	for _, code := range neighbours {
		orders = append(orders, t.order(shop.Saying(map[string]any{"currency": code}).Statuses))
	}

	for _, none := range []any{nil, json.RawMessage("null")} {
		orders = append(orders, t.order(shop.Saying(map[string]any{"currency": none}).Statuses))
	}
	payAndDoubt(t, orders)
}
