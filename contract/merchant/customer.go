package merchant

import (
	"regexp"
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// customerRules are about what a customer's own browser can do.
func customerRules() []row {
	return []row{
		{
			ID: "TRUST-029", Title: "What a customer adds to the shop's own page pays nothing", Severity: report.Critical,
			Source: documentedCheckout + " (only the status of the GET means paid)",
			Expected: "A customer orders, and pays a cheaper order. Then the customer opens the shop's page of the unpaid " +
				"order with status=SUCCESS, paid=1 and the checkoutId of the paid one in the query. The order is not paid.",
			Advice: "A page that shows an order changes nothing. If it asks PayPorter, let it ask about the checkoutId that " +
				"was kept with the order, and believe the answer alone.",
			Judge: judgeOwnPage,
		},
		{
			ID: "TRUST-030", Title: "A payment in the customer's session pays no other order of the session",
			Severity: report.Critical, Source: documentedCheckout,
			Expected: "A browser orders dear, then cheap, and pays cheap. It sends the dear order's checkoutId to the " +
				"callback, with its cookies. The dear order is not paid.",
			Advice: "Ask about the checkoutId that came, and let the answer pay the order that has this checkoutId. Keep no " +
				"checkout in the session.",
			Judge: judgeSession,
		},
		{
			ID: "TRUST-031", Title: "The question is about the checkoutId that came, not about the session's",
			Severity: report.Major, Source: documentedCheckout,
			Expected: "A browser orders twice, and pays the second order. It sends the first order's checkoutId to the " +
				"callback, with its cookies. If the shop asks PayPorter then, it asks about that checkoutId.",
			Advice: "Take checkoutId from the callback. The session knows the order that was made last, and not the one that " +
				"the callback is about.",
			Judge: judgeSessionQuestion,
		},
	}
}

// dearPrice is what an order costs that is paid with a cheaper one, where the harness chooses.
const dearPrice = "9120.40"

func judgeOwnPage(t *trial) {
	t.needsDoubt()
	t.needsLooks()
	o := orderAt(t, dearPrice)
	cheap := t.order(shop.By(o))
	needsTwo(o, cheap)
	t.shop.Pay(cheap)
	t.watch.Told(cheap, 1)
	t.watch.Settled()
	if t.watch.Believed(o).Given() {
		rule.See("FLOW-010").Own("the payment of another order pays it")
	}

	for _, added := range [][]string{
		{"status", "SUCCESS", "paid", "1", "success", "true", "result", "SUCCESS", "resultCode", "SUCCESS"},
		{"checkoutId", cheap.CheckoutID()},
		{"checkoutId", cheap.CheckoutID(), "status", "SUCCESS", "paid", "1"},
		lies(o),
	} {
		t.shop.ComeBack(o, t.shop.OwnPage(o, added...))
	}

	t.concerns(o)
	t.staysUnpaid(o, "the customer opened the shop's page of it with status=SUCCESS, paid=1 and another checkoutId")
}

// cheapSession is a browser that ordered dear, then cheap, and paid cheap, of which the shop was not told. It brings
// the dear order's checkoutId.
func cheapSession(t *trial) (dear, cheap *shop.Purchase) {
	t.needsDoubt()
	t.needsQuestions()
	if t.facts.mixesUp {
		rule.See("FLOW-010").Fault("a payment pays another order")
	}

	dear = orderAt(t, dearPrice)
	cheap = t.order(shop.By(dear), shop.With("untold"))
	needsTwo(dear, cheap)
	t.shop.Pay(cheap)
	t.shop.ComeBack(dear, shop.Form("checkoutId", dear.CheckoutID()))
	t.watch.Settled()
	return dear, cheap
}

// needsTwo gives up when a browser that orders again gets the order that it has open.
func needsTwo(first, second *shop.Purchase) {
	if first.ID == second.ID {
		rule.NotEvaluable("a customer who orders again gets the same order")
	}
}

func judgeSession(t *trial) {
	dear, cheap := cheapSession(t)
	if t.watch.Believed(dear).Given() {
		t.concerns(dear, cheap)
		rule.Fail("an order is paid: its customer brought its checkoutId after paying another order over %s", cheap.Amount)
	}
	t.saw("unpaid after its customer had paid another order and brought the unpaid one's checkoutId")
}

func judgeSessionQuestion(t *trial) {
	dear, cheap := cheapSession(t)
	asked := t.watch.Questions(cheap)
	if len(t.watch.Questions(dear)) == 0 && len(asked) > 0 {
		t.show(asked...)
		rule.Fail("the customer brought the checkoutId of one order, and the shop asked about another order of the session")
	}
	t.saw("asked %s about the checkoutId that came", times(len(t.watch.Questions(dear))))
}

// frameRules are about how the payment page is shown.
func frameRules() []row {
	return []row{{
		ID: "FLOW-014", Title: "The payment page is not shown in a frame", Severity: report.Advisory,
		Source: "assumed: a page that takes card numbers may refuse to be framed",
		Expected: "No page of the shop on the way to pay has a frame, iframe, embed or object with the address of the " +
			"payment page.",
		Advice: "Send the customer to redirectUrl with a redirect or a link. In a frame the customer cannot see whose " +
			"page asks for the card, and the page may not open.",
		Judge: judgeFrame, When: rule.FromStart,
	}}
}

var framed = regexp.MustCompile(`(?i)<(i?frame|embed|object)\b[^>]*checkout-link`)

func judgeFrame(t *trial) {
	t.needsOrders()
	pages := t.watch.Find(func(c *shop.Call) bool {
		return c.To == shop.Merchant && c.Order == t.facts.order && c.Answer().Status != 0
	})
	at := slices.IndexFunc(pages, func(c shop.Call) bool { return framed.Match(c.Answer().Body) })
	if at >= 0 {
		t.show(pages[at])
		rule.Fail("the payment page stands in a frame: %s", framed.FindString(string(pages[at].Answer().Body)))
	}
	t.saw("no frame in %d answers", len(pages))
}
