package contract

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// facts are what the good orders at the start showed. Rules that need one of them say so, and name the
// rule that tells why it is missing.
type facts struct {
	order       *order
	asksFor     bool  // the shop sent a create for it
	refused     error // why no order can be made; nil: one can
	unreadable  error // why the state cannot be read
	paidBefore  bool  // the shop believed in the payment before it was made
	callbacks   []call
	questions   []call
	paid        bool
	latency     time.Duration // from the callback until the shop believed in the payment
	quiet       time.Duration // after so long without a word the shop is done
	polls       bool          // the shop asks about an order that nobody told it about
	decides     time.Duration // after so long without a change an answer of PayPorter's has been made use of
	onePrice    bool          // the shop takes no other amount than the one of the config
	trusting    bool          // a forged callback alone pays an order: without a question, or whatever the answer is
	overtrusted bool          // a forged callback pays an order although PayPorter said ENROLLED

	misasked                 bool // the shop asks for another amount or currency than the order's, which is corrected on the way
	oneNumber                bool // two orders have the same number
	mixesUp                  bool // a payment pays another order than its own
	readingBlocksPayment     bool // an order that was looked at before it was paid is not paid afterwards
	failureIsPaid            bool // a payment that failed makes an order paid
	deliversOnForgedCallback bool // goods go out at a forged callback, and the order is not paid
	undelivered              bool // the goods of an order that is paid do not go out
}

// asked reports whether the shop asked for the status after a callback.
func (f facts) asked() bool { return len(f.questions) > 0 }

// reached reports whether a callback got to the shop's own page for it.
func (f facts) reached() bool {
	if len(f.callbacks) == 0 {
		return false
	}
	a := f.callbacks[0].Answer()
	return f.asked() || a.Status != 0 && a.Status != 404 && a.Status != 405
}

// sluggish is a shop with which a rule takes seconds instead of a fraction of one.
func (f facts) sluggish() bool { return f.late() || f.latency > 700*time.Millisecond }

// slowestStart is how long the first good payment may take until the shop believes in it.
const slowestStart = 8 * time.Second

// first is the trial that orders what the config says.
const first = "first"

// learn orders and pays, as a customer who means well, to see how this shop does it.
func (h *harness) learn(ctx context.Context) {
	h.facts.quiet, h.facts.decides = leastQuiet, leastQuiet
	for i, lesson := range []struct {
		id    string
		learn func(*trial)
	}{{first, (*trial).learnGood}, {"second", (*trial).learnGood}, {"unpaid", (*trial).learnUnpaid}, {"apart", (*trial).learnApart}} {
		if lesson.id == "unpaid" && h.facts.late() {
			continue // with such a shop this takes longer than most rules
		}
		t := h.newTrial(ctx, Rule{ID: lesson.id, judge: lesson.learn})
		t.firstPrice = 8 * i
		if v := t.judged(); v.result != report.Passed && h.facts.refused == nil && !h.facts.paid && h.facts.unreadable == nil {
			h.facts.unreadable = errors.New(v.seen)
		}
		if lesson.id == first && h.misasked() {
			h.learnCorrected(ctx)
		}
		if h.facts.refused != nil || h.facts.unreadable != nil || !h.facts.paid {
			return
		}
	}
}

// misasked reports whether the first order came to nothing and the shop asked for something else than it costs.
func (h *harness) misasked() bool {
	o := h.facts.order
	if o == nil || h.facts.paid || o.amount == "" || h.facts.unreadable != nil {
		return false
	}
	return slices.ContainsFunc(h.Find(func(c *call) bool { return c.isCreate() && c.order == o }), func(c call) bool {
		return c.fields() != nil && (string(c.sent("amount")) == "" || !decimal.Same(string(c.sent("amount")), o.amount) || c.sentText("currency") != o.currency)
	})
}

// learnCorrected learns with creates about what the order costs, so that the rest can be judged all the same.
func (h *harness) learnCorrected(ctx context.Context) {
	before := h.facts
	h.corrects.Store(true)
	h.facts = facts{quiet: before.quiet, decides: before.decides, misasked: true}
	t := h.newTrial(ctx, Rule{ID: first, judge: (*trial).learnGood})
	t.firstPrice = 40
	if t.judged(); !h.facts.paid {
		h.corrects.Store(false)
		h.facts = before
	}
}

