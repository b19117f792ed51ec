package merchant

import (
	"net/url"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// strangerRules are about ids that no checkout has.
func strangerRules() []row {
	return []row{
		{
			ID: "TRUST-028", Title: "A checkoutId from a stranger changes no other part of the question", Severity: report.Major,
			Source: "assumed: anybody can call the callback",
			Expected: "An attacker POSTs a checkoutId with slashes, dots, a question mark, an ampersand or quotes in it. What the " +
				"shop asks stays GET /api/checkout/{checkoutId}, with the id as one part of the path and no query.",
			Advice: "Take only a UUID for a checkoutId, and refuse all else with 400. Escape it when you build the URL.",
			Judge:  judgeStrangeIDs, Single: true,
		},
	}
}

// strangeIDs lead elsewhere when they are put into a URL as they are.
func strangeIDs(o *shop.Purchase) []string {
	id := o.CheckoutID()
	return []string{"../x", "../../_mock/x", id + "/..", id + "/x", id + "?x=1", id + "?status=SUCCESS&x=", id + `/"'`}
}

func judgeStrangeIDs(t *trial) {
	t.needsQuestions()
	o := t.order()
	for _, id := range strangeIDs(o) {
		t.shop.Forge(o, shop.Form("checkoutId", id))
	}

	t.watch.Settled()
	for _, c := range t.watch.Exchanges() {
		if c.ToPayPorter() && !c.IsCreate() && !asksOneCheckout(c) {
			t.show(c)
			rule.Fail("a strange checkoutId made the shop send %s %s", c.Request.Method, t.harness.Mask.Text(c.Request.URL))
		}
	}
	t.saw("%d strange ids led nowhere else", len(strangeIDs(o)))
}

// asksOneCheckout reports whether a request has the path of a question, with one part for the id, and no query.
func asksOneCheckout(c shop.Call) bool {
	u, err := url.Parse(c.Request.URL)
	if err != nil {
		return false
	}
	id, ok := strings.CutPrefix(u.EscapedPath(), "/api/checkout/")
	return ok && id != "" && !strings.Contains(id, "/") && id != ".." && u.RawQuery == "" && !u.ForceQuery
}
