package merchant

import (
	"fmt"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

func judgeSlowStatus(t *trial) {
	t.needsQuestions()
	o := t.order(shop.With("slow-status"))
	t.shop.Pay(o)
	paidInTheEnd(t, o, "the GET took six seconds")
}

func judgeStatusFailsOnce(t *trial) {
	t.needsQuestions()
	o := t.order(shop.With("status-fails-once"))
	t.shop.Pay(o)
	paidInTheEnd(t, o, "the GET was answered 500 once")
	o = t.order(shop.With("callback-again"), shop.Refusing(500).Statuses)
	t.shop.Pay(o)
	t.watch.Told(o, 1)
	times := len(t.watch.Questions(o))
	t.shop.Answering(o, nil)
	paidInTheEnd(t, o, fmt.Sprintf("every GET was answered 500 (%d) until the callback had been answered", times))
}

// judgeUndecided says something that decides nothing when the shop asks first, and SUCCESS afterwards.
func judgeUndecided(what string, first ...shop.Edit) func(*trial) {
	return func(t *trial) {
		t.needsQuestions()
		t.needsLooks()
		for _, e := range first {
			o := t.order(e.Statuses)
			t.shop.Pay(o)
			t.watch.Told(o, 1)
			t.watch.Settled()
			said := lastWord(t, o)
			if t.watch.Believed(o).Given() {
				rule.See("TRUST").Own("the order is paid when PayPorter says %s", said)
			}
			t.shop.Answering(o, nil)
			t.shop.CallAgain(o) // it counts what becomes of the order
			if !t.watch.BecomesPaid(o, t.watch.Soon()) {
				rule.Fail("PayPorter said %s first and SUCCESS with the next callback, and the order is not paid", said)
			}
		}
		t.saw("paid after %s", what)
	}
}

// waiting is the answer about a payment that somebody has yet to approve.
var waiting = shop.Edit(shop.Saying(map[string]any{
	"status": payment.PendingApproval, "resultCode": "PENDING_APPROVAL", "resultMessage": "PENDING_APPROVAL",
	"authCode": nil,
}))

// bodied leaves the status, and answers it with another body.
func bodied(body string) shop.Edit {
	return func(a exchange.Message) exchange.Message {
		a.Body = []byte(body)
		return a
	}
}

// newFields are what PayPorter may say one day.
var newFields = shop.Edit(shop.Saying(map[string]any{
	"threeDSecure": true, "riskScore": 12.5, "links": []map[string]string{{
		"rel":  "receipt",
		"href": "https://example.com/receipt",
	}},
	"metadata": map[string]any{"channel": "web", "tags": []string{"a", "b"}}, "nothing": "",
}))

func judgeNewFields(t *trial) {
	t.needsPaid()
	o, err := t.shop.TryOrder(newFields.Creates)
	if err != nil {
		rule.Fail("the create was answered with new fields, and the order went wrong: %v", err)
	}

	t.shop.Answering(o, newFields)
	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("the GET was answered with new fields, and the order is not paid")
	}
	t.saw("ordered and paid with five new fields in both answers")
}

// fewFields is an answer without what a card, a bank or an agreement may leave out.
var fewFields = shop.Edit(shop.Saying(map[string]any{
	"merchantCommission": nil, "cardHolderName": nil, "pan": nil, "domInt": nil, "cardScheme": nil, "cardType": nil,
	"cardSubType": nil,
	"loyaltyCode": nil, "externalTransactionId": nil, "authCode": nil, "customerId": nil,
}))

func judgeAbsentFields(t *trial) {
	t.needsQuestions()
	o := t.order(fewFields.Statuses)
	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.Fail("the GET was answered without optional fields, and the order is not paid")
	}
	t.saw("paid by an answer without its optional fields")
}
