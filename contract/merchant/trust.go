package merchant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// forgedRules are about callbacks that PayPorter did not send.
func forgedRules() []row {
	const unsigned = documentedCheckout + " (the callback carries no signature)"
	return []row{
		{
			ID: "TRUST-001", Title: "A callback alone pays nothing: a form for a pending checkout", Severity: report.Critical,
			Source:   unsigned,
			Expected: "An attacker POSTs checkoutId of an order that nobody has paid. The order is not paid.", Advice: adviceAsk,
			Judge: judgeForgedForm,
		},
		{
			ID: "TRUST-002", Title: "A callback for a checkout that nobody knows pays nothing", Severity: report.Critical,
			Source: unsigned,
			Expected: "An attacker POSTs a checkoutId that PayPorter does not know, while an order is open. That order " +
				"is not paid.",
			Advice: adviceAsk + " Find the order by checkoutId. When there is none, do nothing.",
			Judge:  judgeForgedUnknown,
		},
		{
			ID: "TRUST-003", Title: "A callback for a failed checkout does not make it paid", Severity: report.Critical,
			Source:   unsigned,
			Expected: "After a declined payment an attacker POSTs the checkoutId three times. The order is not paid.",
			Advice:   adviceAsk,
			Judge:    judgeForgedFailed,
		},
		{
			ID: "TRUST-004", Title: "What a callback says of status, amount or order is not believed",
			Severity: report.Critical, Source: unsigned,
			Expected: "An attacker adds status=SUCCESS, paid=true, resultCode=SUCCESS, amount, currency and orderId, as a " +
				"form, as JSON, as a query. The order is not paid.",
			Advice: adviceAsk, Judge: judgeForgedWords,
		},
		{
			ID: "TRUST-005", Title: "A callback alone pays nothing: as JSON", Severity: report.Critical, Source: unsigned,
			Expected: "An attacker POSTs checkoutId as JSON for an order that nobody has paid. The order is not paid.",
			Advice:   adviceAsk,
			Judge: judgeForged("JSON", func(t *trial, o *shop.Purchase) []shop.Post {
				return []shop.Post{shop.InJSON("checkoutId", o.CheckoutID())}
			}),
		},
		{
			ID: "TRUST-006", Title: "A callback alone pays nothing: as a query, by GET or POST", Severity: report.Critical,
			Source: unsigned,
			Expected: "An attacker calls the callback with checkoutId in the query, by GET and by POST, for an order that " +
				"nobody has paid. The order is not paid.",
			Advice: adviceAsk + " Serve no GET at the callback's URL.",
			Judge: judgeForged("a query", func(t *trial, o *shop.Purchase) []shop.Post {
				return []shop.Post{
					t.shop.InQuery(o, http.MethodGet, "checkoutId", o.CheckoutID()),
					t.shop.InQuery(o, http.MethodPost, "checkoutId", o.CheckoutID()),
				}
			}),
		},
	}
}

func judgeForgedForm(t *trial) {
	t.needsPaid()
	o := t.order()
	t.shop.Forge(o, shop.Form("checkoutId", o.CheckoutID()))
	t.watch.Settled()
	b := t.watch.Believed(o)
	if !b.Given() {
		t.saw("unpaid after a forged callback")
		return
	}

	switch asked := len(t.watch.Questions(o)) > 0; {
	case !b.Paid:
		rule.Fail("%s after a forged callback", b.How())
	case asked && t.facts.failureIsPaid:
		rule.Fail("the order is paid after a forged callback: the shop asked, was told %s, and does not look at the answer",
			lastWord(t, o))
	case asked:
		rule.NotEvaluable("the shop asked, was told %s, and believes that this is paid, see TRUST-007", lastWord(t, o))
	}

	rule.Fail("the order is paid after a forged callback, without a question to PayPorter")
}

// judgeForged forges callbacks of one kind for an open order each, in a shop that doubts plain forms.
func judgeForged(what string, posts func(*trial, *shop.Purchase) []shop.Post) func(*trial) {
	return func(t *trial) {
		t.needsDoubt()
		o := t.order()
		for _, p := range posts(t, o) {
			t.shop.Forge(o, p)
		}
		t.staysUnpaid(o, "a callback as %s", what)
	}
}

