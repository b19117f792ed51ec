package merchant

import (
	"encoding/json"
	"net/http"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// bindingRules are about payments that are real, and not for this order.
func bindingRules() []row {
	return []row{
		{
			ID: "TRUST-022", Title: "Another amount than the order's does not pay it", Severity: report.Critical,
			Source: documentedCheckout + " (amount is part of the answer)",
			Expected: "PayPorter answers SUCCESS with another amount than the order's. Too little: 1.00, a cent " +
				"less, without the cents, without the last digit, a hundredth. Too much: twice as much, a " +
				"hundred times as much. The same digits with the point elsewhere, or with an exponent (250.75e1). None: the " +
				"field is missing or null. The order is not paid.",
			Advice: "Compare the answer's amount with the order's amount as decimals, to the last digit. Accept " +
				"no larger amount either: the customer paid it by mistake and can claim it back. Let a " +
				"person look at an order whose amount differs.",
			Judge: judgeAmounts,
		},
		{
			ID: "TRUST-023", Title: "Another currency than the order's does not pay it", Severity: report.Critical,
			Source: documentedCheckout + " (currency is part of the answer)",
			Expected: "PayPorter answers SUCCESS with the right number in two other currencies (of TRY, USD and " +
				"EUR), without a currency, and with null. The order is not paid.",
			Advice: "Compare the answer's currency with the order's.",
			Judge:  judgeCurrencies,
		},
		{
			ID: "TRUST-024", Title: "An answer about another order does not pay it", Severity: report.Critical,
			Source: documentedCheckout + " (orderId is part of the answer)",
			Expected: "PayPorter answers SUCCESS with the orderId of another order, with a longer orderId that " +
				"begins with the right one, without orderId, and with null. The order is not paid.",
			Advice: "Compare the answer's orderId with the one of the order that has this checkoutId.",
			Judge: judgeAnswers([]string{"another-order"}, orderIDLonger, shop.Saying(map[string]any{"orderId": nil}),
				shop.Saying(map[string]any{"orderId": json.RawMessage("null")})),
		},
		{
			ID: "TRUST-025", Title: "The payment of one order never pays another, dearer one", Severity: report.Critical,
			Source: documentedCheckout,
			Expected: "Somebody pays a cheap order. Then they pass its checkoutId for a dear order, and for one of " +
				"the same price. They send it with the other orderId, twice, in the query, as JSON, to the " +
				"other order's callback, and from the other customer's browser. Neither order is paid.",
			Advice: "Keep with each order the checkoutId that was made for it, and let a checkout pay that order alone, " +
				"whatever the request says beside it.",
			Judge: judgeCheapForDear,
		},
		{
			ID: "TRUST-026", Title: "What the customer's browser says on its way back changes nothing",
			Severity: report.Critical, Source: documentedCheckout,
			Expected: "The customer's own browser, with its cookies, calls the callback with status, price and amount of its " +
				"own. The order is not paid, and what it costs is not changed.",
			Advice: "Take price, currency and status from your own records and from PayPorter's answer. Believe " +
				"nothing that a browser says.",
			Judge: judgeReturnLeg,
		},
		{
			ID: "TRUST-027", Title: "A forged callback that comes too early spoils no payment", Severity: report.Critical,
			Source: documentedCheckout,
			Expected: "An attacker POSTs the checkoutId while the customer is still typing the card, and PayPorter says " +
				"ENROLLED. Then the customer pays: the order is paid.",
			Advice: "ENROLLED decides nothing. Leave the order open. Remember nothing of the callback. Ask again " +
				"when the next one comes.",
			Judge: judgeEarly,
		},
	}
}

// judgeCheapForDear pays a cheap order, without the shop being told, and passes it off as others.
func judgeCheapForDear(t *trial) {
	t.needsDoubt()
	var price []func(*shop.Purchase)
	if t.shop.ChoosesAmount() {
		price = append(price, shop.Costing("101.50"))
	}

	var others []*shop.Purchase
	if t.shop.ChoosesAmount() {
		if dear, err := t.shop.TryOrder(shop.Costing(dearPrice)); err == nil {
			others = append(others, dear)
		}
	}
	if same, err := t.shop.TryOrder(price...); err == nil {
		others = append(others, same)
	}
	if len(others) == 0 {
		rule.NotEvaluable("no second order could be made")
	}

	for _, other := range others {
		for _, pass := range passings(t) {
			cheap := t.order(append(price[:len(price):len(price)], shop.With("untold"))...)
			t.shop.Pay(cheap)
			pass.do(cheap, other)
			t.watch.Settled()
			if t.watch.Believed(other).Given() {
				isNotAnyPayment(t, cheap, pass)
				t.concerns(other, cheap)
				rule.Fail("an order over %s is paid with the checkout of another over %s, passed %s", other.Amount, cheap.Amount,
					pass.how)
			}
		}
	}

	for _, other := range others {
		t.saw("an order over %s stays unpaid: the id of a paid checkout was passed to it in %d ways", other.Amount,
			len(passings(t)))
	}

	if !t.shop.ChoosesAmount() {
		t.saw("a dearer one was not tried, for the config sends no amount")
	}
}

// isNotAnyPayment gives up when it takes less than a payment that is passed off: nobody paid, or nobody passed it.
func isNotAnyPayment(t *trial, paid *shop.Purchase, pass passing) {
	alike := shop.Costing(paid.Amount)
	unpaid, other := t.order(alike), t.order(alike)
	pass.do(unpaid, other)
	t.watch.Settled()
	if t.watch.Believed(other).Given() {
		rule.See("TRUST-004", "TRUST-005", "TRUST-006").Own("the same callbacks pay it although nobody paid at all")
	}

	cheap, other := t.order(alike, shop.With("untold")), t.order(alike)
	t.shop.Pay(cheap)
	t.shop.Forge(cheap, shop.Form("checkoutId", cheap.CheckoutID()))
	t.watch.Settled()
	if t.watch.Believed(other).Given() {
		rule.See("FLOW-010").Own("a payment pays other orders by itself")
	}
}

// passing is a way to pass a paid checkout off as another order's.
type passing struct {
	how string
	do  func(cheap, other *shop.Purchase)
}

func passings(t *trial) []passing {
	at := func(o *shop.Purchase, p shop.Post) shop.Post {
		if p.URL == "" {
			p.URL = t.shop.CallbackURL(o)
		}
		return p
	}

	naming := func(cheap, other *shop.Purchase) []string {
		return []string{
			"checkoutId", cheap.CheckoutID(), "orderId", other.ID, "order_id", other.ID, "order", other.ID, "id",
			other.ID, "merchantOrderId", other.ID,
		}
	}
	return []passing{
		{"with the other orderId beside it", func(cheap, other *shop.Purchase) {
			t.shop.Forge(cheap, shop.Form(naming(cheap, other)...))
			t.shop.Forge(cheap, shop.InJSON(naming(cheap, other)...))
			p := shop.Form("checkoutId", cheap.CheckoutID())
			p.URL = relay.WithQuery(t.shop.CallbackURL(cheap), shop.Encoded(naming(cheap, other)[2:]...))
			t.shop.Forge(cheap, p)
			t.shop.Forge(cheap, t.shop.InQuery(cheap, http.MethodGet, naming(cheap, other)...))
		}},
		{"at the other order's callback", func(cheap, other *shop.Purchase) {
			t.shop.Forge(other, at(other, shop.Form("checkoutId", cheap.CheckoutID())))
			t.shop.Forge(other, t.shop.InQuery(other, http.MethodGet, "checkoutId", cheap.CheckoutID()))
		}},
		{"together with the other checkoutId", func(cheap, other *shop.Purchase) {
			t.shop.Forge(cheap, shop.Form("checkoutId", cheap.CheckoutID(), "checkoutId", other.CheckoutID()))
			t.shop.Forge(cheap, shop.Form("checkoutId", other.CheckoutID(), "checkoutId", cheap.CheckoutID()))
			p := shop.Form("checkoutId", other.CheckoutID())
			p.URL = relay.WithQuery(t.shop.CallbackURL(cheap), shop.Encoded("checkoutId", cheap.CheckoutID()))
			t.shop.Forge(cheap, p)
			p = shop.Form("checkoutId", cheap.CheckoutID())
			p.URL = relay.WithQuery(t.shop.CallbackURL(cheap), shop.Encoded("checkoutId", other.CheckoutID()))
			t.shop.Forge(cheap, p)
		}},
		{"in the path of the other checkoutId", func(cheap, other *shop.Purchase) {
			t.shop.Forge(cheap, shop.Form("checkoutId", other.CheckoutID()+"/../"+cheap.CheckoutID()))
			t.shop.Forge(cheap, shop.Form("checkoutId", cheap.CheckoutID()+"?"+other.CheckoutID()))
			t.shop.Forge(cheap, shop.Form("checkoutId", cheap.CheckoutID()+"#"+other.CheckoutID()))
		}},
		{"from the other customer's browser", func(cheap, other *shop.Purchase) {
			t.shop.ComeBack(other, at(cheap, shop.Form("checkoutId", cheap.CheckoutID())))
			t.shop.ComeBack(other, t.shop.InQuery(cheap, http.MethodGet, "checkoutId", cheap.CheckoutID()))
		}},
	}
}

func judgeReturnLeg(t *trial) {
	t.needsDoubt()
	o := t.order()
	for _, p := range []shop.Post{shop.Form(lies(o)...), shop.InJSON(lies(o)...), t.shop.InQuery(o, http.MethodGet,
		lies(o)...)} {
		t.shop.ComeBack(o, p)
	}

	t.watch.Settled()
	if b := t.watch.Believed(o); b.Given() {
		isNotAnybodys(t)
		t.concerns(o)
		rule.Fail("%s after the customer's own browser said status=SUCCESS", b.How())
	}

	t.saw("unpaid after the customer's browser said status=SUCCESS")
	if t.facts.asked() {
		bargain(t)
	}
}

// judgeEarly tells the shop of a payment that has not been made, and then makes it.
func judgeEarly(t *trial) {
	t.needsDoubt()
	t.needsQuestions()
	t.needsLooks()
	o := t.order()
	for range 2 {
		t.shop.Forge(o, shop.Form("checkoutId", o.CheckoutID()))
	}

	t.watch.Settled()
	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("the customer paid after two forged callbacks that came too early, and the order is not paid")
	}
	t.saw("paid after two forged callbacks that came too early")
}

