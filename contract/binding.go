package contract

import (
	"encoding/json"
	"net/http"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// bindingRules are about payments that are real, and not for this order.
func bindingRules() []row {
	return []row{
		{
			ID: "TRUST-022", Title: "Another amount than the order's does not pay it", Severity: report.Critical,
			Source:   documentedCheckout + " (amount is part of the answer)",
			Expected: "GET answers SUCCESS with 1.00, a cent less than the order's amount, that without its cents, or without its last digit, a hundredth of it, with no amount or null, and with twice and a hundred times as much: more is another amount, too, and somebody's who wants it back. The order is not paid.",
			Advice:   "Compare the answer's amount with the order's, to the last digit, as decimals. Leave an order that differs to a person.",
			Judge:    judgeAmounts,
		},
		{
			ID: "TRUST-023", Title: "Another currency than the order's does not pay it", Severity: report.Critical,
			Source:   documentedCheckout + " (currency is part of the answer)",
			Expected: "GET answers SUCCESS with the right number in two other currencies of two decimals (of TRY, USD and EUR), with no currency, and with null. The order is not paid.",
			Advice:   "Compare the answer's currency with the order's.",
			Judge:    judgeCurrencies,
		},
		{
			ID: "TRUST-024", Title: "An answer about another order does not pay it", Severity: report.Critical,
			Source:   documentedCheckout + " (orderId is part of the answer)",
			Expected: "GET answers SUCCESS with an orderId that is not the order's, with one that begins with it, with none, and with null. The order is not paid.",
			Advice:   "Compare the answer's orderId with the one of the order that has this checkoutId.",
			Judge: judgeAnswers([]string{"another-order"}, orderIDLonger, saying(map[string]any{"orderId": nil}),
				saying(map[string]any{"orderId": json.RawMessage("null")})),
		},
		{
			ID: "TRUST-025", Title: "The payment of one order never pays another, dearer one", Severity: report.Critical, Source: documentedCheckout,
			Expected: "Somebody pays a cheap order and passes its checkoutId for a dear one, and for one of the same price: with orderId beside it, twice, in the query, as JSON, at the other order's callback, from the other customer's browser. Neither is paid.",
			Advice:   "Keep with each order the checkoutId that was made for it, and let a checkout pay that order alone, whatever the request says beside it.",
			Judge:    judgeCheapForDear,
		},
		{
			ID: "TRUST-026", Title: "What the customer's browser says on its way back changes nothing", Severity: report.Critical, Source: documentedCheckout,
			Expected: "The customer's own browser, with its cookies, calls the callback with status, price and amount of its own. The order is not paid, and what it costs is not changed.",
			Advice:   "Take price, currency and status from your own records and from PayPorter's answer; a browser's word is the customer's.",
			Judge:    judgeReturnLeg,
		},
		{
			ID: "TRUST-027", Title: "A forged callback that comes too early spoils no payment", Severity: report.Critical, Source: documentedCheckout,
			Expected: "An attacker POSTs the checkoutId while the customer is still typing the card, and PayPorter says ENROLLED. Then the customer pays: the order is paid.",
			Advice:   "ENROLLED decides nothing: leave the order open, remember nothing of the callback, and ask again when the next one comes.",
			Judge:    judgeEarly,
		},
	}
}

// judgeCheapForDear pays a cheap order, without the shop being told, and passes it off as others.
func judgeCheapForDear(t *trial) {
	t.needsDoubt()
	var price []func(*order)
	if t.shop.choosesAmount() {
		price = append(price, costing("101.50"))
	}
	var others []*order
	if t.shop.choosesAmount() {
		if dear, err := t.shop.tryOrder(costing("9120.40")); err == nil {
			others = append(others, dear)
		}
	}
	if same, err := t.shop.tryOrder(price...); err == nil {
		others = append(others, same)
	}
	if len(others) == 0 {
		rule.NotEvaluable("no second order could be made")
	}
	for _, other := range others {
		for _, pass := range passings(t) {
			cheap := t.order(append(price[:len(price):len(price)], with("untold"))...)
			t.shop.pay(cheap)
			pass.do(cheap, other)
			t.shop.settled()
			if t.shop.believed(other).given() {
				isNotAnyPayment(t, cheap, pass)
				rule.Fail("an order over %s is paid with the checkout of another over %s, passed %s", other.amount, cheap.amount, pass.how)
			}
		}
	}
	for _, other := range others {
		t.saw("an order over %s stays unpaid: the id of a paid checkout was passed to it in %d ways", other.amount, len(passings(t)))
	}
	if !t.shop.choosesAmount() {
		t.saw("a dearer one was not tried, for the config sends no amount")
	}
}

// isNotAnyPayment gives up when it takes less than a payment that is passed off: nobody paid, or nobody passed it.
func isNotAnyPayment(t *trial, paid *order, pass passing) {
	alike := costing(paid.amount)
	unpaid, other := t.order(alike), t.order(alike)
	pass.do(unpaid, other)
	t.shop.settled()
	if t.shop.believed(other).given() {
		rule.NotEvaluable("the same callbacks pay it although nobody paid at all, see TRUST-004 to TRUST-006")
	}
	cheap, other := t.order(alike, with("untold")), t.order(alike)
	t.shop.pay(cheap)
	t.shop.forge(cheap, form("checkoutId", cheap.checkoutID()))
	t.shop.settled()
	if t.shop.believed(other).given() {
		rule.NotEvaluable("a payment pays other orders by itself, see FLOW-010")
	}
}

// passing is a way to pass a paid checkout off as another order's.
type passing struct {
	how string
	do  func(cheap, other *order)
}

func passings(t *trial) []passing {
	at := func(o *order, p post) post {
		if p.url == "" {
			p.url = t.shop.callbackURL(o)
		}
		return p
	}
	naming := func(cheap, other *order) []string {
		return []string{"checkoutId", cheap.checkoutID(), "orderId", other.id, "order_id", other.id, "order", other.id, "id", other.id, "merchantOrderId", other.id}
	}
	return []passing{
		{"with the other orderId beside it", func(cheap, other *order) {
			t.shop.forge(cheap, form(naming(cheap, other)...))
			t.shop.forge(cheap, inJSON(naming(cheap, other)...))
			p := form("checkoutId", cheap.checkoutID())
			p.url = relay.WithQuery(t.shop.callbackURL(cheap), encoded(naming(cheap, other)[2:]...))
			t.shop.forge(cheap, p)
			t.shop.forge(cheap, t.shop.inQuery(cheap, http.MethodGet, naming(cheap, other)...))
		}},
		{"at the other order's callback", func(cheap, other *order) {
			t.shop.forge(other, at(other, form("checkoutId", cheap.checkoutID())))
			t.shop.forge(other, t.shop.inQuery(other, http.MethodGet, "checkoutId", cheap.checkoutID()))
		}},
		{"together with the other checkoutId", func(cheap, other *order) {
			t.shop.forge(cheap, form("checkoutId", cheap.checkoutID(), "checkoutId", other.checkoutID()))
			t.shop.forge(cheap, form("checkoutId", other.checkoutID(), "checkoutId", cheap.checkoutID()))
			p := form("checkoutId", other.checkoutID())
			p.url = relay.WithQuery(t.shop.callbackURL(cheap), encoded("checkoutId", cheap.checkoutID()))
			t.shop.forge(cheap, p)
			p = form("checkoutId", cheap.checkoutID())
			p.url = relay.WithQuery(t.shop.callbackURL(cheap), encoded("checkoutId", other.checkoutID()))
			t.shop.forge(cheap, p)
		}},
		{"in the path of the other checkoutId", func(cheap, other *order) {
			t.shop.forge(cheap, form("checkoutId", other.checkoutID()+"/../"+cheap.checkoutID()))
			t.shop.forge(cheap, form("checkoutId", cheap.checkoutID()+"?"+other.checkoutID()))
			t.shop.forge(cheap, form("checkoutId", cheap.checkoutID()+"#"+other.checkoutID()))
		}},
		{"from the other customer's browser", func(cheap, other *order) {
			t.shop.comeBack(other, at(cheap, form("checkoutId", cheap.checkoutID())))
			t.shop.comeBack(other, t.shop.inQuery(cheap, http.MethodGet, "checkoutId", cheap.checkoutID()))
		}},
	}
}

func judgeReturnLeg(t *trial) {
	t.needsDoubt()
	o := t.order()
	for _, p := range []post{form(lies(o)...), inJSON(lies(o)...), t.shop.inQuery(o, http.MethodGet, lies(o)...)} {
		t.shop.comeBack(o, p)
	}
	t.shop.settled()
	if b := t.shop.believed(o); b.given() {
		isNotAnybodys(t)
		rule.Fail("%s after the customer's own browser said status=SUCCESS", b.how())
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
		t.shop.forge(o, form("checkoutId", o.checkoutID()))
	}
	t.shop.settled()
	t.shop.pay(o)
	t.shop.told(o, 1)
	if !t.shop.becomesPaid(o, t.shop.soon()) {
		rule.Fail("the customer paid after two forged callbacks that came too early, and the order is not paid")
	}
	t.saw("paid after two forged callbacks that came too early")
}

// isNotAnybodys gives up when an attacker without the customer's cookies can do the same.
func isNotAnybodys(t *trial) {
	o := t.order()
	for _, p := range []post{form(lies(o)...), inJSON(lies(o)...), t.shop.inQuery(o, http.MethodGet, lies(o)...)} {
		t.shop.forge(o, p)
	}
	t.shop.settled()
	if t.shop.believed(o).given() {
		rule.NotEvaluable("anybody's word is believed, see TRUST-004 to TRUST-006")
	}
}

// bargain pays 1.00 for an order, and lets the customer's browser say that this is the price.
func bargain(t *trial) {
	o := t.order(with("untold-amount-one"))
	t.shop.pay(o)
	t.shop.forge(o, form("checkoutId", o.checkoutID()))
	t.shop.settled()
	if t.shop.believed(o).given() {
		rule.NotEvaluable("the amount of the answer does not matter anyway, see TRUST-022")
	}
	bargain := []string{"checkoutId", o.checkoutID(), "orderId", o.id, "amount", "1.00", "price", "1.00", "total", "1.00", "orderAmount", "1.00"}
	for _, p := range []post{form(bargain...), inJSON(bargain...), t.shop.inQuery(o, http.MethodPost, bargain...), t.shop.inQuery(o, http.MethodGet, bargain...)} {
		t.shop.comeBack(o, p)
	}
	t.staysUnpaid(o, "the customer's browser said that it costs 1.00")
}
