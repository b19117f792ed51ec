package provider

import "net/http"

// The cancellations and refunds that rules look at.
var (
	toCancel       = once("toCancel", charged(payOp, "a payment to be cancelled", nil))
	cancelled      = once("cancelled", on(toCancel, cancelOp, "a cancel", nil))
	cancelDeclined = once("cancelDeclined", then(cancelled, on(declined, cancelOp, "a cancel of a declined payment", nil)))
	cancelledRead  = once("cancelledRead", on(cancelled, readOp, "the status of a cancel", nil))

	toRefund       = once("toRefund", charged(payOp, "a payment to be refunded", nil))
	refunded       = once("refunded", on(toRefund, refundOp, "a refund of a part", part("50.25", "TRY")))
	refundRead     = once("refundRead", on(refunded, readOp, "the status of a refund", nil))
	overRefund     = once("overRefund", then(refunded, on(toRefund, refundOp, "a refund above the rest", part("50.26", "TRY"))))
	restRefund     = once("restRefund", then(overRefunds, on(toRefund, refundOp, "a refund of the rest", part("50.25", "TRY"))))
	refundDeclined = once("refundDeclined", then(refunded, on(declined, refundOp, "a refund of a declined payment", part("1", "TRY"))))
	refundEUR      = once("refundEUR", then(refunded, on(sale, refundOp, "a refund in another currency", part("1", "EUR"))))
	refundZero     = once("refundZero", then(refunded, on(sale, refundOp, "a refund of nothing", part("0", "TRY"))))
	approvedRead   = once("approvedRead", decided(refunded, "approve"))
	rejectedRead   = once("rejectedRead", decided(restRefund, "reject"))
	againRefund    = once("againRefund", then(rejectedRead, on(toRefund, refundOp, "a refund of what was rejected",
		part("50.25", "TRY"))))
)

// overRefunds is the part that was taken, once the one above the rest has been tried.
func overRefunds(c payments) (*call, string) {
	if x, reason := overRefund(c); reason != "" || x.Answer().Status == http.StatusOK {
		return x, "more than the rest was refunded before" + reason
	}
	return refunded(c)
}

func cancelRules() []row {
	return family("CANCEL",
		told("PROV-821", "A payment of today can be cancelled", onCancel, "200 to POST /api/payment/{paymentId}/cancel "+
			"without a body", "Serve it.", served(cancelled)),
		told("PROV-822", "A cancel is a new payment", onCancel, "another paymentId", "Answer a new payment.",
			isNew(cancelled, toCancel)),
		told("PROV-823", "A cancel names its payment", onCancel, "parentPaymentId", "Answer parentPaymentId.",
			refersTo(cancelled, toCancel, "parentPaymentId")),
		told("PROV-824", "A cancel is a CANCEL", onCancel, "transactionType CANCEL", asDocumented,
			has(cancelled, "transactionType", "CANCEL")),
		critical(told("PROV-825", "A cancel has the payment's amount", onCancel, "the amount of the payment",
			"A cancel is of the whole payment.", echoes(cancelled, toCancel, "amount"))),
		told("PROV-826", "A cancel has the payment's currency", onCancel, "the currency of the payment", asDocumented,
			echoes(cancelled, toCancel, "currency")),
		told("PROV-827", "A cancel can be asked for", onStatus, "200 with its paymentId", "Answer every payment.",
			refersTo(cancelledRead, cancelled, "paymentId")),
		told("PROV-828", "A second cancel is refused", assumed, "4xx", "Take a payment back once.",
			declines(changed(cancelled, func(_ payments, q *request) { q.title = "a second cancel" }))),
		critical(told("PROV-829", "A declined payment is not cancelled", onCancel, "4xx: only SUCCESS payments",
			"Look at the status first.", declines(cancelDeclined))),
		told("PROV-830", "A cancel of an unknown payment is refused", onIntro, "4xx", "Never make up a payment.",
			declines(unknownOf(cancelled))),
		critical(told("PROV-831", "A cancel without credentials is refused", onAuth, "401", "Look at both headers first.",
			locked(changed(cancelled, noCredentials), changed(cancelled, wrongCredentials)))),
		critical(told("PROV-832", "Another merchant cannot cancel", onAuth, "4xx", "Look payments up by merchant and id.",
			strangers(cancelled))),
	)
}

