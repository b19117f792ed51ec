package merchant

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
)

func requestRules() []row {
	return []row{
		{
			ID: "REQ-001", Title: "Every request is one that PayPorter documents", Severity: report.Major,
			Source:   documentedCheckout,
			Expected: "Method, path, content type and body of every request are as openapi.yaml describes them.",
			Advice: "Mend what the sentence names; PayPorter answers 4XX to such a request. amount, currency and callback " +
				"have rules of their own.",
			Judge: judgeDocumented, When: rule.Alone,
		},
		{
			ID: "REQ-002", Title: "Every request carries both of the merchant's credentials", Severity: report.Critical,
			Source:   documentedAuth,
			Expected: "Every request has X-API-KEY and X-API-SECRET with the merchant's own values.",
			Advice: "Send both headers with the create and with the GET, from one setting each; do not mix sandbox " +
				"and live keys.",
			Judge: judgeCredentials, When: rule.Last,
		},
		{
			ID: "REQ-003", Title: "The amount is a JSON number", Severity: report.Major, Source: documentedCheckout,
			Expected: "amount is a number, such as 100.50, not text.",
			Advice:   "Convert a decimal to a number when you write the JSON. A text such as \"100.50\" is refused.",
			Judge:    judgeNumber, When: rule.Alone,
		},
		{
			ID: "REQ-004", Title: "The amount is the order's, exactly, in major units", Severity: report.Critical,
			Source:   documentedCheckout,
			Expected: "amount is what the order costs, in major units, to the last digit.",
			Advice: "Calculate with decimals or whole minor units, and write the amount with the currency's decimals: " +
				"neither 10050 nor 100.49999 for 100.50.",
			Judge: judgeAmount, When: rule.Alone,
		},
		{
			ID: "REQ-005", Title: "The currency is the order's ISO code", Severity: report.Major, Source: documentedCheckout,
			Expected: "currency is the ISO 4217 code of the order's currency, such as TRY.",
			Advice: "Send the three capital letters of ISO 4217 of the order's own currency. For the lira send " +
				"TRY, not TL, 949 or try. Send no constant.",
			Judge: judgeCurrency, When: rule.Alone,
		},
		{
			ID: "REQ-006", Title: "The callback is an absolute URL", Severity: report.Major, Source: documentedCheckout,
			Expected: "callback is an absolute http or https URL.",
			Advice:   "Build the callback from the shop's public address: https://shop.example/payment-callback.",
			Judge:    judgeAbsolute, When: rule.Alone,
		},
		{
			ID: "REQ-007", Title: "PayPorter can reach the callback", Severity: report.Major, Source: documentedCheckout,
			Expected: "Something answers a POST at the callback URL, and not with 404 or 405.",
			Advice: "Serve a POST route at exactly the URL that you send, and look whether host, port and prefix are those " +
				"that PayPorter sees.",
			Judge: judgeReachable,
		},
		{
			ID: "REQ-008", Title: "The callback carries no secret", Severity: report.Critical, Source: "assumed: a callback " +
				"URL is stored, logged and seen on its way",
			Expected: "Neither the API key nor the secret, nor a user name with a password, is in the callback URL.",
			Advice:   "Identify the order by checkoutId. Keep credentials out of URLs.",
			Judge:    judgeBareCallback, When: rule.Alone,
		},
		{
			ID: "REQ-009", Title: "Every order has an orderId of its own", Severity: report.Critical, Source: documentedCheckout,
			Expected: "Five orders at the same moment have five orderIds.",
			Advice: "Use a UUID or a number that the database gives out, not the time or a counter that is read and " +
				"written in two steps.",
			Judge: judgeOwnIDs,
		},
		{
			ID: "REQ-010", Title: "The secret never reaches the customer", Severity: report.Critical, Source: documentedAuth,
			Expected: "The API secret is in nothing that the shop answers: no page, redirect, header or error, plain " +
				"or encoded.",
			Advice: "Call PayPorter from the server only, and show customers an error page of your own instead of the " +
				"error itself. Then change the secret.",
			Judge: judgeSecrecy, When: rule.Last,
		},
		{
			ID: "REQ-011", Title: "A create that is tried again is for the same order", Severity: report.Major,
			Source: "assumed: a create that failed may have made the checkout (general API introduction: check the status " +
				"before retrying)",
			Expected: "A create that is repeated after a 503 or a lost answer has the same orderId, amount, currency and " +
				"callback, and when both checkouts are paid, the order is fulfilled once.",
			Advice: "Give an order its orderId once, before the first try, and let every checkout with that orderId lead " +
				"to the same order.",
			Judge: judgeRetriedCreate,
		},
	}
}

// goodCreates are the creates of orders to which nothing was done.
func goodCreates(t *trial) []shop.Call {
	found := t.watch.Find(func(c *shop.Call) bool { return c.IsCreate() && (c.Order == nil || c.Order.Scenario == "") })
	if len(found) == 0 {
		rule.See("FLOW-003").Missing("the shop sent no create")
	}
	return found
}

