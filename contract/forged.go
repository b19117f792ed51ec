package contract

import (
	"net/http"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// forgedRules are about callbacks that PayPorter did not send.
func forgedRules() []row {
	const unsigned = documentedCheckout + " (the callback carries no signature)"
	return []row{
		{
			ID: "TRUST-001", Title: "A callback alone pays nothing: a form for a pending checkout", Severity: report.Critical, Source: unsigned,
			Expected: "An attacker POSTs checkoutId of an order that nobody has paid. The order is not paid.", Advice: adviceAsk,
			Judge: judgeForgedForm,
		},
		{
			ID: "TRUST-002", Title: "A callback for a checkout that nobody knows pays nothing", Severity: report.Critical, Source: unsigned,
			Expected: "An attacker POSTs a checkoutId that PayPorter does not know, while an order is open. That order is not paid.",
			Advice:   adviceAsk + " Find the order by checkoutId; when there is none, do nothing.",
			Judge:    judgeForgedUnknown,
		},
		{
			ID: "TRUST-003", Title: "A callback for a failed checkout does not make it paid", Severity: report.Critical, Source: unsigned,
			Expected: "After a declined payment an attacker POSTs the checkoutId three times. The order is not paid.", Advice: adviceAsk,
			Judge: judgeForgedFailed,
		},
		{
			ID: "TRUST-004", Title: "What a callback says of status, amount or order is not believed", Severity: report.Critical, Source: unsigned,
			Expected: "An attacker adds status=SUCCESS, paid=true, resultCode=SUCCESS, amount, currency and orderId, as a form, as JSON, as a query. The order is not paid.",
			Advice:   adviceAsk, Judge: judgeForgedWords,
		},
		{
			ID: "TRUST-005", Title: "A callback alone pays nothing: as JSON", Severity: report.Critical, Source: unsigned,
			Expected: "An attacker POSTs checkoutId as JSON for an order that nobody has paid. The order is not paid.", Advice: adviceAsk,
			Judge: judgeForged("JSON", func(t *trial, o *order) []post { return []post{inJSON("checkoutId", o.checkoutID())} }),
		},
		{
			ID: "TRUST-006", Title: "A callback alone pays nothing: as a query, by GET or POST", Severity: report.Critical, Source: unsigned,
			Expected: "An attacker calls the callback with checkoutId in the query, by GET and by POST, for an order that nobody has paid. The order is not paid.",
			Advice:   adviceAsk + " Serve no GET at the callback's URL.",
			Judge: judgeForged("a query", func(t *trial, o *order) []post {
				return []post{t.shop.inQuery(o, http.MethodGet, "checkoutId", o.checkoutID()), t.shop.inQuery(o, http.MethodPost, "checkoutId", o.checkoutID())}
			}),
		},
	}
}

func judgeForgedForm(t *trial) {
	t.needsPaid()
	o := t.order()
	t.shop.forge(o, form("checkoutId", o.checkoutID()))
	t.shop.settled()
	b := t.shop.believed(o)
	if !b.given() {
		t.saw("unpaid after a forged callback")
		return
	}
	switch asked := len(t.shop.questions(o)) > 0; {
	case !b.paid:
		rule.Fail("%s after a forged callback", b.how())
	case asked && t.facts.failureIsPaid:
		rule.Fail("the order is paid after a forged callback: the shop asked, was told %s, and does not look at the answer", lastWord(t, o))
	case asked:
		rule.NotEvaluable("the shop asked, was told %s, and believes that this is paid, see TRUST-007", lastWord(t, o))
	}
	rule.Fail("the order is paid after a forged callback, without a question to PayPorter")
}

// judgeForged forges callbacks of one kind for an open order each, in a shop that doubts plain forms.
func judgeForged(what string, posts func(*trial, *order) []post) func(*trial) {
	return func(t *trial) {
		t.needsDoubt()
		o := t.order()
		for _, p := range posts(t, o) {
			t.shop.forge(o, p)
		}
		t.staysUnpaid(o, "a callback as %s", what)
	}
}

func judgeForgedUnknown(t *trial) {
	t.needsDoubt()
	o := t.order()
	t.shop.forge(o, form("checkoutId", t.shop.unknownID()))
	t.shop.forge(o, form("checkoutId", t.shop.unknownID(), "orderId", o.id))
	t.staysUnpaid(o, "callbacks for checkouts that do not exist")
}

func judgeForgedFailed(t *trial) {
	t.needsDoubt()
	t.needsFailure()
	o := t.order()
	t.shop.decline(o)
	t.shop.told(o, 1)
	t.shop.settled()
	for range 3 {
		t.shop.forge(o, form("checkoutId", o.checkoutID()))
	}
	t.staysUnpaid(o, "three forged callbacks for a failed checkout")
}

// lies are what an attacker adds to a callback.
func lies(o *order) []string {
	return []string{
		"checkoutId", o.checkoutID(), "status", "SUCCESS", "paymentStatus", "SUCCESS", "checkoutStatus", "SUCCESS", "state", "paid", "paid", "true",
		"success", "true", "result", "SUCCESS", "resultCode", "SUCCESS", "resultMessage", "Successful", "mdStatus", "1", "authCode", "AUTH987654",
		"orderId", o.id, "amount", o.amount, "currency", o.currency, "transactionType", "SALE",
	}
}

func judgeForgedWords(t *trial) {
	t.needsDoubt()
	for _, kind := range []struct {
		what string
		sent func(*order) []post
	}{
		{"a form", func(o *order) []post { return []post{form(lies(o)...)} }},
		{"JSON", func(o *order) []post { return []post{inJSON(lies(o)...)} }},
		{"a query", func(o *order) []post {
			split := form("checkoutId", o.checkoutID())
			split.url = relay.WithQuery(t.shop.callbackURL(o), encoded(lies(o)[2:]...))
			return []post{split, t.shop.inQuery(o, http.MethodPost, lies(o)...), t.shop.inQuery(o, http.MethodGet, lies(o)...)}
		}},
	} {
		o := t.order()
		for _, p := range kind.sent(o) {
			t.shop.forge(o, p)
		}
		t.shop.settled()
		if b := t.shop.believed(o); b.given() {
			isNotPlain(t, kind.what)
			rule.Fail("%s after a forged callback that says status=SUCCESS as %s", b.how(), kind.what)
		}
		t.saw("unpaid after %s", kind.what)
	}
}

// isNotPlain gives up when a callback of the same form without a lie does the same.
func isNotPlain(t *trial, what string) {
	o := t.order()
	id := []string{"checkoutId", o.checkoutID()}
	culprit := "TRUST-006"
	switch what {
	case "JSON":
		t.shop.forge(o, inJSON(id...))
		culprit = "TRUST-005"
	case "a query":
		t.shop.forge(o, t.shop.inQuery(o, http.MethodPost, id...))
		t.shop.forge(o, t.shop.inQuery(o, http.MethodGet, id...))
	default:
		return // needsDoubt has seen to it
	}
	t.shop.settled()
	if t.shop.believed(o).given() {
		rule.NotEvaluable("a callback as %s is believed without a word about a status, see %s", what, culprit)
	}
}