func refundRules() []row {
	const rest = "Sum refunds up, the pending ones among them, before another is taken."
	return family("REFUND",
		told("PROV-841", "A part of a payment can be refunded", onRefund, "200 to POST /api/payment/{paymentId}/refund",
			"Serve it.", served(refunded)),
		told("PROV-842", "A refund is a new payment", onRefund, "another paymentId", "Answer a new payment.",
			isNew(refunded, toRefund)),
		told("PROV-843", "A refund names its payment", onRefund, "parentPaymentId", "Answer parentPaymentId.",
			refersTo(refunded, toRefund, "parentPaymentId")),
		told("PROV-844", "A refund is a REFUND", onRefund, "transactionType REFUND", asDocumented,
			has(refunded, "transactionType", "REFUND")),
		critical(told("PROV-845", "A refund waits for approval", onRefund, "status PENDING_APPROVAL",
			"An administrator decides first.", has(refunded, "status", "PENDING_APPROVAL"))),
		told("PROV-846", "A refund has the resultCode PENDING_APPROVAL", onRefund, "resultCode PENDING_APPROVAL", asDocumented,
			has(refunded, "resultCode", "PENDING_APPROVAL")),
		told("PROV-847", "A refund says that it is queued", onRefund, `"Refund request queued for approval"`, asDocumented,
			has(refunded, "resultMessage", "Refund request queued for approval")),
		critical(told("PROV-848", "A refund has the amount that was sent", onRefund, "the amount of the refund",
			"Keep amounts as decimals.", echoes(refunded, refunded, "amount"))),
		told("PROV-849", "A refund has the currency that was sent", onRefund, "the currency", asDocumented,
			echoes(refunded, refunded, "currency")),
		told("PROV-850", "A refund can be asked for", onRefund, "200 with its paymentId", "Answer every payment.",
			refersTo(refundRead, refunded, "paymentId")),
		critical(told("PROV-851", "No more is refunded than was paid, what waits included", onRefund, "4xx for 50.26 after a "+
			"pending 50.25 of 100.50", rest, declines(overRefund))),
		told("PROV-852", "The rest can be refunded", onRefund, "200 for a second refund within the amount", rest,
			served(restRefund)),
		critical(told("PROV-853", "A declined payment is not refunded", onRefund, "4xx: only SUCCESS or CAPTURED payments",
			"Look at the status first.", declines(refundDeclined))),
		told("PROV-854", "A refund in another currency is refused", assumed, "4xx for EUR of TRY", "Compare the currency.",
			declines(refundEUR)),
		told("PROV-855", "A refund of nothing is refused", assumed, "4xx for 0", "Answer 400.", declines(refundZero)),
		told("PROV-856", "A refund of an unknown payment is refused", onIntro, "4xx", "Never make up a payment.",
			declines(unknownOf(refunded))),
		critical(told("PROV-857", "A refund without credentials is refused", onAuth, "401", "Look at both headers first.",
			locked(changed(refunded, noCredentials), changed(refunded, wrongCredentials)))),
		critical(told("PROV-858", "Another merchant cannot refund", onAuth, "4xx", "Look payments up by merchant and id.",
			strangers(refunded))),
		told("PROV-859", "An approved refund is SUCCESS", onRefund, "status SUCCESS once an administrator approved",
			"Say what became of it.", has(approvedRead, "status", "SUCCESS")),
		told("PROV-860", "A rejected refund is REJECTED", onRefund, "status REJECTED once an administrator rejected",
			"Say what became of it.", has(rejectedRead, "status", "REJECTED")),
		told("PROV-861", "What was rejected can be refunded again", assumed, "200", "A rejected refund gives nothing back.",
			served(againRefund)),
	)
}

// decided has an administrator decide on a refund, and asks for its status then.
func decided(s source, verb string) source {
	return func(c payments) (*call, string) {
		id, reason := c.idOf(s)
		if reason == "" && must(s(c)).text("status") != "PENDING_APPROVAL" {
			reason = "the refund does not wait for approval"
		}
		if reason == "" {
			reason = c.control("an administrator's decision", http.MethodPost, "/_mock/payments/"+id+"/"+verb, nil)
		}
		if reason != "" {
			return nil, reason
		}
		return c.ask(readOp, "the status of a refund after the decision to "+verb, id, nil), ""
	}
}

func must(x *call, _ string) *call { return x }

// control drives payporter-mock. No other server can be driven so.
func (c payments) control(what, method, path string, body []byte) (reason string) {
	_, reason = c.controlled(what, method, path, body)
	return reason
}

// controlled drives payporter-mock as control does, and answers what it said.
func (c payments) controlled(what, method, path string, body []byte) (x *call, reason string) {
	if !c.run.Sandbox {
		return nil, "it needs " + what + ", which only the control API of payporter-mock can make"
	}

	q := request{title: what, method: method, path: path, key: c.run.APIKey, body: body}
	if c.run.AdminToken != "" {
		q.header = map[string]string{"Authorization": "Bearer " + c.run.AdminToken}
	}
	if x = c.run.send(c.ctx, q); x.Answer().Status != http.StatusOK {
		return nil, what + " could not be made: " + x.answered()
	}
	return x, ""
}
