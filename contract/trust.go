package contract

import (
	"fmt"
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// How to mend what several rules find.
const (
	adviceAsk    = "Take nothing from a callback but checkoutId. Ask GET /api/checkout/{checkoutId} with your credentials, and believe its answer alone."
	adviceEqual  = "Compare the whole status with the text SUCCESS, and let everything else mean not paid: no list of bad words, no trimming, no lower case."
	adviceAnswer = "Believe only an answer with status 200 whose JSON has all you need. Anything else is no answer: leave the order as it is, answer 503, and be called again."
)

func trustRules() []Rule {
	return slices.Concat(forgedRules(), statusRules(), faultRules(), bindingRules())
}

// statusRules are about answers that do not say SUCCESS.
func statusRules() []Rule {
	var rules []Rule
	for _, s := range []struct{ id, title, scenario, said string }{
		{"TRUST-007", "ENROLLED is not paid", "status-enrolled", "ENROLLED: nobody has paid yet"},
		{"TRUST-008", "PENDING_APPROVAL is not paid", "status-pending-approval", "PENDING_APPROVAL: somebody has yet to approve"},
		{"TRUST-009", "CAPTURED is not paid", "status-captured", "CAPTURED, which no sale ends in"},
		{"TRUST-010", "REJECTED is not paid", "status-rejected", "REJECTED"},
		{"TRUST-011", "CANCELLED is not paid", "status-cancelled", "CANCELLED"},
	} {
		rules = append(rules, Rule{
			ID: s.id, Title: s.title, Severity: report.Critical, Source: documentedCheckout,
			Expected: "GET answers the status " + s.said + ". The order is not paid.", Advice: adviceEqual,
			judge: judgeTold(s.scenario),
		})
	}
	return append(rules, Rule{
		ID: "TRUST-012", Title: "A status that nobody documented is not paid", Severity: report.Critical, Source: documentedCheckout,
		Expected: "GET answers the status ON_HOLD, PAID, APPROVED, COMPLETED, AUTHORIZED or OK, which PayPorter's pages do not know. The order is not paid.",
		Advice:   adviceEqual,
		judge:    judgeTold("status-on-hold", "status-paid", "status-approved", "status-completed", "status-authorized", "status-ok"),
	}, Rule{
		ID: "TRUST-013", Title: "What only looks like SUCCESS is not paid", Severity: report.Critical, Source: documentedCheckout,
		Expected: `GET answers the status success, Success, " SUCCESS ", SUCCESSFUL, UNSUCCESSFUL, NOT_SUCCESS or SUCCESS_PENDING. The order is not paid.`,
		Advice:   adviceEqual,
		judge: judgeTold("like-success-lower", "like-success-title", "like-success-padded", "like-success-longer", "like-success-un",
			"like-success-not", "like-success-later"),
	}, Rule{
		ID: "TRUST-014", Title: "resultCode SUCCESS beside another status is not paid", Severity: report.Critical, Source: documentedCheckout,
		Expected: "GET answers the status FAILED with resultCode SUCCESS, resultMessage Successful and an authCode. The order is not paid.",
		Advice:   "Decide by status alone; resultCode, resultMessage and authCode are for people and logs.",
		judge:    judgeResultCode,
	}, Rule{
		ID: "TRUST-015", Title: "An answer without a status is not paid", Severity: report.Critical, Source: documentedCheckout,
		Expected: "GET answers 200 with everything but a status, with an empty one, or with the number 1 for one. The order is not paid.", Advice: adviceEqual,
		judge: judgeTold("status-missing", "status-empty", "status-number"),
	})
}

// faultRules are about questions without a good answer.
func faultRules() []Rule {
	var rules []Rule
	for _, s := range []struct {
		id, title, said, source string
		scenarios               []string
	}{
		{"TRUST-016", "A GET answered 401 pays nothing", "is refused with 401", documentedAuth, []string{"get-401"}},
		{"TRUST-017", "A GET answered 404 pays nothing", "is answered 404", assumedFaults, []string{"get-404"}},
		{"TRUST-018", "A GET answered 500 pays nothing", "is answered 500", documentedFaults, []string{"get-500"}},
		{"TRUST-019", "A GET that is never answered pays nothing", "is cut off, cut in the middle, or hangs", assumedFaults, []string{"get-cut", "get-truncated", "get-hangs"}},
		{"TRUST-020", "A GET answered with broken JSON pays nothing", "is answered with JSON that breaks off", assumedFaults, []string{"get-broken-json"}},
		{"TRUST-021", "A GET answered with an empty body pays nothing", "is answered 200 with an empty body", assumedFaults, []string{"get-empty-body"}},
	} {
		rules = append(rules, Rule{
			ID: s.id, Title: s.title, Severity: report.Critical, Source: s.source,
			Expected: "After a callback the shop asks, and the GET " + s.said + ". The order is not paid.", Advice: adviceAnswer,
			judge: judgeTold(s.scenarios...), slow: s.id == "TRUST-019",
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
	return func(t *trial) {
		t.needsQuestions()
		orders := make([]*order, len(scenarios))
		for i, scenario := range scenarios {
			orders[i] = t.order(with(scenario))
		}
		t.payAndDoubt(orders)
	}
}

func judgeResultCode(t *trial) {
	t.needsFailure()
	judgeTold("failed-with-success-code")(t)
}

// payAndDoubt pays the orders, waits until the shop has been told and is done, and wants none of them paid.
func (t *trial) payAndDoubt(orders []*order) {
	for _, o := range orders {
		t.pay(o)
	}
	for _, o := range orders {
		t.told(o, 1)
	}
	t.settled()
	for _, o := range orders {
		if len(t.questions(o)) == 0 {
			t.notEvaluable("the shop did not ask for the status this time")
		}
		if b := t.believed(o); b.paid {
			t.fail("the order is paid. PayPorter said: %s", t.lastWord(o))
		}
		t.saw("unpaid after %s", t.lastWord(o))
	}
}

// lastWord is what PayPorter last answered about an order, in short.
func (t *trial) lastWord(o *order) string {
	asked := t.questions(o)
	if len(asked) == 0 {
		return "nothing"
	}
	c := asked[len(asked)-1]
	if c.answer.status == 0 {
		return "no answer"
	}
	if c.answer.status != 200 {
		return fmt.Sprint(c.answer.status)
	}
	var said []string
	for _, name := range []string{"status", "resultCode", "amount", "currency", "orderId"} {
		if value, err := findJSON(c.answer.body, "$."+name); err == nil {
			said = append(said, fmt.Sprintf("%s %q", name, value))
		}
	}
	if len(said) == 0 {
		return fmt.Sprintf("200 and %q", clip(string(c.answer.body), 120))
	}
	return listed(said)
}
