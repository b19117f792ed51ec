package contract

import (
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/payment"
)

func idempotencyRules() []Rule {
	const once = "Record the transition from open to paid in one atomic step (a conditional update, a unique key, a lock on the order), and fulfil only when that step did it."
	return []Rule{
		{
			ID: "IDEM-001", Title: "A callback that comes again fulfils nothing again", Severity: report.Critical, Source: documentedWebhooks,
			Expected: "The same callback comes four times, one after the other; the order is fulfilled once.",
			Advice:   once, judge: judgeRepeated,
		},
		{
			ID: "IDEM-002", Title: "Callbacks at the same moment fulfil once", Severity: report.Critical, Source: documentedWebhooks,
			Expected: "The same callback comes eight times at the same moment, and so for ten orders; each is fulfilled once.",
			Advice:   once + " To look first and to write later is not one step: both callbacks look before either writes.", judge: judgeTogether,
		},
		{
			ID: "IDEM-003", Title: "A callback replayed a day later fulfils nothing again", Severity: report.Critical, Source: documentedWebhooks,
			Expected: "The callback comes once more a day after the order was paid, and after another order's; the order is fulfilled once.",
			Advice:   "Let the order itself remember that it is paid. A cache of callbacks that were seen forgets.", judge: judgeReplayed, moves: true,
		},
		{
			ID: "IDEM-004", Title: "Callback and the customer's return at the same moment fulfil once", Severity: report.Critical,
			Source:   "assumed: the callback can come from the server, from the customer's browser, or from both",
			Expected: "The server's callback and the form of the customer's browser arrive at the same moment, and so for ten orders; each is fulfilled once.",
			Advice:   once + " Let both ways end in the same function.", judge: judgeReturnRaces,
		},
		{
			ID: "IDEM-005", Title: "A late FAILED never takes a payment back", Severity: report.Critical, Source: "documented: PayPorter, payment status page (SUCCESS is final)",
			Expected: "The order is paid; a callback comes again and PayPorter answers FAILED; the order stays paid.",
			Advice:   "SUCCESS is final. Leave an order that is paid alone, whatever an old or strange answer says; a refund is another payment.", judge: judgeTakenBack,
		},
		{
			ID: "IDEM-006", Title: "A paid order stays paid when a later question goes wrong", Severity: report.Major, Source: "documented: PayPorter, payment status page (SUCCESS is final)",
			Expected: "The order is paid; a callback comes again and the question is answered 404, 500 or ENROLLED; the order stays paid.",
			Advice:   "Look at the order before you ask: one that is paid needs no answer any more.", judge: judgeForgotten,
		},
	}
}

// paidOrder is an order that was paid and that the shop believes to be paid.
func (t *trial) paidOrder(scenario string) *order {
	t.needsPaid()
	o := t.order(with(scenario))
	t.pay(o)
	t.told(o, 1)
	if !t.becomesPaid(o, t.soon()) {
		t.notEvaluable("the order was paid, and the shop does not believe it, see FLOW-003")
	}
	return o
}

// needsCount gives up when it cannot be seen how often an order is fulfilled.
func (t *trial) needsCount() {
	t.needsPaid()
	if t.config.State.Fulfilments.IsZero() {
		t.notEvaluable("the config has no state.fulfilments, so nobody sees how often an order is fulfilled")
	}
}

// fulfilledOnce fails the rule when the order was fulfilled more than once.
func (t *trial) fulfilledOnce(o *order, after string) {
	t.settled()
	switch b := t.believed(o); {
	case b.fulfilments == nil:
		t.notEvaluable("state.fulfilments is no count in: %s", b.text)
	case !b.paid:
		t.notEvaluable("the order is no longer paid after %s, see IDEM-005", after)
	case *b.fulfilments == 0:
		t.notEvaluable("state.fulfilments says that a paid order was never fulfilled: %s", b.text)
	case *b.fulfilments > 1:
		if t.rule.ID != "IDEM-001" {
			t.isNotEveryTime()
		}
		t.fail("fulfilled %d times after %s", *b.fulfilments, after)
	}
	t.saw("fulfilled once after %s", after)
}

func judgeRepeated(t *trial) {
	t.needsCount()
	o := t.paidOrder("four-times")
	t.told(o, 4)
	t.fulfilledOnce(o, "four callbacks in a row")
}

// isNotEveryTime gives up when callbacks in a row do the same.
func (t *trial) isNotEveryTime() {
	o := t.paidOrder("four-times")
	t.told(o, 4)
	t.settled()
	if b := t.believed(o); b.fulfilments != nil && *b.fulfilments > 1 {
		t.notEvaluable("every callback fulfils the order again, see IDEM-001")
	}
}

func judgeReplayed(t *trial) {
	t.needsCount()
	o := t.paidOrder("again-after-a-day")
	t.paidOrder(plain) // so that it is not the last one that the shop saw
	t.settled()
	t.advance(24*time.Hour + time.Minute)
	t.told(o, 2)
	t.fulfilledOnce(o, "a callback a day later")
}

func judgeTakenBack(t *trial) {
	o := t.paidOrder(plain)
	t.settled()
	t.answering(o, saying(map[string]any{
		"status": payment.Failed, "resultCode": "51", "resultMessage": "Not sufficient funds", "authCode": nil,
	}))
	t.staysPaid(o, "PayPorter answered FAILED")
}

func judgeForgotten(t *trial) {
	o := t.paidOrder(plain)
	t.settled()
	for _, later := range []struct {
		answer edit
		after  string
	}{
		{refusing(404), "PayPorter answered 404"},
		{refusing(500), "PayPorter answered 500"},
		{saying(map[string]any{"status": payment.Enrolled, "resultCode": nil, "resultMessage": nil}), "PayPorter answered ENROLLED"},
	} {
		t.answering(o, later.answer)
		t.staysPaid(o, later.after)
	}
}

// staysPaid lets the callback come again and fails the rule when the order is no longer paid.
func (t *trial) staysPaid(o *order, after string) {
	_, _ = t.forgeAs(o, gateway, newCustomer(), form("checkoutId", o.checkoutID())) // what became of the order counts
	t.settled()
	if !t.believed(o).paid {
		t.fail("the paid order is no longer paid after %s", after)
	}
	t.saw("still paid after %s", after)
}