// isNotAnybodys gives up when an attacker without the customer's cookies can do the same.
func isNotAnybodys(t *trial) {
	o := t.order()
	for _, p := range []shop.Post{shop.Form(lies(o)...), shop.InJSON(lies(o)...), t.shop.InQuery(o, http.MethodGet,
		lies(o)...)} {
		t.shop.Forge(o, p)
	}
	t.watch.Settled()
	if t.watch.Believed(o).Given() {
		rule.See("TRUST-004", "TRUST-005", "TRUST-006").Own("anybody's word is believed")
	}
}

// bargain pays 1.00 for an order, and lets the customer's browser say that this is the price.
func bargain(t *trial) {
	o := t.order(shop.With("untold-amount-one"))
	t.shop.Pay(o)
	t.shop.Forge(o, shop.Form("checkoutId", o.CheckoutID()))
	t.watch.Settled()
	if t.watch.Believed(o).Given() {
		rule.See("TRUST-022").Own("the amount of the answer does not matter anyway")
	}

	bargain := []string{
		"checkoutId", o.CheckoutID(), "orderId", o.ID, "amount", "1.00", "price", "1.00", "total", "1.00",
		"orderAmount", "1.00",
	}
	for _, p := range []shop.Post{shop.Form(bargain...), shop.InJSON(bargain...), t.shop.InQuery(o, http.MethodPost,
		bargain...), t.shop.InQuery(o, http.MethodGet, bargain...)} {
		t.shop.ComeBack(o, p)
	}

	t.staysUnpaid(o, "the customer's browser said that it costs 1.00")
}

// orderIDLonger is an answer about an order whose number begins with this one's.
var orderIDLonger = shop.Edit(func(a exchange.Message) exchange.Message {
	id, err := shop.FindJSON(a.Body, "$.orderId")
	if err != nil {
		return a
	}
	return shop.Saying(map[string]any{"orderId": id + "0"})(a)
})
