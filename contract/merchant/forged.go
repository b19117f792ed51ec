package merchant

import (
	"net/http"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/relay"
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
			Judge:  judgeForgedUnknown, Single: true,
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
		rule.See("TRUST-007").Own("the shop asked, was told %s, and believes that this is paid", lastWord(t, o))
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
		rule.See(culprit).Own("a callback as %s is believed without a word about a status", what)
	}
}
