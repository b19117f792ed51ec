package contract

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
)

// tellings are answers that say another amount than the one that was paid, made of that one.
var tellings = []struct {
	price string // of an order for which it is another amount
	other func(paid *big.Rat) *big.Rat
}{
	{"250.75", func(*big.Rat) *big.Rat { return big.NewRat(1, 1) }},
	{"250.75", func(paid *big.Rat) *big.Rat { return new(big.Rat).Sub(paid, big.NewRat(1, 100)) }},
	{"250.75", func(paid *big.Rat) *big.Rat { return floor(paid) }},
	{"250.75", func(paid *big.Rat) *big.Rat { return floor(scaled(paid, 1, 10)) }},
	{"4100.00", func(paid *big.Rat) *big.Rat { return scaled(paid, 1, 100) }},
	{"250.75", func(paid *big.Rat) *big.Rat { return scaled(paid, 2, 1) }},
	{"250.75", func(paid *big.Rat) *big.Rat { return scaled(paid, 100, 1) }},
}

func scaled(amount *big.Rat, n, d int64) *big.Rat { return new(big.Rat).Mul(amount, big.NewRat(n, d)) }

// floor is an amount without its decimals.
func floor(amount *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Quo(amount.Num(), amount.Denom()))
}

func judgeAmounts(t *trial) {
	t.needsQuestions()
	t.needsOrderly()
	var orders []*order
	for _, telling := range tellings {
		o := t.orderAt(telling.price)
		paid, ok := exact(t.asked(o))
		if !ok || telling.other(paid).Sign() <= 0 || telling.other(paid).Cmp(paid) == 0 {
			continue // this order costs what would be said
		}
		t.answering(o, saying(map[string]any{"amount": decimal(telling.other(paid))}))
		orders = append(orders, o)
	}
	for _, none := range []any{nil, json.RawMessage("null")} {
		orders = append(orders, t.order(saying(map[string]any{"amount": none}).statuses))
	}
	t.payAndDoubt(orders)
}

// orderAt orders at a price, or at the only one there is.
func (t *trial) orderAt(price string) *order {
	if t.choosesAmount() {
		if o, err := t.tryOrder(costing(price)); err == nil {
			return o
		}
	}
	return t.order()
}

// asked is the amount that the shop asked PayPorter for.
func (t *trial) asked(o *order) string {
	creates := t.find(func(c *call) bool { return c.isCreate() && c.order == o })
	if len(creates) == 0 {
		return ""
	}
	return strings.Trim(string(creates[len(creates)-1].sent("amount")), `"`)
}

// decimal writes an amount with two decimals, or with as many more as it has.
func decimal(amount *big.Rat) json.RawMessage {
	text := strings.TrimRight(amount.FloatString(6), "0")
	for point := strings.IndexByte(text, '.'); len(text)-point < len(".00"); {
		text += "0"
	}
	return json.RawMessage(text)
}

func judgeCurrencies(t *trial) {
	t.needsQuestions()
	t.needsOrderly()
	neighbours := slices.DeleteFunc([]string{"TRY", "USD", "EUR"}, func(code string) bool { return code == t.config.Order.Currency })
	var orders []*order
	for _, code := range neighbours {
		orders = append(orders, t.order(saying(map[string]any{"currency": code}).statuses))
	}
	for _, none := range []any{nil, json.RawMessage("null")} {
		orders = append(orders, t.order(saying(map[string]any{"currency": none}).statuses))
	}
	t.payAndDoubt(orders)
}

// orderIDLonger is an answer about an order whose number begins with this one's.
var orderIDLonger = edit(func(a answer) answer {
	id, err := findJSON(a.body, "$.orderId")
	if err != nil {
		return a
	}
	return saying(map[string]any{"orderId": id + "0"})(a)
})