// readCreates are the good creates whose body is an object.
func readCreates(t *trial) []shop.Call {
	return readable(t, goodCreates(t))
}

// allCreates are those that can be read, whatever PayPorter did to them.
func allCreates(t *trial) []shop.Call {
	return readable(t, t.watch.Find(func(c *shop.Call) bool { return c.IsCreate() }))
}

func readable(t *trial, creates []shop.Call) []shop.Call {
	var all []shop.Call
	for _, c := range creates {
		if c.Fields() != nil {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		rule.See("REQ-001").Fault("the create is no JSON object")
	}
	return all
}

func judgeDocumented(t *trial) {
	_ = goodCreates(t)
	own := []string{"amount", "currency", "callback"}
	for _, c := range t.watch.Find(func(c *shop.Call) bool { return c.ToPayPorter() }) {
		for _, v := range c.Violations() {
			if !slices.Contains(own, v.Field) {
				t.show(c)
				rule.Fail("%s %s: %s", c.Request.Method, c.Path, v)
			}
		}
	}
}

func judgeCredentials(t *trial) {
	_ = goodCreates(t)
	for _, c := range t.watch.Find(func(c *shop.Call) bool { return c.ToPayPorter() }) {
		for _, header := range []struct{ name, want string }{
			{"X-API-KEY", t.harness.Sandbox.Key},
			{"X-API-SECRET", t.harness.Sandbox.Secret},
		} {
			got := c.Request.Header(header.name)
			if got == header.want {
				continue
			}
			t.show(c)
			if got == "" {
				rule.Fail("%s %s has no header %s", c.Request.Method, c.Path, header.name)
			}
			rule.Fail("the %s of %s %s is not the merchant's", header.name, c.Request.Method, c.Path)
		}
	}
}

func judgeAbsolute(t *trial) {
	for _, c := range readCreates(t) {
		if callback := c.SentText("callback"); !relay.AbsoluteURL(callback) {
			t.show(c)
			rule.Fail("callback is %s", shop.Clip(orNothing(string(c.Sent("callback"))), 200))
		}
	}
}

func judgeReachable(t *trial) {
	t.needsOrders()
	f := t.facts
	if len(f.callbacks) == 0 {
		rule.See("FLOW-003").Missing("PayPorter had nothing to call back for")
	}

	t.show(f.callbacks...)
	if c := f.callbacks[0]; c.Error != "" && c.Took() < shop.CallbackPatience {
		rule.Fail("POST %s: %s", t.harness.Mask.Text(c.Request.URL), c.Error)
	} else if !f.reached() && c.Error == "" {
		rule.Fail("POST %s is answered %d", t.harness.Mask.Text(c.Request.URL), c.Answer().Status)
	}
}

func judgeBareCallback(t *trial) {
	for _, c := range readCreates(t) {
		callback := c.SentText("callback")
		if u, err := url.Parse(callback); err == nil && u.User != nil {
			t.show(c)
			rule.Fail("the callback has a user name or password in it")
		}
		for what, secret := range map[string]string{
			"the secret":  t.harness.Sandbox.Secret,
			"the API key": t.harness.Sandbox.Key,
		} {
			if exchange.Tells(callback, secret) {
				t.show(c)
				rule.Fail("%s is in the callback: %s", what, strings.ReplaceAll(t.harness.Mask.Text(callback), secret,
					payment.Masked))
			}
		}
	}
}

func judgeOwnIDs(t *trial) {
	t.needsOrders()
	const many = 5
	orders := make([]*shop.Purchase, many)
	for i := range orders {
		orders[i] = t.shop.NewOrder()
		if i == many-1 && t.shop.ChoosesAmount() {
			orders[i] = t.shop.NewOrder(shop.Costing(orders[0].Amount)) // two that are alike
		}
	}
	defer t.shop.Alone()()

	var all sync.WaitGroup
	for _, o := range orders {
		all.Go(func() { _ = t.shop.PlaceWithin(t.shop.Ctx, o) }) // an order whose number is another's is no order of its own
	}

	all.Wait()
	made, ids := 0, map[string]bool{}
	for _, o := range orders {
		if o.RedirectURL != "" {
			made++
		}
	}

	for _, c := range t.watch.Exchanges() {
		if c.IsCreate() && c.Answer().Status == http.StatusOK {
			ids[c.OrderID] = true
		}
	}

	for _, c := range t.facts.order.SentIDs {
		if ids[c] {
			rule.Fail("orderId %s was an earlier order's", c)
		}
	}

	if made < 2 {
		rule.NotEvaluable("%d of %d orders at the same moment could be made, so there is nothing to compare", made, many)
	}
	if len(ids) < made {
		rule.Fail("%d orders at the same moment, of which the shop sent all to pay, have %s", made, wording.Plural(len(ids),
			"orderId"))
	}

	t.saw("%d orders at the same moment have %s", made, wording.Plural(len(ids), "orderId"))
}
