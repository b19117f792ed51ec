package merchant

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

func flowRules() []row {
	return []row{
		{
			ID: "FLOW-001", Title: "The customer is sent to redirectUrl unchanged", Severity: report.Major,
			Source:   documentedCheckout,
			Expected: "The shop sends the customer to the redirectUrl that the create answered, byte for byte.",
			Advice: "Redirect to redirectUrl as it came. Add no parameters. Replace no host. Build no URL from " +
				"checkoutId.",
			Judge: judgeRedirect,
		},
		{
			ID: "FLOW-002", Title: "After a callback the shop asks PayPorter for the status", Severity: report.Critical,
			Source:   documentedCheckout,
			Expected: "After the callback the shop calls GET /api/checkout/{checkoutId} for the checkout of the order.",
			Advice: "A callback is not signed and proves nothing. Take checkoutId from it, and ask PayPorter with your " +
				"credentials.",
			Judge: judgeAsks,
		},
		{
			ID: "FLOW-003", Title: "An order whose payment has the status SUCCESS is paid", Severity: report.Critical,
			Source: documentedCheckout,
			Expected: "A customer orders and pays with a good card. PayPorter calls back and answers SUCCESS. The " +
				"order is paid. It is fulfilled, where the config says how to see that.",
			Advice: "Follow the exchanges to the first that is not as you expect. If the shop is right, compare the config " +
				"with it: order, state.request, state.paid.",
			Judge: judgePaid,
		},
		{
			ID: "FLOW-004", Title: "An order is not paid before the customer has paid", Severity: report.Critical,
			Source:   documentedCheckout,
			Expected: "An order whose checkout has been created, and for which nobody has paid, is not paid.",
			Advice: "A checkout is a link to pay at, not a payment. Leave the order open until GET " +
				"/api/checkout/{checkoutId} answers SUCCESS.",
			Judge: judgeUnpaidAtFirst,
		},
		{
			ID: "FLOW-005", Title: "An order whose payment FAILED is not paid", Severity: report.Critical,
			Source:   documentedCheckout,
			Expected: "The bank declines. PayPorter calls back and answers FAILED. The order is not paid.",
			Advice:   "PayPorter calls back after failures, too. Only the status SUCCESS means paid.",
			Judge:    judgeDeclined,
		},
		{
			ID: "FLOW-006", Title: "An order whose payment FAILED says so", Severity: report.Minor, Source: documentedCheckout,
			Expected: "After the status FAILED the order shows that its payment failed.",
			Advice: "Tell the customer that the payment failed, and offer another try. A customer who sees an " +
				"open order does not know that nothing was paid. Compare the whole status with the text FAILED, and do not " +
				"change upper and lower case: on a Turkish system FAILED becomes faıled, which is not failed.",
			Judge: judgeSaysFailed,
		},
		{
			ID: "FLOW-007", Title: "A customer who leaves without paying can come back and pay", Severity: report.Major,
			Source: "assumed: a link can be paid until it expires",
			Expected: "A customer opens the payment page and leaves. The order is unpaid. The customer can order " +
				"again. The first link still pays its order.",
			Advice: "No callback comes when a customer leaves. Keep the order open, and keep the mapping from its " +
				"checkoutId until the link expires.",
			Judge: judgeLeaves,
		},
		{
			ID: "FLOW-008", Title: "An expired link leaves the order unpaid, and the customer can order again",
			Severity: report.Major,
			Source:   "assumed: an expired link has the status CANCELLED",
			Expected: "The link expires. The order is unpaid. A new order of the same customer can be paid.",
			Advice:   "Treat CANCELLED as a payment that did not happen. Let the customer order again.",
			Judge:    judgeExpires,
		},
		{
			ID: "FLOW-009", Title: "A second attempt that succeeds after a declined one is honoured", Severity: report.Major,
			Source:   "assumed: a declined checkout may be tried again",
			Expected: "The first card is declined. The second card pays the same checkout. The order is paid.",
			Advice: "Do not close an order at the first FAILED. A later callback for the same checkout can bring " +
				"SUCCESS, and the customer's money.",
			Judge: judgeSecondAttempt,
		},
		{
			ID: "FLOW-010", Title: "The payment of one order pays no other", Severity: report.Critical,
			Source:   documentedCheckout,
			Expected: "Three orders are open. A customer pays for the second. It is paid. The other two are not.",
			Advice: "Find the order by the checkoutId that you asked about. Keep no variable such as the last or " +
				"the current order.",
			Judge: judgeApart,
		},
	}
}

