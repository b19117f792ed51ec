package merchant

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// saidPaid are the fields of a payment that came through.
func saidPaid() map[string]any {
	return map[string]any{
		"status": "SUCCESS", "transactionType": "SALE", "resultCode": "SUCCESS", "resultMessage": "Successful",
	}
}

func judgeOthersPayment(t *trial) {
	_, p := untold(t)
	o := t.order()
	fields := saidPaid()
	fields["paymentId"], fields["orderId"] = t.shop.UnknownID(), t.watch.SentID(o)
	fields["amount"], fields["currency"] = json.Number(t.watch.Asked(o)), o.Currency
	t.shop.Send(o, t.shop.NewEvent(p).Changed(fields))
	t.staysUnpaid(o, "a webhook about another merchant's payment")
}

// declined is an order whose payment was declined, of which the shop has heard nothing.
func declined(t *trial) (*shop.Purchase, shop.Payment) {
	needsWebhook(t)
	t.needsFailure()
	o := t.order(shop.With("callback-lost"))
	t.shop.Decline(o)
	return o, newest(t, o)
}

func judgeWebhookAsks(t *trial) {
	o, p := declined(t)
	t.shop.Send(o, t.shop.NewEvent(p).Changed(saidPaid()))
	t.staysUnpaid(o, "a webhook that said SUCCESS of a declined payment")
}

func judgeWebhookAmount(t *trial) {
	o, p := untold(t)
	less := map[string]any{"amount": json.Number("1.00")}
	t.shop.Answering(o, shop.Saying(less))
	t.shop.Send(o, t.shop.NewEvent(p).Changed(less))
	t.staysUnpaid(o, "a webhook of a payment of 1.00 instead of %s", o.Amount)
}

func judgeWebhookDeclined(t *trial) {
	o, p := declined(t)
	c := t.shop.Send(o, t.shop.NewEvent(p))
	t.staysUnpaid(o, "the webhook of a declined payment")
	if c.Taken() {
		t.saw("answered %d", c.Answer().Status)
		return
	}

	paid, good := untold(t)
	taken(t, paid, t.shop.NewEvent(good))
	t.show(c)
	rule.Fail("the webhook of a declined payment was answered %d", c.Answer().Status)
}

func judgeLateFailedWebhook(t *trial) {
	o, first := declined(t)
	t.shop.Pay(o)
	if !pays(t, o, t.shop.NewEvent(newest(t, o))) {
		rule.See("WEBHOOK-003", "FLOW-006").Missing("a second try does not pay an order by its webhook")
	}

	t.watch.Settled()
	t.shop.Send(o, t.shop.NewEvent(first))
	t.watch.Settled()
	if !t.watch.Believed(o).Paid {
		rule.Fail("the paid order is no longer paid after the late webhook of a try that failed")
	}
	t.saw("still paid after the webhook of a try that failed")
}

func judgeRefundWebhook(t *trial) {
	needsWebhook(t)
	needsCount(t)
	o := paidOrder(t, shop.Plain)
	t.watch.Settled()
	sale := newest(t, o)
	refund := t.shop.RefundDirectly(o, sale, string(sale.Amount))
	refund = t.shop.Decide(o, refund, "approve", nil)
	t.shop.Send(o, t.shop.NewEvent(refund))
	t.watch.Settled()

	b := t.watch.Believed(o)
	switch {
	case b.Fulfilments == nil:
		rule.NotEvaluable("state.fulfilments is no count in: %s", b.Text)
	case *b.Fulfilments > 1:
		rule.Fail("fulfilled %d times after the webhook of a refund", *b.Fulfilments)
	}
	t.saw("fulfilled %d times after the webhook of a refund", *b.Fulfilments)
}

func judgeEventRetried(t *trial) {
	o, p := untold(t)
	e := t.shop.NewEvent(p)
	t.shop.Answering(o, onceRefusing())
	c := t.shop.Send(o, e)
	t.watch.Settled()
	if !c.Taken() { // PayPorter sends it again
		t.shop.Send(o, e)
	}

	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		needsGoodWebhook(t)
		t.concerns(o)
		rule.Fail("the first GET was answered 500 and the webhook %d, and the order is not paid by the event afterwards",
			c.Answer().Status)
	}
	t.saw("paid although the first GET was answered 500 and the webhook %d", c.Answer().Status)
}

// onceRefusing answers the first question with 500, and the others as PayPorter does.
func onceRefusing() shop.Edit {
	var first sync.Once
	return func(a exchange.Message) exchange.Message {
		first.Do(func() { a = shop.Refusing(500)(a) })
		return a
	}
}

// upper writes names of headers in capitals.
func upper(name string) string { return strings.ToUpper(name) }
