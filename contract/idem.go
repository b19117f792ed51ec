package contract

import (
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/payment"
)

func idempotencyRules() []row {
	const once = "Record the transition from open to paid in one atomic step (a conditional update, a unique key, a lock on the order), and fulfil only when that step did it."
	return []row{
		{
			ID: "IDEM-001", Title: "A callback that comes again fulfils nothing again", Severity: report.Critical, Source: documentedWebhooks,
			Expected: "The same callback comes four times, one after the other; the order is fulfilled once.",
			Advice:   once, Judge: judgeRepeated,
		},
		{
			ID: "IDEM-002", Title: "Callbacks at the same moment fulfil once", Severity: report.Critical, Source: documentedWebhooks,
			Expected: "The same callback comes eight times at the same moment, and so for ten orders; each is fulfilled once.",
			Advice:   once + " To look first and to write later is not one step: both callbacks look before either writes.", Judge: judgeTogether,
		},
		{
			ID: "IDEM-003", Title: "A callback replayed a day later fulfils nothing again", Severity: report.Critical, Source: documentedWebhooks,
			Expected: "The callback comes once more a day after the order was paid, and after another order's; the order is fulfilled once.",
			Advice:   "Let the order itself remember that it is paid. A cache of callbacks that were seen forgets.", Judge: judgeReplayed, When: rule.MovesClock,
		},
		{
			ID: "IDEM-004", Title: "Callback and the customer's return at the same moment fulfil once", Severity: report.Critical,
			Source:   "assumed: the callback can come from the server, from the customer's browser, or from both",
			Expected: "The server's callback and the form of the customer's browser arrive at the same moment, and so for ten orders; each is fulfilled once.",
			Advice:   once + " Let both ways end in the same function.", Judge: judgeReturnRaces,
		},
		{
			ID: "IDEM-005", Title: "A late FAILED never takes a payment back", Severity: report.Critical, Source: "documented: PayPorter, payment status page (SUCCESS is final)",
			Expected: "The order is paid; a callback comes again and PayPorter answers FAILED; the order stays paid.",
			Advice:   "SUCCESS is final. Leave an order that is paid alone, whatever an old or strange answer says; a refund is another payment.", Judge: judgeTakenBack,
		},
		{
			ID: "IDEM-006", Title: "A paid order stays paid when a later question goes wrong", Severity: report.Major, Source: "documented: PayPorter, payment status page (SUCCESS is final)",
			Expected: "The order is paid; a callback comes again and the question is answered 404, 500 or ENROLLED; the order stays paid.",
			Advice:   "Look at the order before you ask: one that is paid needs no answer any more.", Judge: judgeForgotten,
		},
	}
}

// paidOrder is an order that was paid and that the shop believes to be paid.
func paidOrder(t *trial, scenario string) *order {
	t.needsPaid()
	o := t.order(with(scenario))
	t.shop.pay(o)
	t.shop.told(o, 1)
	if !t.shop.becomesPaid(o, t.shop.soon()) {
		rule.NotEvaluable("the order was paid, and the shop does not believe it, see FLOW-003")
	}
	return o
}

// needsCount gives up when it cannot be seen how often an order is fulfilled.
func needsCount(t *trial) {
	t.needsPaid()
	if t.harness.config.State.Fulfilments.IsZero() {
		rule.NotEvaluable("the config has no state.fulfilments, so nobody sees how often an order is fulfilled")
	}
}

// fulfilledOnce fails the rule when the order was fulfilled more than once.
func fulfilledOnce(t *trial, o *order, after string) {
	t.shop.settled()
	switch b := t.shop.believed(o); {
	case b.fulfilments == nil:
		rule.NotEvaluable("state.fulfilments is no count in: %s", b.text)
	case !b.paid:
		rule.NotEvaluable("the order is no longer paid after %s, see IDEM-005", after)
	case *b.fulfilments == 0:
		rule.NotEvaluable("state.fulfilments says that a paid order was never fulfilled: %s", b.text)
	case *b.fulfilments > 1:
		if t.rule.ID != "IDEM-001" {
			isNotEveryTime(t)
		}
		rule.Fail("fulfilled %d times after %s", *b.fulfilments, after)
	}
	t.saw("fulfilled once after %s", after)
}

func judgeRepeated(t *trial) {
	needsCount(t)
	o := paidOrder(t, "four-times")
	t.shop.told(o, 4)
	fulfilledOnce(t, o, "four callbacks in a row")
}

// isNotEveryTime gives up when callbacks in a row do the same.
func isNotEveryTime(t *trial) {
	o := paidOrder(t, "four-times")
	t.shop.told(o, 4)
	t.shop.settled()
	if b := t.shop.believed(o); b.fulfilments != nil && *b.fulfilments > 1 {
		rule.NotEvaluable("every callback fulfils the order again, see IDEM-001")
	}
}

func judgeReplayed(t *trial) {
	needsCount(t)
	o := paidOrder(t, "again-after-a-day")
	paidOrder(t, plain) // so that it is not the last one that the shop saw
	t.shop.settled()
	t.shop.advance(24*time.Hour + time.Minute)
	t.shop.told(o, 2)
	fulfilledOnce(t, o, "a callback a day later")
}

func judgeTakenBack(t *trial) {
	o := paidOrder(t, plain)
	t.shop.settled()
	t.shop.answering(o, saying(map[string]any{
		"status": payment.Failed, "resultCode": "51", "resultMessage": "Not sufficient funds", "authCode": nil,
	}))
	staysPaid(t, o, "PayPorter answered FAILED")
}

func judgeForgotten(t *trial) {
	o := paidOrder(t, plain)
	t.shop.settled()
	for _, later := range []struct {
		answer edit
		after  string
	}{
		{refusing(404), "PayPorter answered 404"},
		{refusing(500), "PayPorter answered 500"},
		{saying(map[string]any{"status": payment.Enrolled, "resultCode": nil, "resultMessage": nil}), "PayPorter answered ENROLLED"},
	} {
		t.shop.answering(o, later.answer)
		staysPaid(t, o, later.after)
	}
}

// staysPaid lets the callback come again and fails the rule when the order is no longer paid.
func staysPaid(t *trial, o *order, after string) {
	t.shop.callAgain(o) // what became of the order counts
	t.shop.settled()
	if !t.shop.believed(o).paid {
		rule.Fail("the paid order is no longer paid after %s", after)
	}
	t.saw("still paid after %s", after)
}
