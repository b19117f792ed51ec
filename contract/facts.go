package contract

import (
	"context"
	"fmt"
	"time"
)

// facts are what the good orders at the start showed. Rules that need one of them say so, and name the
// rule that tells why it is missing.
type facts struct {
	order       *order
	refused     error // why no order can be made; nil: one can
	unreadable  error // why the state cannot be read
	paidBefore  bool  // the shop believed in the payment before it was made
	callbacks   []call
	questions   []call
	paid        bool
	latency     time.Duration // from the callback until the shop believed in the payment
	quiet       time.Duration // after so long without a word the shop is done
	onePrice    bool          // the shop takes no other amount than the one of the config
	trusting    bool          // a forged callback alone pays an order, without a question
	overtrusted bool          // a forged callback pays an order although PayPorter said ENROLLED
}

// asked reports whether the shop asked for the status after a callback.
func (f facts) asked() bool { return len(f.questions) > 0 }

// reached reports whether a callback got to the shop's own page for it.
func (f facts) reached() bool {
	if len(f.callbacks) == 0 {
		return false
	}
	a := f.callbacks[0].answer
	return a.status != 0 && a.status != 404 && a.status != 405
}

// slowestStart is how long the first good payment may take until the shop believes in it.
const slowestStart = 20 * time.Second

// learn orders and pays, as a customer who means well, to see how this shop does it.
func (h *harness) learn(ctx context.Context) {
	h.facts.quiet = leastQuiet
	for range 2 { // the first one warms the shop up
		t := h.newTrial(ctx, Rule{judge: (*trial).learnGood})
		if v := t.judged(); v.result != "passed" && h.facts.refused == nil && !h.facts.paid && h.facts.unreadable == nil {
			h.facts.unreadable = fmt.Errorf("%s", v.seen)
		}
		if !h.facts.paid || h.facts.paidBefore {
			return
		}
		h.facts.quiet = min(max(2*h.facts.latency+50*time.Millisecond, leastQuiet), mostQuiet)
	}
	h.newTrial(ctx, Rule{judge: (*trial).learnTrust}).judged()
}

func (t *trial) learnGood() {
	f := &t.harness.facts
	o, err := t.tryOrder()
	if err != nil && f.order == nil {
		f.order, f.refused = o, err
		return
	}
	if err != nil { // the first order had the config's own amount
		f.onePrice = true
		t.notEvaluable("%v", err)
	}
	f.order = o
	before, err := t.believes(t.ctx, o)
	if f.unreadable = err; err != nil {
		return
	}
	f.paidBefore = before.paid
	t.pay(o)
	f.callbacks = t.told(o, 1)
	f.paid = t.becomesPaid(o, slowestStart/4)
	f.latency = time.Since(f.callbacks[0].at)
	f.questions = t.questions(o)
}

// learnTrust looks whether a callback for which nobody paid is believed.
func (t *trial) learnTrust() {
	o := t.order()
	t.forge(o, form("checkoutId", o.checkoutID()))
	t.settled()
	if b, err := t.believes(t.ctx, o); err == nil && b.paid {
		t.harness.facts.trusting = len(t.questions(o)) == 0
		t.harness.facts.overtrusted = !t.harness.facts.trusting
	}
}

// needsOrders gives up when no order can be made.
func (t *trial) needsOrders() {
	if t.facts.refused != nil {
		t.notEvaluable("no order can be made, see %s", t.facts.whyRefused())
	}
}

// whyRefused names the rules that say why PayPorter did not make a checkout.
func (f facts) whyRefused() string {
	if f.order != nil && len(f.order.sentIDs) > 0 {
		return "REQ-001 to REQ-006"
	}
	return "FLOW-003"
}

// needsState gives up when the state of an order says nothing.
func (t *trial) needsState() {
	t.needsOrders()
	if t.facts.unreadable != nil {
		t.notEvaluable("the state of an order cannot be read, see FLOW-003")
	}
	if t.facts.paidBefore {
		t.notEvaluable("orders are paid before anybody pays, see FLOW-004")
	}
}

// needsPaid gives up when not even a good payment is believed: then it means nothing that a bad one is not.
func (t *trial) needsPaid() {
	t.needsState()
	if !t.facts.paid {
		t.notEvaluable("a good payment does not make an order paid, see FLOW-003")
	}
}

// needsQuestions gives up when the shop does not ask PayPorter: what it would be told does not matter.
func (t *trial) needsQuestions() {
	t.needsPaid()
	if !t.facts.asked() {
		t.notEvaluable("the shop does not ask for the status, see FLOW-002")
	}
}

// needsDoubt gives up when the shop believes every callback: then the others show nothing new.
func (t *trial) needsDoubt() {
	t.needsPaid()
	if t.facts.trusting {
		t.notEvaluable("every callback is believed, see TRUST-001")
	}
	if t.facts.overtrusted {
		t.notEvaluable("the status ENROLLED is believed, see TRUST-007")
	}
}
