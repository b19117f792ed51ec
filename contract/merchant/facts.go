package merchant

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// facts are what the good orders at the start showed. Rules that need one of them say so, and name the
// rule that tells why it is missing.
type facts struct {
	*shop.Pace

	order       *shop.Purchase
	asksFor     bool  // the shop sent a create for it
	refused     error // why no order can be made; nil: one can
	unreadable  error // why the state cannot be read
	untold      bool  // FLOW-003, which says why, is not judged: who needs orders and their state says it
	paidBefore  bool  // the shop believed in the payment before it was made
	callbacks   []shop.Call
	questions   []shop.Call
	paid        bool
	trusting    bool // a forged callback alone pays an order: without a question, or whatever the answer is
	overtrusted bool // a forged callback pays an order although PayPorter said ENROLLED

	// the shop asks for another amount or currency than the order's, which is corrected on the way
	misasked                 bool
	oneNumber                bool // two orders have the same number
	mixesUp                  bool // a payment pays another order than its own
	readingBlocksPayment     bool // an order that was looked at before it was paid is not paid afterwards
	failureIsPaid            bool // a payment that failed makes an order paid
	deliversOnForgedCallback bool // goods go out at a forged callback, and the order is not paid
	undelivered              bool // the goods of an order that is paid do not go out

	storm []shop.Call // the questions about one order that were too many; nil: they were not
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
func (f facts) sluggish() bool { return f.late() || f.Slow() || f.Latency > 700*time.Millisecond }

// late reports whether a callback got to the shop and no answer came in time.
func (f facts) late() bool {
	return len(f.callbacks) > 0 && f.callbacks[0].Took() >= shop.CallbackPatience*9/10
}

// slowestStart is how long the first good payment may take until the shop believes in it.
const slowestStart = 8 * time.Second

// first is the trial that orders what the config says.
const first = "first"

// learn orders and pays, as a customer who means well, to see how this shop does it.
func (r *run) learn(ctx context.Context) {
	r.facts.Quiet, r.facts.Decides = shop.LeastQuiet, shop.LeastQuiet
	for i, lesson := range []struct {
		id    string
		learn func(*trial)
	}{
		{first, (*trial).learnGood},
		{"second", (*trial).learnGood},
		{"unpaid", (*trial).learnUnpaid},
		{"apart", (*trial).learnApart},
	} {
		later := lesson.id == "unpaid" || lesson.id == "apart"
		if later && r.facts.Slow() || lesson.id == "unpaid" && r.facts.late() {
			continue // with such a shop this takes longer than most rules
		}
		begun := time.Now()
		t := r.trialWith(ctx, row{ID: lesson.id, Judge: lesson.learn}, shop.SessionOptions{
			Prices:       8 * i,
			AsConfigured: i == 0,
		})
		if v := t.judged(); v.Result != report.Passed && r.facts.refused == nil && !r.facts.paid &&
			r.facts.unreadable == nil {
			r.facts.unreadable = errors.New(v.Seen)
		}
		if !later {
			r.harness.LearnAnswers(begun)
		}
		if lesson.id == first && r.misasked() {
			r.learnCorrected(ctx)
		}
		t.shop.End()
		if r.facts.refused != nil || r.facts.unreadable != nil || !r.facts.paid {
			return
		}
	}
}

// misasked reports whether the first order came to nothing and the shop asked for something else than it costs.
func (r *run) misasked() bool {
	o := r.facts.order
	if o == nil || r.facts.paid || o.Amount == "" || r.facts.unreadable != nil {
		return false
	}
	return slices.ContainsFunc(r.harness.Sandbox.Find(func(c *shop.Call) bool { return c.IsCreate() && c.Order == o }),
		func(c shop.Call) bool {
			return c.Fields() != nil && (string(c.Sent("amount")) == "" || !decimal.Same(string(c.Sent("amount")), o.Amount) ||
				c.SentText("currency") != o.Currency)
		})
}

// learnCorrected learns with creates about what the order costs, so that the rest can be judged all the same.
func (r *run) learnCorrected(ctx context.Context) {
	before, pace := r.facts, *r.facts.Pace
	r.harness.Sandbox.Corrects.Store(true)
	*r.facts.Pace = shop.Pace{Quiet: pace.Quiet, Decides: pace.Decides}
	r.facts = facts{Pace: r.facts.Pace, untold: r.facts.untold, misasked: true}
	t := r.trialWith(ctx, row{ID: first, Judge: (*trial).learnGood}, shop.SessionOptions{Prices: 40, AsConfigured: true})
	if t.judged(); !r.facts.paid {
		r.harness.Sandbox.Corrects.Store(false)
		r.facts, *r.facts.Pace = before, pace
	}
}

// learnGood pays an order. The first time warms the shop up, so the second one says how fast it is.
func (t *trial) learnGood() {
	f := t.facts
	o, err := t.shop.TryOrder()
	switch {
	case err != nil && t.rule.ID == first:
		f.order, f.refused, f.asksFor = o, err, len(t.watch.Creates(o)) > 0
		return
	case err != nil:
		f.OnePrice = t.harness.Config.Order.Amount != "" // the first order had that one
		return
	}

	if f.order != nil && f.order.ID == o.ID {
		f.oneNumber = true
		return
	}

	t.shop.Pay(o)
	callbacks := t.watch.Told(o, 1)
	paid := t.watch.BecomesPaid(o, slowestStart)
	if f.order != nil && !paid {
		return // FLOW-003 is about the first
	}

	f.order, f.callbacks, f.paid, f.questions = o, callbacks, paid, t.watch.Questions(o)
	f.Latency = time.Since(callbacks[0].At)
	f.Quiet = min(max(2*f.Latency+50*time.Millisecond, shop.LeastQuiet), shop.MostQuiet)
	if n := len(f.questions); n > 0 {
		answered := f.questions[n-1].At.Add(f.questions[n-1].Took())
		f.Decides = min(max(2*time.Since(answered), 2*shop.LeastQuiet), shop.MostQuiet)
	}

	f.undelivered = paid && !t.watch.Becomes(o, t.watch.Soon(), func(b shop.Belief) bool {
		return b.Fulfilments == nil ||
			*b.Fulfilments > 0
	})
	if t.rule.ID != first {
		t.learnStorm(o)
	}
}

// learnUnpaid looks what the shop believes of an order that nobody has paid: at first, after a callback
// for which nobody paid, and after a payment that failed.
func (t *trial) learnUnpaid() {
	f := t.facts
	o, err := t.shop.TryOrder()
	if err != nil {
		return
	}

	f.Polls = asksUntold(t, o)
	t.watch.Settled()
	f.Polls = f.Polls || len(t.watch.Questions(o)) > 0
	if f.paidBefore = t.watch.Believed(o).Given(); f.paidBefore {
		return
	}

	t.shop.Forge(o, shop.Form("checkoutId", o.CheckoutID()))
	t.watch.Settled()
	b := t.watch.Believed(o)
	f.deliversOnForgedCallback = b.Given() && !b.Paid
	forged, asked := b.Given(), len(t.watch.Questions(o)) > 0
	if o, err = t.shop.TryOrder(); err == nil {
		t.shop.Decline(o)
		t.watch.Told(o, 1)
		t.watch.Settled()
		f.failureIsPaid = t.watch.Believed(o).Given()
	}

	f.trusting = forged && (!asked || f.failureIsPaid)
	f.overtrusted = forged && !f.trusting
}

// asksUntold reports whether the shop asks about an order although nothing has happened. Only one that
// took long to believe a good payment is waited for.
func asksUntold(t *trial, o *shop.Purchase) bool {
	return t.facts.sluggish() && t.watch.Arrives(1, min(2*t.facts.Latency, shop.MostQuiet), o.HasQuestion)
}

// learnApart looks whether a payment finds its own order, and whether looking at an order changes it.
func (t *trial) learnApart() {
	f := t.facts
	older, err := t.shop.TryOrder()
	newer, fault := t.shop.TryOrder()
	if err != nil || fault != nil {
		return
	}

	t.shop.Pay(older)
	t.watch.Told(older, 1)
	f.mixesUp = !t.watch.BecomesPaid(older, t.watch.Soon()) || t.watch.Believed(newer).Paid
	if f.mixesUp {
		return
	}

	t.shop.Pay(newer)
	t.watch.Told(newer, 1)
	f.readingBlocksPayment = !t.watch.BecomesPaid(newer, t.watch.Soon())
}

// needsLooks gives up when an order must not be looked at before it is paid.
func (t *trial) needsLooks() {
	t.needsPaid()
	if t.facts.readingBlocksPayment {
		rule.See("FLOW-007").Fault("an order that is looked at before it is paid cannot be paid any more")
	}
}

// needsOrders gives up when no order can be made.
func (t *trial) needsOrders() {
	if t.facts.refused != nil {
		t.facts.noOrder()
	}
}

// whyCreateRefused are the rules that say why PayPorter did not make a checkout.
var whyCreateRefused = rule.See("REQ-001", "REQ-002", "REQ-003", "REQ-004", "REQ-005", "REQ-006")

// noOrder gives up, and names the rules that say why no order can be made.
func (f facts) noOrder() {
	switch {
	case f.paid:
		rule.NotEvaluable("no order can be made: since the trial of an earlier rule the shop no longer sells")
	case f.untold:
		rule.NotEvaluable("no order can be made: %v", f.refused)
	case f.asksFor:
		whyCreateRefused.Missing("no order can be made")
	}
	rule.See("FLOW-003").Missing("no order can be made")
}

// readable gives up when the state of an order cannot be read.
func (f facts) readable() {
	switch {
	case f.unreadable != nil && f.untold:
		rule.NotEvaluable("%v", f.unreadable)
	case f.unreadable != nil:
		rule.See("FLOW-003").Missing("the state of an order cannot be read")
	}
}

// needsState gives up when the state of an order says nothing.
func (t *trial) needsState() {
	t.needsOrders()
	t.facts.readable()
	if t.facts.oneNumber {
		rule.See("REQ-009").Fault("two orders have the same number, so it cannot be told whose state is seen")
	}
	if t.facts.paidBefore {
		rule.See("FLOW-004").Fault("orders are paid before anybody pays")
	}
}

// needsPaid gives up when not even a good payment is believed: then it means nothing that a bad one is not.
func (t *trial) needsPaid() {
	t.needsState()
	if !t.facts.paid {
		rule.See("FLOW-003").Missing("a good payment does not make an order paid")
	}
}

// needsQuestions gives up when the shop does not ask PayPorter: what it would be told does not matter.
func (t *trial) needsQuestions() {
	t.needsPaid()
	if !t.facts.asked() {
		rule.See("FLOW-002").Missing("the shop does not ask for the status")
	}
}

// needsOrderly gives up when goods go out whatever PayPorter says.
func (t *trial) needsOrderly() {
	if t.facts.deliversOnForgedCallback {
		rule.See("TRUST-001").Fault("goods go out at every callback")
	}
}

// needsFailure gives up when a payment that failed makes an order paid.
func (t *trial) needsFailure() {
	t.needsPaid()
	if t.facts.failureIsPaid {
		rule.See("FLOW-005").Fault("a declined payment makes an order paid")
	}
}

// needsDoubt gives up when the shop believes every callback: then the others show nothing new.
func (t *trial) needsDoubt() {
	t.needsPaid()
	if t.facts.trusting {
		rule.See("TRUST-001").Fault("every callback is believed")
	}
	if t.facts.overtrusted {
		rule.See("TRUST-007").Fault("the status ENROLLED is believed")
	}
}
