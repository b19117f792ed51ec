package merchant

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// tellings are answers that say another amount than the one that was paid, made of that one.
var tellings = []struct {
	price string // of an order for which it is another amount
	other func(paid decimal.Decimal) decimal.Decimal
	write func(other decimal.Decimal) string // nil: with two decimals
}{
	{"250.75", func(decimal.Decimal) decimal.Decimal { return decimal.OfInt(1) }, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Minus(decimal.OfInt(1).Shift(-2)) }, nil},
	{"250.75", decimal.Decimal.Floor, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(-1).Floor() }, nil},
	{"4100.00", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(-2) }, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Times(2) }, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(-1) }, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(1) }, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(3) }, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(2) }, nil},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(2) }, decimal.Decimal.String},
	{"100.50", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(1) }, decimal.Decimal.String},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(1) }, exponent(1)},
	{"250.75", func(paid decimal.Decimal) decimal.Decimal { return paid.Shift(-2) }, exponent(-2)},
}

// exponent writes an amount as its digits and a power of ten, such as 250.75e1.
func exponent(power int) func(decimal.Decimal) string {
	return func(d decimal.Decimal) string { return fmt.Sprintf("%se%d", d.Shift(-power), power) }
}

// twoDecimals writes an amount with two decimals, or more if it has more.
func twoDecimals(d decimal.Decimal) string { return d.Fixed(max(2, d.Decimals())) }

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
		write := telling.write
		if write == nil {
			write = twoDecimals
		}
		t.shop.Answering(o, shop.Saying(map[string]any{"amount": json.RawMessage(write(other))}))
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