func judgeForgedUnknown(t *trial) {
	t.needsDoubt()
	o := t.order()
	t.shop.Forge(o, shop.Form("checkoutId", t.shop.UnknownID()))
	t.shop.Forge(o, shop.Form("checkoutId", t.shop.UnknownID(), "orderId", o.ID))
	t.staysUnpaid(o, "callbacks for checkouts that do not exist")
}

func judgeForgedFailed(t *trial) {
	t.needsDoubt()
	t.needsFailure()
	o := t.order()
	t.shop.Decline(o)
	t.watch.Told(o, 1)
	t.watch.Settled()
	for range 3 {
		t.shop.Forge(o, shop.Form("checkoutId", o.CheckoutID()))
	}
	t.staysUnpaid(o, "three forged callbacks for a failed checkout")
}

// lies are what an attacker adds to a callback.
func lies(o *shop.Purchase) []string {
	return []string{
		"checkoutId", o.CheckoutID(), "status", "SUCCESS", "paymentStatus", "SUCCESS", "checkoutStatus", "SUCCESS", "state",
		"paid", "paid", "true",
		"success", "true", "result", "SUCCESS", "resultCode", "SUCCESS", "resultMessage", "Successful", "mdStatus", "1",
		"authCode", "AUTH987654",
		"orderId", o.ID, "amount", o.Amount, "currency", o.Currency, "transactionType", "SALE",
	}
}

func judgeForgedWords(t *trial) {
	t.needsDoubt()
	for _, kind := range []struct {
		what string
		sent func(*shop.Purchase) []shop.Post
	}{
		{"a form", func(o *shop.Purchase) []shop.Post { return []shop.Post{shop.Form(lies(o)...)} }},
		{"JSON", func(o *shop.Purchase) []shop.Post { return []shop.Post{shop.InJSON(lies(o)...)} }},
		{"a query", func(o *shop.Purchase) []shop.Post {
			split := shop.Form("checkoutId", o.CheckoutID())
			split.URL = relay.WithQuery(t.shop.CallbackURL(o), shop.Encoded(lies(o)[2:]...))
			return []shop.Post{split, t.shop.InQuery(o, http.MethodPost, lies(o)...), t.shop.InQuery(o, http.MethodGet,
				lies(o)...)}
		}},
	} {
		o := t.order()
		for _, p := range kind.sent(o) {
			t.shop.Forge(o, p)
		}
		t.watch.Settled()
		if b := t.watch.Believed(o); b.Given() {
			isNotPlain(t, kind.what)
			t.concerns(o)
			rule.Fail("%s after a forged callback that says status=SUCCESS as %s", b.How(), kind.what)
		}
		t.saw("unpaid after %s", kind.what)
	}
}

// isNotPlain gives up when a callback of the same form without a lie does the same.
func isNotPlain(t *trial, what string) {
	o := t.order()
	id := []string{"checkoutId", o.CheckoutID()}
	culprit := "TRUST-006"
	switch what {
	case "JSON":
		t.shop.Forge(o, shop.InJSON(id...))
		culprit = "TRUST-005"
	case "a query":
		t.shop.Forge(o, t.shop.InQuery(o, http.MethodPost, id...))
		t.shop.Forge(o, t.shop.InQuery(o, http.MethodGet, id...))
	default:
		return // needsDoubt has seen to it
	}

	t.watch.Settled()
	if t.watch.Believed(o).Given() {
		rule.NotEvaluable("a callback as %s is believed without a word about a status, see %s", what, culprit)
	}
}

// How to mend what several rules find.
const (
	adviceAsk = "Take nothing from a callback but checkoutId. Ask GET /api/checkout/{checkoutId} with your " +
		"credentials, and believe its answer alone."
	adviceEqual = "Compare the whole status with the text SUCCESS. Let everything else mean not paid. Keep no list of " +
		"bad words, do not trim, and do not change upper and lower case."
	adviceAnswer = "Believe only an answer with status 200 whose JSON has all you need. Anything else is no answer. " +
		"Leave the order as it is, and answer 503. PayPorter calls again."
)

