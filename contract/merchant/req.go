package merchant

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
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
			Judge: judgeDocumented,
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
			Judge:    judgeNumber,
		},
		{
			ID: "REQ-004", Title: "The amount is the order's, exactly, in major units", Severity: report.Critical,
			Source:   documentedCheckout,
			Expected: "amount is what the order costs, in major units, to the last digit.",
			Advice: "Calculate with decimals or whole minor units, and write the amount with the currency's decimals: " +
				"neither 10050 nor 100.49999 for 100.50.",
			Judge: judgeAmount,
		},
		{
			ID: "REQ-005", Title: "The currency is the order's ISO code", Severity: report.Major, Source: documentedCheckout,
			Expected: "currency is the ISO 4217 code of the order's currency, such as TRY.",
			Advice: "Send the three capital letters of ISO 4217 of the order's own currency. For the lira send " +
				"TRY, not TL, 949 or try. Send no constant.",
			Judge: judgeCurrency,
		},
		{
			ID: "REQ-006", Title: "The callback is an absolute URL", Severity: report.Major, Source: documentedCheckout,
			Expected: "callback is an absolute http or https URL.",
			Advice:   "Build the callback from the shop's public address: https://shop.example/payment-callback.",
			Judge:    judgeAbsolute,
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
			Judge:    judgeBareCallback,
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
		rule.NotEvaluable("the shop sent no create, see FLOW-003")
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
		rule.NotEvaluable("the create is no JSON object, see REQ-001")
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

func judgeNumber(t *trial) {
	for _, c := range readCreates(t) {
		if raw := c.Sent("amount"); len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
			t.show(c)
			rule.Fail("amount is %s", shop.Clip(orNothing(string(raw)), 60))
		}
	}
}

func orNothing(s string) string {
	if s == "" {
		return "left out"
	}
	return s
}

// awkward are amounts that binary fractions, roundings and cents break.
func awkward() []string { return []string{"19.99", "4.35", "100.10", "1249.90", "33333.33", "2000.00"} }

func judgeAmount(t *trial) {
	_ = readCreates(t)
	if t.shop.ChoosesAmount() && t.facts.refused == nil {
		for _, amount := range awkward() {
			_, _ = t.shop.TryOrder(shop.Costing(amount)) // a shop need not sell at every price
		}
	}

	var last string
	for _, c := range allCreates(t) {
		if c.Order == nil || c.Order.Amount == "" {
			continue
		}
		want := c.Order.Amount
		last = strings.Trim(string(c.Sent("amount")), `"`) // REQ-003 judges the quotes
		if !decimal.Same(last, want) {
			t.show(c)
			rule.Fail("the order costs %s, the shop asks for %s%s", want, shop.Clip(orNothing(last), 60), how(last, want))
		}
	}

	if last == "" {
		rule.NotEvaluable("what an order costs is not known: give order.amount, or {{amount}} in order.request")
	}
}

// how says what was probably done to an amount.
func how(got, want string) string {
	g, ok := shop.MoneyOf(got)
	w, fine := shop.MoneyOf(want)
	switch {
	case !ok || !fine:
		return ""
	case w.Shift(2).Compare(g) == 0:
		return ", in minor units"
	case g.IsWhole():
		return ", cut or rounded to a whole number"
	}
	return ""
}

func judgeCurrency(t *trial) {
	_ = readCreates(t)
	if t.shop.ChoosesCurrency() && t.facts.refused == nil {
		for _, code := range []string{"USD", "EUR"} {
			_, _ = t.shop.TryOrder(shop.InCurrency(code)) // a shop need not sell in every currency
		}
	}

	for _, c := range allCreates(t) {
		if c.Order == nil {
			continue
		}
		if got := c.SentText("currency"); got != c.Order.Currency {
			t.show(c)
			rule.Fail("the order is in %s, the shop sends currency %s", c.Order.Currency,
				shop.Clip(orNothing(string(c.Sent("currency"))), 60))
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
		rule.NotEvaluable("PayPorter had nothing to call back for, see FLOW-003")
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

func judgeSecrecy(t *trial) {
	provoke(t)
	answered := t.watch.Find(func(c *shop.Call) bool { return c.To == shop.Merchant && c.Answer().Status != 0 })
	if len(answered) == 0 {
		rule.NotEvaluable("the shop answered nothing")
	}

	for _, c := range answered {
		for name, all := range c.Answer().Headers {
			if exchange.Tells(strings.Join(all, " "), t.harness.Sandbox.Secret) {
				t.show(c)
				rule.Fail("the secret is in the header %s of the answer to %s %s", name, c.Request.Method,
					t.harness.Mask.Text(c.Request.URL))
			}
		}
		if exchange.Tells(string(c.Answer().Body), t.harness.Sandbox.Secret) {
			t.show(c)
			rule.Fail("the secret is in the answer to %s %s", c.Request.Method, t.harness.Mask.Text(c.Request.URL))
		}
	}

	t.needsOrders() // without one the shop has hardly said anything
	t.saw("%d answers were searched", len(answered))
}

// provoke gives the shop reasons to tell more than it should: faults of PayPorter, and bad callbacks.
func provoke(t *trial) {
	if t.facts.refused != nil {
		return
	}

	for _, scenario := range []string{"create-fails", "create-refused"} {
		_, _ = t.shop.TryOrder(shop.With(scenario))
	}

	o, err := t.shop.TryOrder(shop.With("get-500"))
	if err != nil {
		return
	}

	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if t.facts.late() {
		return // every callback takes as long
	}
	t.shop.Forge(o, shop.Form())
	t.shop.Forge(o, shop.Form("checkoutId", "'"))
	t.shop.Forge(o, shop.Form("checkoutId", t.shop.UnknownID()))
	t.shop.Forge(o, shop.Post{ContentType: "application/json", Body: []byte("{")})
	_, _ = t.harness.Believes(t.shop.Ctx, o)
}

func judgeRetriedCreate(t *trial) {
	t.needsPaid()
	retried := 0
	for _, scenario := range []string{"create-503-but-created", "create-cut-but-created"} {
		o, err := t.shop.TryOrder(shop.With(scenario))
		creates := t.watch.Creates(o)
		if len(creates) > 1 {
			retried++
		}
		if ids := slices.Compact(slices.Sorted(slices.Values(o.SentIDs))); len(ids) > 1 {
			rule.Fail("one order was sent under %d orderIds: %s", len(ids), strings.Join(ids, ", "))
		}
		unchanged(t, creates)
		if err == nil {
			payEverything(t, o)
		}
	}

	if retried == 0 {
		t.saw("the shop does not try a failed create again by itself")
		return
	}

	t.saw("%d of 2 failed creates were tried again", retried)
}

// unchanged fails the rule when a create that was tried again asks for something else than the first.
func unchanged(t *trial, creates []shop.Call) {
	for _, c := range creates[min(1, len(creates)):] {
		for _, name := range []string{"amount", "currency", "callback"} {
			before, after := string(creates[0].Sent(name)), string(c.Sent(name))
			if before != after && !decimal.Same(before, after) {
				t.show(creates...)
				rule.Fail("the create was tried again with the %s %s instead of %s", name, orNothing(after), orNothing(before))
			}
		}
	}
}

// payEverything pays every checkout of an order, also those whose answer got lost.
func payEverything(t *trial, o *shop.Purchase) {
	checkouts := t.shop.PayAll(o)
	t.watch.Settled()
	if b := t.watch.Believed(o); b.Fulfilments != nil && *b.Fulfilments > 1 {
		rule.Fail("an order with %d checkouts, all paid, was fulfilled %s", checkouts, times(*b.Fulfilments))
	}
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