func judgeRedirect(t *trial) {
	t.needsOrders()
	alike := t.shop.SamePrice()
	for range 2 { // a link belongs to an order, not to its price
		o := t.order(alike)
		if !slices.Contains(o.Links, strings.TrimSpace(o.RedirectURL)) {
			rule.Fail("PayPorter answered redirectUrl %s, the customer is sent to %s", strings.Join(o.Links, ", "),
				o.RedirectURL)
		}
		t.saw("sent to %s", o.RedirectURL)
	}
}

func judgeAsks(t *trial) {
	t.needsOrders()
	f := t.facts
	t.show(f.callbacks...)
	t.show(f.questions...)

	switch {
	case f.asked():
		t.saw("%s %s", f.questions[0].Request.Method, f.questions[0].Path)
	case !f.reached():
		rule.See("REQ-007").Missing("no callback reached the shop")
	default:
		rule.Fail("the callback was answered %d, and the shop did not ask for the checkout", f.callbacks[0].Answer().Status)
	}
}

func judgePaid(t *trial) {
	f := t.facts
	if f.order != nil {
		t.show(t.watch.Find(func(c *shop.Call) bool { return c.OfLocked(f.order) })...)
	}

	switch {
	case f.misasked:
		rule.See("REQ-004", "REQ-005", "REQ-003").Fault("the shop asked for another amount or " +
			"currency than the order's; with the right ones the order is paid")
	case f.refused != nil && f.asksFor && len(f.order.Checkouts) == 0:
		whyCreateRefused.Own("PayPorter refused the create: %v", f.refused)
	case f.refused != nil:
		rule.Fail("no order could be made: %v", f.refused)
	case f.unreadable != nil:
		rule.Fail("%v", f.unreadable)
	case f.paidBefore:
		rule.See("FLOW-004").Fault("the order was paid before anybody paid")
	case !f.paid && !f.reached():
		rule.See("REQ-007").Missing("no callback reached the shop")
	case !f.paid:
		notAnothers(t, f.order)
		rule.Fail("%s after the callback the order is not paid: %s", slowestStart, t.watch.WhyUnpaid(f.order))
	}

	if f.undelivered {
		rule.Fail("the order is paid, and %s after the callback its goods have not gone out: state.fulfilments is still 0",
			t.watch.Soon())
	}

	t.saw("paid %s after the callback", f.Latency.Round(time.Millisecond))
}

// notAnothers gives up when another rule says why an order that was paid for is not paid.
func notAnothers(t *trial, o *shop.Purchase) {
	for _, c := range t.watch.Find(func(c *shop.Call) bool { return c.ToPayPorter() && c.OfLocked(o) }) {
		switch {
		case c.Answer().Status == http.StatusUnauthorized:
			rule.See("REQ-002").Fault("PayPorter refused the shop's credentials")
		case c.IsCreate() && o.Amount != "" && !decimal.Same(strings.Trim(string(c.Sent("amount")), `"`), o.Amount):
			rule.See("REQ-004").Fault("the shop asked for another amount than the order's")
		case c.IsCreate() && c.SentText("currency") != o.Currency:
			rule.See("REQ-005").Fault("the shop asked for another currency than the order's")
		}
	}
}

func judgeUnpaidAtFirst(t *trial) {
	t.needsOrders()
	t.facts.readable()
	o := t.order()
	t.watch.Settled()
	if b := t.watch.Believed(o); b.Given() {
		rule.Fail("%s and nobody has paid for it", strings.TrimSuffix(b.How(), ",")+",")
	}
	t.saw("unpaid with a checkout that nobody has paid")
}

