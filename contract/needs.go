package contract

import "github.com/payporter-mock/payporter-mock/contract/rule"

// needsLooks gives up when an order must not be looked at before it is paid.
func (t *trial) needsLooks() {
	t.needsPaid()
	if t.facts.readingBlocksPayment {
		rule.NotEvaluable("an order that is looked at before it is paid cannot be paid any more, see FLOW-007")
	}
}

// needsOrders gives up when no order can be made.
func (t *trial) needsOrders() {
	if t.facts.refused != nil {
		rule.NotEvaluable("no order can be made, see %s", t.facts.whyRefused())
	}
}

// whyRefused names the rules that say why PayPorter did not make a checkout.
func (f facts) whyRefused() string {
	if f.paid {
		return "the rule before: since its trial the shop no longer sells"
	}
	if f.asksFor {
		return "REQ-001 to REQ-006"
	}
	return "FLOW-003"
}

// needsState gives up when the state of an order says nothing.
func (t *trial) needsState() {
	t.needsOrders()
	if t.facts.unreadable != nil {
		rule.NotEvaluable("the state of an order cannot be read, see FLOW-003")
	}
	if t.facts.oneNumber {
		rule.NotEvaluable("two orders have the same number, so it cannot be told whose state is seen, see REQ-009")
	}
	if t.facts.paidBefore {
		rule.NotEvaluable("orders are paid before anybody pays, see FLOW-004")
	}
}

// needsPaid gives up when not even a good payment is believed: then it means nothing that a bad one is not.
func (t *trial) needsPaid() {
	t.needsState()
	if !t.facts.paid {
		rule.NotEvaluable("a good payment does not make an order paid, see FLOW-003")
	}
}

// needsQuestions gives up when the shop does not ask PayPorter: what it would be told does not matter.
func (t *trial) needsQuestions() {
	t.needsPaid()
	if !t.facts.asked() {
		rule.NotEvaluable("the shop does not ask for the status, see FLOW-002")
	}
}

// needsOrderly gives up when goods go out whatever PayPorter says.
func (t *trial) needsOrderly() {
	if t.facts.deliversOnForgedCallback {
		rule.NotEvaluable("goods go out at every callback, see TRUST-001")
	}
}

// needsFailure gives up when a payment that failed makes an order paid.
func (t *trial) needsFailure() {
	t.needsPaid()
	if t.facts.failureIsPaid {
		rule.NotEvaluable("a declined payment makes an order paid, see FLOW-005")
	}
}

// needsDoubt gives up when the shop believes every callback: then the others show nothing new.
func (t *trial) needsDoubt() {
	t.needsPaid()
	if t.facts.trusting {
		rule.NotEvaluable("every callback is believed, see TRUST-001")
	}
	if t.facts.overtrusted {
		rule.NotEvaluable("the status ENROLLED is believed, see TRUST-007")
	}
}