func trustRules() []row {
	return slices.Concat(forgedRules(), statusRules(), faultRules(), bindingRules())
}

// statusRules are about answers that do not say SUCCESS.
func statusRules() []row {
	var rules []row
	for _, s := range []struct{ id, title, scenario, said string }{
		{"TRUST-007", "ENROLLED is not paid", "status-enrolled", "ENROLLED: nobody has paid yet"},
		{"TRUST-008", "PENDING_APPROVAL is not paid", "status-pending-approval", "PENDING_APPROVAL: somebody has " +
			"yet to approve"},
		{"TRUST-009", "CAPTURED is not paid", "status-captured", "CAPTURED, which no sale ends in"},
		{"TRUST-010", "REJECTED is not paid", "status-rejected", "REJECTED"},
		{"TRUST-011", "CANCELLED is not paid", "status-cancelled", "CANCELLED"},
	} {
		rules = append(rules, row{
			ID: s.id, Title: s.title, Severity: report.Critical, Source: documentedCheckout,
			Expected: "GET answers the status " + s.said + ". The order is not paid.", Advice: adviceEqual,
			Judge: judgeTold(s.scenario),
		})
	}

	return append(rules, row{
		ID: "TRUST-012", Title: "A status that nobody documented is not paid", Severity: report.Critical,
		Source: documentedCheckout,
		Expected: "GET answers the status ON_HOLD, PAID, APPROVED, COMPLETED, AUTHORIZED or OK, which PayPorter's pages " +
			"do not know. The order is not paid.",
		Advice: adviceEqual,
		Judge: judgeTold("status-on-hold", "status-paid", "status-approved", "status-completed", "status-authorized",
			"status-ok"),
	}, row{
		ID: "TRUST-013", Title: "What only looks like SUCCESS is not paid", Severity: report.Critical,
		Source: documentedCheckout,
		Expected: `GET answers the status success, Success, " SUCCESS ", SUCCESSFUL, UNSUCCESSFUL, NOT_SUCCESS or ` +
			`SUCCESS_PENDING. The order is not paid.`,
		Advice: adviceEqual,
		Judge: judgeTold("like-success-lower", "like-success-title", "like-success-padded", "like-success-longer",
			"like-success-un",
			"like-success-not", "like-success-later"),
	}, row{
		ID: "TRUST-014", Title: "resultCode SUCCESS beside another status is not paid", Severity: report.Critical,
		Source: documentedCheckout,
		Expected: "GET answers the status FAILED with resultCode SUCCESS, resultMessage Successful and an authCode. The " +
			"order is not paid.",
		Advice: "Decide by status alone. resultCode, resultMessage and authCode are for people and logs.",
		Judge:  judgeResultCode,
	}, row{
		ID: "TRUST-015", Title: "An answer without a status is not paid", Severity: report.Critical,
		Source: documentedCheckout,
		Expected: "GET answers 200 with everything but a status, or with a status that is empty, null, true, the number " +
			"1, an object or a list. The order is not paid.", Advice: adviceEqual,
		Judge: judgeAnswers([]string{"status-missing", "status-empty", "status-number"},
			statusIs(true), statusIs(map[string]any{}), statusIs([]any{}), statusIs([]any{"SUCCESS"}),
			statusIs(json.RawMessage("null"))),
	})
}

