package merchant

import (
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// webhookRules are about webhooks that PayPorter sends, and what is made of them.
func webhookRules() []row {
	const once = "Let webhook, callback and the customer's return end in the same function, which records the step from " +
		"open to paid once."
	return []row{
		{
			ID: "WEBHOOK-001", Title: "A good webhook is answered 2xx", Severity: report.Major, Source: documentedWebhooks,
			Expected: "The signed webhook of a paid order is answered with a status from 200 to 299.",
			Advice:   "Answer 200 once you have recorded the event. Anything else makes PayPorter send it for two days.",
			Judge:    judgeWebhookTaken,
		},
		{
			ID: "WEBHOOK-002", Title: "A webhook is answered within 5 seconds", Severity: report.Major,
			Source:   documentedWebhooks,
			Expected: "The signed webhook of a paid order is answered within five seconds.",
			Advice:   "Do slow work (mails, invoices, warehouses) after the answer.", Judge: judgeWebhookInTime,
		},
		{
			ID: "WEBHOOK-003", Title: "A webhook pays an order whose callback is lost", Severity: report.Major,
			Source:   documentedWebhooks,
			Expected: "The customer pays. No callback comes, only the signed webhook. The order is paid.",
			Advice:   "Find the order by the orderId of the answer to your GET, and settle it as after a callback.",
			Judge:    judgeWebhookPays,
		},
		{
			ID: "WEBHOOK-004", Title: "An event that comes again is answered 2xx, too", Severity: report.Minor,
			Source:   documentedWebhooks,
			Expected: "The same event comes twice. Both webhooks are answered with a status from 200 to 299.",
			Advice:   "An event that you know needs nothing any more. Answer 200, or PayPorter sends it for two days.",
			Judge:    judgeEventAgain,
		},
		{
			ID: "WEBHOOK-005", Title: "An order is fulfilled once, however many webhooks come", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "The same event comes three times, and two other events about the same payment follow. The order is " +
				"fulfilled once.",
			Advice: "Keep the event ids that you have handled. " + once, Judge: judgeEventsOnce,
		},
		{
			ID: "WEBHOOK-006", Title: "Webhook and callback one after the other fulfil once", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "For one order the webhook comes before the callback, for another one after it. Each is fulfilled " +
				"once.",
			Advice: once, Judge: judgeWebhookAndCallback,
		},
		{
			ID: "WEBHOOK-007", Title: "Webhook and callback at the same moment fulfil once", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "The webhook and the callback arrive at the same moment. This is done for up to 30 orders. Each is " +
				"fulfilled once.",
			Advice: once + " To look first and to write later is not one step.", Judge: judgeWebhookRaces,
		},
		{
			ID: "WEBHOOK-008", Title: "An event of an unknown type is answered 2xx", Severity: report.Minor,
			Source:   "assumed: PayPorter may send other types of events later; it names payment.status_changed",
			Expected: "A signed webhook has an x-event-type that nobody knows. It is answered with a status from 200 to 299.",
			Advice:   "Acknowledge what you do not handle, or PayPorter sends it for two days.", Judge: judgeUnknownType,
		},
		{
			ID: "WEBHOOK-009", Title: "A webhook about a payment that PayPorter does not know pays nothing",
			Severity: report.Critical, Source: documentedWebhooks + " (the receiver still verifies by GET)",
			Expected: "A signed webhook says SUCCESS for an open order, and names another merchant's payment. The GET is " +
				"answered 404. The order is not paid.",
			Advice: "Ask GET /api/payment/{paymentId}. When it answers 404, the payment is not yours: do nothing.",
			Judge:  judgeOthersPayment,
		},
		{
			ID: "WEBHOOK-010", Title: "What a webhook says of status is asked for by GET", Severity: report.Critical,
			Source: documentedWebhooks + " (the receiver still verifies by GET)",
			Expected: "A payment is declined. A signed webhook says SUCCESS, and PayPorter answers FAILED. The order is not " +
				"paid.",
			Advice: "Take only paymentId from a webhook, and believe what GET /api/payment/{paymentId} answers: an event " +
				"may be old when it comes.", Judge: judgeWebhookAsks,
		},
		{
			ID: "WEBHOOK-011", Title: "The webhook of another amount pays nothing", Severity: report.Critical,
			Source:   documentedCheckout,
			Expected: "Webhook and GET say SUCCESS for 1.00 instead of what the order costs. The order is not paid.",
			Advice:   "Compare amount and currency with the order also where a webhook tells of the payment.",
			Judge:    judgeWebhookAmount,
		},
		{
			ID: "WEBHOOK-012", Title: "The webhook of a declined payment is answered 2xx and pays nothing",
			Severity: report.Major, Source: documentedWebhooks,
			Expected: "The bank declines. The webhook is answered with a status from 200 to 299, and the order is not paid.",
			Advice:   "Record that the payment was declined, and answer 200.", Judge: judgeWebhookDeclined,
		},
		{
			ID: "WEBHOOK-013", Title: "A late webhook of a failed try takes no payment back", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "The first try is declined, the second one pays. Then the webhook of the first try comes. The order " +
				"stays paid.",
			Advice: "SUCCESS is final. An order has several payments: one that failed says nothing of another.",
			Judge:  judgeLateFailedWebhook,
		},
		{
			ID: "WEBHOOK-014", Title: "The webhook of a refund fulfils nothing", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "The order is paid and fulfilled. Its payment is refunded at PayPorter, and the signed webhook of the " +
				"refund comes, with SUCCESS. The order is not fulfilled again.",
			Advice: "Look at transactionType: only a SALE pays. Compare paymentId with the order's payment.",
			Judge:  judgeRefundWebhook,
		},
		{
			ID: "WEBHOOK-015", Title: "An event that could not be handled is handled when it comes again",
			Severity: report.Major, Source: documentedWebhooks,
			Expected: "PayPorter answers the first GET with 500, and the next ones rightly. Unless the webhook was answered 2xx, " +
				"the same event comes again. The order is paid.",
			Advice: "Remember an event id only after you have handled the event, and answer 503 when you could not. Who " +
				"answers 2xx first has to ask again alone.",
			Judge: judgeEventRetried,
		},
	}
}

// needsWebhook gives up when nobody knows where webhooks go.
func needsWebhook(t *trial) {
	if t.harness.Config.Webhook.URL == "" {
		rule.NotEvaluable("not judged: no webhook in verify.yaml")
	}
	t.needsPaid()
}

// untold is an order that was paid and of which the shop has heard nothing, with its payment.
func untold(t *trial) (*shop.Purchase, shop.Payment) {
	needsWebhook(t)
	if t.harness.Deaf.Load() && t.rule.ID != paysByWebhook {
		payNothing(t)
	}
	o := t.order(shop.With("callback-lost"))
	t.shop.Pay(o)
	p := newest(t, o)
	if t.facts.Polls || t.watch.Believed(o).Given() {
		rule.NotEvaluable("the shop learns of payments by itself, so it cannot be seen what a webhook does")
	}
	return o, p
}

// newest is the newest payment of an order.
func newest(t *trial, o *shop.Purchase) shop.Payment {
	all := t.shop.Payments(o)
	if len(all) == 0 {
		rule.NotEvaluable("PayPorter knows no payment of the order")
	}
	return all[0]
}

// pays sends a webhook and reports whether the order becomes paid.
func pays(t *trial, o *shop.Purchase, e shop.Event) bool {
	t.shop.Send(o, e)
	return t.watch.BecomesPaid(o, t.watch.Soon())
}

// paysByWebhook is the rule that a shop breaks which makes nothing of webhooks.
const paysByWebhook = "WEBHOOK-003"

// payNothing gives up because not even a good webhook makes an order paid. No other trial waits for that again.
func payNothing(t *trial) {
	t.harness.Deaf.Store(true)
	rule.See(paysByWebhook).Missing("not even a good webhook makes an order paid")
}

// needsGoodWebhook gives up when not even a good webhook pays an order.
func needsGoodWebhook(t *trial) {
	o, p := untold(t)
	if !pays(t, o, t.shop.NewEvent(p)) {
		payNothing(t)
	}
}

// taken sends a good webhook and gives up when the shop does not acknowledge it.
func taken(t *trial, o *shop.Purchase, e shop.Event) {
	if !t.shop.Send(o, e).Taken() {
		rule.See("WEBHOOK-001", "WEBHOOK-002").Missing("not even a good webhook is answered 2xx in time")
	}
}

func judgeWebhookTaken(t *trial) {
	o, p := untold(t)
	c := t.shop.Send(o, t.shop.NewEvent(p))
	t.show(c)
	switch {
	case c.Answer().Status == 0 || c.Took() >= shop.CallbackPatience:
		rule.See("WEBHOOK-002").Fault("no answer came in time")
	case !c.Taken():
		rule.Fail("the webhook of a paid order was answered %d", c.Answer().Status)
	}
	t.saw("answered %d", c.Answer().Status)
}

func judgeWebhookInTime(t *trial) {
	o, p := untold(t)
	c := t.shop.Send(o, t.shop.NewEvent(p))
	t.show(c)
	if c.Took() >= shop.CallbackPatience*9/10 {
		rule.Fail("%s after the webhook there was no answer", c.Took().Round(shop.CallbackPatience/50))
	}
	t.saw("answered after %s", c.Took().Round(shop.CallbackPatience/5000))
}

func judgeWebhookPays(t *trial) {
	o, p := untold(t)
	if !pays(t, o, t.shop.NewEvent(p)) {
		t.harness.Deaf.Store(true)
		rule.Fail("the order is not paid after its webhook: %s", t.watch.WhyUnpaid(o))
	}
	t.saw("paid after the webhook")
}

func judgeEventAgain(t *trial) {
	o, p := untold(t)
	e := t.shop.NewEvent(p)
	taken(t, o, e)
	t.watch.Settled()
	c := t.shop.Send(o, e)
	t.show(c)
	if !c.Taken() {
		rule.Fail("the second webhook of the same event was answered %d", c.Answer().Status)
	}
	t.saw("answered %d", c.Answer().Status)
}

func judgeEventsOnce(t *trial) {
	needsWebhook(t)
	needsCount(t)
	o, p := untold(t)
	e := t.shop.NewEvent(p)
	for range 3 {
		t.shop.Send(o, e)
		t.watch.Settled()
	}
	t.shop.Send(o, t.shop.NewEvent(p))
	t.watch.Settled()
	t.shop.Send(o, t.shop.NewEvent(p))
	webhookFulfilsOnce(t, o, "five webhooks")
}

// webhookFulfilsOnce fails the rule when the order was fulfilled more than once.
func webhookFulfilsOnce(t *trial, o *shop.Purchase, after string) {
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		payNothing(t)
	}
	fulfilledOnce(t, o, after)
}