// learnGood pays an order. The first time warms the shop up, so the second one says how fast it is.
func (t *trial) learnGood() {
	f := &t.harness.facts
	o, err := t.tryOrder()
	switch {
	case err != nil && t.rule.ID == first:
		f.order, f.refused, f.asksFor = o, err, t.created(o)
		return
	case err != nil:
		f.onePrice = t.config.Order.Amount != "" // the first order had that one
		return
	}
	if f.order != nil && f.order.id == o.id {
		f.oneNumber = true
		return
	}
	t.pay(o)
	callbacks := t.told(o, 1)
	paid := t.becomesPaid(o, slowestStart)
	if f.order != nil && !paid {
		return // FLOW-003 is about the first
	}
	f.order, f.callbacks, f.paid, f.questions = o, callbacks, paid, t.questions(o)
	f.latency = time.Since(callbacks[0].At)
	f.quiet = min(max(2*f.latency+50*time.Millisecond, leastQuiet), mostQuiet)
	if n := len(f.questions); n > 0 {
		answered := f.questions[n-1].At.Add(f.questions[n-1].Took())
		f.decides = min(max(2*time.Since(answered), 2*leastQuiet), mostQuiet)
	}
	f.undelivered = paid && !t.becomes(o, t.soon(), func(b belief) bool { return b.fulfilments == nil || *b.fulfilments > 0 })
}

// learnUnpaid looks what the shop believes of an order that nobody has paid: at first, after a callback
// for which nobody paid, and after a payment that failed.
func (t *trial) learnUnpaid() {
	f := &t.harness.facts
	o, err := t.tryOrder()
	if err != nil {
		return
	}
	f.polls = t.asksUntold(o)
	t.settled()
	if f.paidBefore = t.believed(o).given(); f.paidBefore {
		return
	}
	t.forge(o, form("checkoutId", o.checkoutID()))
	t.settled()
	b := t.believed(o)
	f.deliversOnForgedCallback = b.given() && !b.paid
	forged, asked := b.given(), len(t.questions(o)) > 0
	if o, err = t.tryOrder(); err == nil {
		t.decline(o)
		t.told(o, 1)
		t.settled()
		f.failureIsPaid = t.believed(o).given()
	}
	f.trusting = forged && (!asked || f.failureIsPaid)
	f.overtrusted = forged && !f.trusting
}

// asksUntold reports whether the shop asks about an order although nothing has happened. Only one that
// took long to believe a good payment is waited for.
func (t *trial) asksUntold(o *order) bool {
	ctx, cancel := t.within(min(2*t.facts.latency, mostQuiet))
	defer cancel()
	return t.facts.sluggish() && t.Wait(ctx, func() bool {
		return len(t.FindLocked(func(c *call) bool { return c.isStatus() && c.ofLocked(o) })) > 0
	})
}

// learnApart looks whether a payment finds its own order, and whether looking at an order changes it.
func (t *trial) learnApart() {
	f := &t.harness.facts
	older, err := t.tryOrder()
	newer, fault := t.tryOrder()
	if err != nil || fault != nil {
		return
	}
	t.pay(older)
	t.told(older, 1)
	f.mixesUp = !t.becomesPaid(older, t.soon()) || t.believed(newer).paid
	if f.mixesUp {
		return
	}
	t.pay(newer)
	t.told(newer, 1)
	f.readingBlocksPayment = !t.becomesPaid(newer, t.soon())
}

// needsLooks gives up when an order must not be looked at before it is paid.
func (t *trial) needsLooks() {
	t.needsPaid()
	if t.facts.readingBlocksPayment {
		t.notEvaluable("an order that is looked at before it is paid cannot be paid any more, see FLOW-007")
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
		t.notEvaluable("the state of an order cannot be read, see FLOW-003")
	}
	if t.facts.oneNumber {
		t.notEvaluable("two orders have the same number, so it cannot be told whose state is seen, see REQ-009")
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

// needsOrderly gives up when goods go out whatever PayPorter says.
func (t *trial) needsOrderly() {
	if t.facts.deliversOnForgedCallback {
		t.notEvaluable("goods go out at every callback, see TRUST-001")
	}
}

// needsFailure gives up when a payment that failed makes an order paid.
func (t *trial) needsFailure() {
	t.needsPaid()
	if t.facts.failureIsPaid {
		t.notEvaluable("a declined payment makes an order paid, see FLOW-005")
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