// faultRules are about questions without a good answer.
func faultRules() []row {
	var rules []row
	for _, s := range []struct {
		id, title, said, source string
		scenarios               []string
		whole                   int // the status of an answer whose body says SUCCESS; zero: none is played
	}{
		{
			"TRUST-016", "A GET answered 401 pays nothing", "is refused with 401, one time with a body that says SUCCESS",
			documentedAuth,
			[]string{"get-401"},
			401,
		},
		{
			"TRUST-017", "A GET answered 404 pays nothing", "is answered 404, one time with a body that says SUCCESS",
			assumedFaults,
			[]string{"get-404"},
			404,
		},
		{"TRUST-018", "A GET answered 500 pays nothing", "is answered 500, one time with a body that says SUCCESS, as " +
			"from a cache in between", documentedFaults, []string{"get-500"}, 500},
		{
			"TRUST-019", "A GET that is never answered pays nothing", "is cut off, cut in the middle, or hangs", assumedFaults,
			[]string{"get-cut", "get-truncated", "get-hangs"},
			0,
		},
		{
			"TRUST-020", "A GET answered with broken JSON pays nothing", "is answered with JSON that breaks off", assumedFaults,
			[]string{"get-broken-json"},
			0,
		},
		{
			"TRUST-021", "A GET answered with an empty body pays nothing", "is answered 200 with an empty body", assumedFaults,
			[]string{"get-empty-body"},
			0,
		},
	} {
		var edits []shop.Edit
		if s.whole != 0 {
			edits = append(edits, shop.Under(s.whole))
		}
		when := rule.InOrder
		if s.id == "TRUST-019" {
			when = rule.Slow
		}
		rules = append(rules, row{
			ID: s.id, Title: s.title, Severity: report.Critical, Source: s.source, When: when,
			Expected: "After a callback the shop asks, and the GET " + s.said + ". The order is not paid.", Advice: adviceAnswer,
			Judge: judgeAnswers(s.scenarios, edits...),
		})
	}

	return rules
}

// Where it says what an answer that is none means.
const (
	documentedFaults = "documented: PayPorter, general API introduction (500: check the status before retrying)"
	assumedFaults    = "assumed: networks and servers fail; only a SUCCESS that was read counts, as the checkout page says"
)

// judgeTold lets a customer pay one order for each scenario, and wants none of them to be believed.
func judgeTold(scenarios ...string) func(*trial) {
	return judgeAnswers(scenarios)
}

// judgeAnswers does so for changed answers, too.
func judgeAnswers(scenarios []string, edits ...shop.Edit) func(*trial) {
	return func(t *trial) {
		t.needsQuestions()
		t.needsOrderly()
		var orders []*shop.Purchase
		for _, scenario := range scenarios {
			orders = append(orders, t.order(shop.With(scenario)))
		}
		for _, e := range edits {
			orders = append(orders, t.order(e.Statuses))
		}
		payAndDoubt(t, orders)
	}
}

func judgeResultCode(t *trial) {
	t.needsFailure()
	judgeTold("failed-with-success-code")(t)
}

// statusIs puts something else where the status is.
func statusIs(value any) shop.Edit {
	return shop.Saying(map[string]any{
		"status": value, "resultCode": "05", "resultMessage": "Do not honour",
		"authCode": nil,
	})
}

// payAndDoubt pays the orders, waits until the shop has been told and is done, and wants none of them paid.
func payAndDoubt(t *trial, orders []*shop.Purchase) {
	for _, o := range orders {
		t.shop.Pay(o)
	}

	for _, o := range orders {
		t.watch.Told(o, 1)
	}

	t.watch.Settled()
	var said []string
	for i, o := range orders {
		if len(t.watch.Questions(o)) == 0 {
			rule.NotEvaluable("the shop did not ask for the status this time")
		}

		b, word := t.watch.Believed(o), lastWord(t, o)
		t.tried(o, word, b.Given())
		if said = append(said, word); b.Given() {
			t.concerns(o)
			triedToo(t, orders[i+1:])
			rule.Fail("%s. PayPorter said: %s", strings.TrimSuffix(b.How(), ","), word)
		}
	}

	t.saw("unpaid after %s", strings.Join(said, "; "))
}

// triedToo adds the cases of the other orders to those of a rule that has failed, as far as they can be seen.
func triedToo(t *trial, orders []*shop.Purchase) {
	rule.Judged(func() {
		for _, o := range orders {
			b := t.watch.Believed(o)
			t.tried(o, lastWord(t, o), b.Given())
		}
	}, func() string { return "" })
}