func judgeWebhookAndCallback(t *trial) {
	needsWebhook(t)
	needsCount(t)
	o, p := untold(t)
	t.shop.Send(o, t.shop.NewEvent(p))
	t.watch.Settled()
	t.shop.CallAgain(o)
	webhookFulfilsOnce(t, o, "a webhook and then the callback")

	o = paidOrder(t, shop.Plain)
	t.watch.Settled()
	t.shop.Send(o, t.shop.NewEvent(newest(t, o)))
	webhookFulfilsOnce(t, o, "the callback and then a webhook")
}

func judgeWebhookRaces(t *trial) {
	needsWebhook(t)
	judgeRace(t, "a webhook and a callback at the same moment", 2, func(n int, o *shop.Purchase) {
		known, err := t.shop.TryPayments(o)
		if n == 0 || err != nil || len(known) == 0 {
			t.shop.CallAgain(o)
			return
		}
		t.shop.Send(o, t.shop.NewEvent(known[0]))
	})
}

func judgeUnknownType(t *trial) {
	o, p := untold(t)
	taken(t, o, t.shop.NewEvent(p))
	e := t.shop.NewEvent(p)
	e.Type = "payment.dispute_opened"
	c := t.shop.Send(o, e)
	t.show(c)
	if !c.Taken() {
		rule.Fail("an event of the type %s was answered %d", e.Type, c.Answer().Status)
	}
	t.saw("answered %d", c.Answer().Status)
}
