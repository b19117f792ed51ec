package merchant

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

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
	return slices.Concat(forgedRules(), statusRules(), faultRules(), bindingRules(), strangerRules(), customerRules(),
		openRedirectRules())
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