// lastWord is what PayPorter last answered about an order, in short.
func lastWord(t *trial, o *shop.Purchase) string {
	asked := t.watch.Questions(o)
	if len(asked) == 0 {
		return "nothing"
	}

	c := asked[len(asked)-1]
	if c.Answer().Status == 0 {
		return "no answer"
	}

	odd := oddities(t, o, c.Answer().Body)
	switch {
	case c.Answer().Status != 200 && odd == "":
		return fmt.Sprintf("%d, with a body that says SUCCESS", c.Answer().Status)
	case c.Answer().Status != 200:
		return fmt.Sprint(c.Answer().Status)
	case !json.Valid(c.Answer().Body):
		return fmt.Sprintf("200 and %q", shop.Clip(string(c.Answer().Body), 40))
	}

	return odd
}

// oddities is what in an answer is not as it is when the order has been paid.
func oddities(t *trial, o *shop.Purchase, body []byte) string {
	var odd []string
	for _, field := range []struct{ name, right string }{
		{"status", "SUCCESS"}, {"amount", t.watch.Asked(o)}, {"currency", o.Currency}, {"orderId", t.watch.SentID(o)},
	} {
		switch said, err := shop.FindJSON(body, "$."+field.name); {
		case err != nil:
			odd = append(odd, "no "+field.name)
		case said != field.right && !decimal.Same(said, field.right):
			odd = append(odd, fmt.Sprintf("%s %q", field.name, said))
		}
	}
	return wording.And(odd)
}

// bindingRules are about payments that are real, and not for this order.
func bindingRules() []row {
	return []row{
		{
			ID: "TRUST-022", Title: "Another amount than the order's does not pay it", Severity: report.Critical,
			Source: documentedCheckout + " (amount is part of the answer)",
			Expected: "PayPorter answers SUCCESS with another amount than the order's. Too little: 1.00, a cent " +
				"less, without the cents, without the last digit, a hundredth. Too much: twice as much, a " +
				"hundred times as much. None: the field is missing or null. The order is not paid.",
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
		if dear, err := t.shop.TryOrder(shop.Costing("9120.40")); err == nil {
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
		rule.NotEvaluable("the same callbacks pay it although nobody paid at all, see TRUST-004 to TRUST-006")
	}

	cheap, other := t.order(alike, shop.With("untold")), t.order(alike)
	t.shop.Pay(cheap)
	t.shop.Forge(cheap, shop.Form("checkoutId", cheap.CheckoutID()))
	t.watch.Settled()
	if t.watch.Believed(other).Given() {
		rule.NotEvaluable("a payment pays other orders by itself, see FLOW-010")
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
		rule.NotEvaluable("anybody's word is believed, see TRUST-004 to TRUST-006")
	}
}

// bargain pays 1.00 for an order, and lets the customer's browser say that this is the price.
func bargain(t *trial) {
	o := t.order(shop.With("untold-amount-one"))
	t.shop.Pay(o)
	t.shop.Forge(o, shop.Form("checkoutId", o.CheckoutID()))
	t.watch.Settled()
	if t.watch.Believed(o).Given() {
		rule.NotEvaluable("the amount of the answer does not matter anyway, see TRUST-022")
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
	var orders []*shop.Purchase
	for _, telling := range tellings {
		o := orderAt(t, telling.price)
		paid, ok := shop.MoneyOf(t.watch.Asked(o))
		other := telling.other(paid)
		if !ok || other.Sign() <= 0 || other.Compare(paid) == 0 {
			continue // this order costs what would be said
		}
		t.shop.Answering(o, shop.Saying(map[string]any{"amount": json.RawMessage(other.Fixed(2))}))
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

// orderIDLonger is an answer about an order whose number begins with this one's.
var orderIDLonger = shop.Edit(func(a exchange.Message) exchange.Message {
	id, err := shop.FindJSON(a.Body, "$.orderId")
	if err != nil {
		return a
	}
	return shop.Saying(map[string]any{"orderId": id + "0"})(a)
})