func judgeDeclined(t *trial) {
	t.needsQuestions()
	t.needsOrderly()
	o := t.order()
	t.shop.Decline(o)
	t.watch.Told(o, 1)
	t.staysUnpaid(o, "a declined payment")
}

func judgeSaysFailed(t *trial) {
	if t.harness.Config.State.Failed.IsZero() {
		rule.NotEvaluable("the config has no state.failed")
	}

	t.needsQuestions()
	o := t.order()
	t.shop.Decline(o)
	t.watch.Told(o, 1)
	t.watch.Settled()
	switch b := t.watch.Believed(o); {
	case b.Paid:
		rule.See("FLOW-005").Fault("the order is paid after FAILED")
	case b.Failed == nil || !*b.Failed:
		rule.Fail("the order does not say that its payment failed: %s", b.Text)
	default:
		t.saw("after FAILED the order says so: %s", b.Text)
	}
}

func judgeLeaves(t *trial) {
	t.needsPaid()
	o := t.order()
	_, _ = t.shop.Open(o) // FLOW-001 judges whether the link is right
	t.shop.Control(o.CheckoutID(), "abandon", nil)
	if t.watch.Believed(o).Paid {
		rule.Fail("the order is paid, although the customer left without paying")
	}

	again := t.shop.NewOrder(shop.By(o))
	if err := t.shop.Place(again); err != nil {
		rule.Fail("the customer cannot order again: %v", err)
	}

	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		if t.facts.mixesUp {
			rule.See("FLOW-010").Fault("a payment pays another order")
		}
		rule.Fail("the customer came back and paid, and the order is not paid")
	}

	t.saw("unpaid when the customer had left, paid when the customer came back; meanwhile the customer could order again")
}

func judgeExpires(t *trial) {
	t.needsDoubt()
	o := t.order()
	t.shop.Control(o.CheckoutID(), "expire", nil)
	t.shop.CallAgain(o) // PayPorter may tell of it
	t.watch.Settled()
	if t.watch.Believed(o).Paid {
		rule.See("TRUST-011").Own("the shop was told of it, and takes CANCELLED for paid")
	}

	again := t.shop.NewOrder(shop.By(o))
	if err := t.shop.Place(again); err != nil {
		rule.Fail("the customer cannot order again: %v", err)
	}

	t.shop.Pay(again)
	t.watch.Told(again, 1)
	if !t.watch.BecomesPaid(again, t.watch.Soon()) {
		rule.Fail("the customer ordered again and paid, and the new order is not paid")
	}
	if again.ID != o.ID && t.watch.Believed(o).Paid {
		rule.Fail("the order with the expired link is paid, too")
	}

	t.saw("unpaid after its link had expired; the customer ordered again and paid")
}

func judgeSecondAttempt(t *trial) {
	t.needsFailure()
	o := t.order()
	t.shop.Decline(o)

	t.watch.Told(o, 1)
	t.watch.Settled()
	t.shop.Pay(o)
	t.watch.Told(o, 2)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("the first card was declined, the second one was charged, and the order is not paid; the shop says %s",
			t.watch.Believed(o).Text)
	}
	t.saw("paid after a declined card and a good one")
}

func judgeApart(t *trial) {
	t.needsPaid()
	alike := t.shop.SamePrice()
	orders := []*shop.Purchase{t.order(alike), t.order(alike), t.order(alike)}
	t.shop.Pay(orders[1])
	t.watch.Told(orders[1], 1)
	t.watch.Settled()
	if !t.watch.BecomesPaid(orders[1], t.watch.Soon()) {
		t.concerns(orders[1])
		rule.Fail("the order that was paid for is not paid")
	}

	for _, other := range []*shop.Purchase{orders[0], orders[2]} {
		if t.watch.Believed(other).Given() {
			t.concerns(other, orders[1])
			rule.Fail("order %s is paid, too, and nobody paid for it", other.ID)
		}
	}

	t.saw("of three open orders of one price the second was paid, and the others stayed open")
}
