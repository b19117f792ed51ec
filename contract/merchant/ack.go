package merchant

import (
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

func acknowledgementRules() []row {
	const answered = "assumed: a callback is done when it is answered with 2xx within 5 seconds, as PayPorter's " +
		"webhooks page says of webhooks"
	return []row{
		{
			ID: "ACK-001", Title: "A good callback is answered 2xx", Severity: report.Major, Source: documentedCheckout,
			Expected: "The callback of a paid checkout is answered with a status from 200 to 299.",
			Advice: "Answer 200 once you have recorded the result. Anything else makes PayPorter send the callback " +
				"for two days.", Judge: judgeAcknowledged, When: rule.FromStart,
		},
		{
			ID: "ACK-002", Title: "A callback is answered within 5 seconds", Severity: report.Major, Source: answered,
			Expected: "The callback of a paid checkout is answered within five seconds, also when the GET is answered 500.",
			Advice:   "Do slow work (mails, invoices, warehouses) after the answer.", Judge: judgeInTime, When: rule.FromStart,
		},
		{
			ID: "ACK-003", Title: "A callback is not answered with a redirect", Severity: report.Major, Source: answered,
			Expected: "The callback is answered itself, not with 301, 302, 303, 307 or 308.",
			Advice: "PayPorter's server follows no redirect. Keep the page that thanks a customer apart from the callback, " +
				"and mind redirects to https, to www, to a slash and to a log-in.", Judge: judgeNoRedirect, When: rule.FromStart,
		},
		{
			ID: "ACK-004", Title: "A bad callback is not answered 5xx", Severity: report.Minor, Source: answered,
			Expected: "Callbacks come for a checkout that nobody knows, and without any checkout. The shop refuses " +
				"them with 4xx, or answers 2xx and ignores them.",
			Advice: "A 5xx says that you failed, and asks for another try. Validate checkoutId. When the GET " +
				"answers 404, ignore the callback.", Judge: judgeRefused,
		},
		{
			ID: "ACK-005", Title: "A callback that comes again is answered as the first one", Severity: report.Minor,
			Source:   answered,
			Expected: "The same callback comes four times and gets the same status four times.",
			Advice: "A callback for an order that is paid already changes nothing. Answer it as you answered the " +
				"first.",
			Judge: judgeSameAnswer,
		},
		{
			ID: "ACK-006", Title: "The callback of a declined payment is answered 2xx, too", Severity: report.Major,
			Source: documentedCheckout,
			Expected: "The bank declines. PayPorter calls back. The callback is answered with a status from 200 to " +
				"299.",
			Advice: "Record that the payment was declined, and answer 200.", Judge: judgeDeclineTaken,
		},
	}
}

// firstCallback is the callback of the good order at the start, which got to the shop.
func firstCallback(t *trial) shop.Call {
	t.needsOrders()
	if !t.facts.reached() && !t.facts.late() {
		rule.NotEvaluable("no callback reached the shop, see REQ-007")
	}

	for _, question := range t.facts.questions {
		if question.Answer().Status == http.StatusUnauthorized {
			rule.NotEvaluable("PayPorter refused the shop's credentials, see REQ-002")
		}
		if question.Answer().Status == http.StatusNotFound {
			rule.NotEvaluable("the shop asked for a checkout that PayPorter does not know with these credentials, see " +
				"REQ-002 and FLOW-003")
		}
	}

	c := t.facts.callbacks[0]
	t.show(c)
	return c
}

func judgeAcknowledged(t *trial) {
	c := firstCallback(t)
	switch {
	case t.facts.late():
		rule.NotEvaluable("no answer came in time, see ACK-002")
	case c.Redirects():
		rule.NotEvaluable("the answer is a redirect, see ACK-003")
	case !c.Taken():
		rule.Fail("the callback of a paid checkout was answered %d", c.Answer().Status)
	}
	t.saw("answered %d", c.Answer().Status)
}

func judgeInTime(t *trial) {
	c := firstCallback(t)
	if t.facts.late() {
		rule.Fail("%s after the callback there was no answer", c.Took().Round(shop.CallbackPatience/50))
	}

	t.saw("answered after %s", c.Took().Round(shop.CallbackPatience/5000))
	if !t.facts.asked() || !t.facts.paid {
		return
	}

	o := t.order(shop.With("get-500"))
	t.shop.Pay(o)
	c = t.watch.Told(o, 1)[0]
	t.shown = nil
	if c.Took() >= shop.CallbackPatience*9/10 {
		rule.Fail("when the GET is answered 500, %s after the callback there was no answer",
			c.Took().Round(shop.CallbackPatience/50))
	}
	t.saw("after %s when the GET is answered 500", c.Took().Round(shop.CallbackPatience/5000))
}

func judgeNoRedirect(t *trial) {
	c := firstCallback(t)
	if c.Redirects() {
		rule.Fail("the callback was answered %d, to %s", c.Answer().Status, c.Answer().Header("Location"))
	}
	t.saw("answered %d", c.Answer().Status)
}

// neverGiven is an id that PayPorter never gave.
const neverGiven = "00000000-0000-4000-8000-000000000000"

func judgeRefused(t *trial) {
	firstCallback(t)
	o := t.order()
	for _, bad := range []struct {
		how string
		shop.Post
	}{
		{"for a checkout that nobody knows", shop.Form("checkoutId", neverGiven)},
		{"with an id that is none", shop.Form("checkoutId", "not-a-uuid")},
		{"without checkoutId", shop.Form("orderId", "1")},
		{"with a huge id", shop.Form("checkoutId", strings.Repeat("a", 5000))},
	} {
		a, err := t.shop.ForgeAs(o, shop.Attacker, shop.Hurried(), bad.Post)
		switch {
		case a.Status == 0:
			rule.NotEvaluable("a callback %s got no answer (%s), see RESIL-010", bad.how, shop.SayFault(err))
		case a.Status >= 500:
			rule.Fail("a callback %s was answered %d", bad.how, a.Status)
		}
		t.saw("%d %s", a.Status, bad.how)
	}
}

func judgeSameAnswer(t *trial) {
	firstCallback(t)
	t.needsPaid()
	o := t.order(shop.With("four-times"))
	t.shop.Pay(o)
	calls := t.watch.Told(o, 4)
	t.show(calls...)

	for i, c := range calls {
		if c.Answer().Status != calls[0].Answer().Status {
			rule.Fail("the first callback was answered %d, number %d was answered %d", calls[0].Answer().Status, i+1,
				c.Answer().Status)
		}
	}
	t.saw("answered %d each time", calls[0].Answer().Status)
}

func judgeDeclineTaken(t *trial) {
	first := firstCallback(t)
	if !first.Taken() {
		rule.NotEvaluable("not even the callback of a good payment is answered 2xx, see ACK-001")
	}

	o := t.order()
	t.shop.Decline(o)
	c := t.watch.Told(o, 1)[0]
	if !c.Taken() {
		rule.Fail("the callback of a declined payment was answered %d", c.Answer().Status)
	}
	t.saw("answered %d", c.Answer().Status)
}
