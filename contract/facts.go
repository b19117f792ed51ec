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
	*Pace

	order       *order
	asksFor     bool  // the shop sent a create for it
	refused     error // why no order can be made; nil: one can
	unreadable  error // why the state cannot be read
	paidBefore  bool  // the shop believed in the payment before it was made
	callbacks   []call
	questions   []call
	paid        bool
	trusting    bool // a forged callback alone pays an order: without a question, or whatever the answer is
	overtrusted bool // a forged callback pays an order although PayPorter said ENROLLED

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

// late reports whether a callback got to the shop and no answer came in time.
func (f facts) late() bool {
	return len(f.callbacks) > 0 && f.callbacks[0].Took() >= callbackPatience*9/10
}

// slowestStart is how long the first good payment may take until the shop believes in it.
const slowestStart = 8 * time.Second

// first is the trial that orders what the config says.
const first = "first"

// learn orders and pays, as a customer who means well, to see how this shop does it.
func (r *run) learn(ctx context.Context) {
	r.facts.quiet, r.facts.decides = leastQuiet, leastQuiet
	for i, lesson := range []struct {
		id    string
		learn func(*trial)
	}{{first, (*trial).learnGood}, {"second", (*trial).learnGood}, {"unpaid", (*trial).learnUnpaid}, {"apart", (*trial).learnApart}} {
		if lesson.id == "unpaid" && r.facts.late() {
			continue // with such a shop this takes longer than most rules
		}
		t := r.trialWith(ctx, row{ID: lesson.id, Judge: lesson.learn}, SessionOptions{prices: 8 * i, asConfigured: i == 0})
		if v := t.judged(); v.Result != report.Passed && r.facts.refused == nil && !r.facts.paid && r.facts.unreadable == nil {
			r.facts.unreadable = errors.New(v.Seen)
		}
		if lesson.id == first && r.misasked() {
			r.learnCorrected(ctx)
		}
		if r.facts.refused != nil || r.facts.unreadable != nil || !r.facts.paid {
			return
		}
	}
}

// misasked reports whether the first order came to nothing and the shop asked for something else than it costs.
func (r *run) misasked() bool {
	o := r.facts.order
	if o == nil || r.facts.paid || o.amount == "" || r.facts.unreadable != nil {
		return false
	}
	return slices.ContainsFunc(r.harness.sandbox.Find(func(c *call) bool { return c.isCreate() && c.order == o }), func(c call) bool {
		return c.fields() != nil && (string(c.sent("amount")) == "" || !decimal.Same(string(c.sent("amount")), o.amount) || c.sentText("currency") != o.currency)
	})
}

// learnCorrected learns with creates about what the order costs, so that the rest can be judged all the same.
func (r *run) learnCorrected(ctx context.Context) {
	before, pace := r.facts, *r.facts.Pace
	r.harness.sandbox.corrects.Store(true)
	*r.facts.Pace = Pace{quiet: pace.quiet, decides: pace.decides}
	r.facts = facts{Pace: r.facts.Pace, misasked: true}
	t := r.trialWith(ctx, row{ID: first, Judge: (*trial).learnGood}, SessionOptions{prices: 40, asConfigured: true})
	if t.judged(); !r.facts.paid {
		r.harness.sandbox.corrects.Store(false)
		r.facts, *r.facts.Pace = before, pace
	}
}

// learnGood pays an order. The first time warms the shop up, so the second one says how fast it is.
func (t *trial) learnGood() {
	f := t.facts
	o, err := t.shop.tryOrder()
	switch {
	case err != nil && t.rule.ID == first:
		f.order, f.refused, f.asksFor = o, err, len(t.shop.creates(o)) > 0
		return
	case err != nil:
		f.onePrice = t.harness.config.Order.Amount != "" // the first order had that one
		return
	}
	if f.order != nil && f.order.id == o.id {
		f.oneNumber = true
		return
	}
	t.shop.pay(o)
	callbacks := t.shop.told(o, 1)
	paid := t.shop.becomesPaid(o, slowestStart)
	if f.order != nil && !paid {
		return // FLOW-003 is about the first
	}
	f.order, f.callbacks, f.paid, f.questions = o, callbacks, paid, t.shop.questions(o)
	f.latency = time.Since(callbacks[0].At)
	f.quiet = min(max(2*f.latency+50*time.Millisecond, leastQuiet), mostQuiet)
	if n := len(f.questions); n > 0 {
		answered := f.questions[n-1].At.Add(f.questions[n-1].Took())
		f.decides = min(max(2*time.Since(answered), 2*leastQuiet), mostQuiet)
	}
	f.undelivered = paid && !t.shop.becomes(o, t.shop.soon(), func(b belief) bool { return b.fulfilments == nil || *b.fulfilments > 0 })
}

// learnUnpaid looks what the shop believes of an order that nobody has paid: at first, after a callback
// for which nobody paid, and after a payment that failed.
func (t *trial) learnUnpaid() {
	f := t.facts
	o, err := t.shop.tryOrder()
	if err != nil {
		return
	}
	f.polls = asksUntold(t, o)
	t.shop.settled()
	if f.paidBefore = t.shop.believed(o).given(); f.paidBefore {
		return
	}
	t.shop.forge(o, form("checkoutId", o.checkoutID()))
	t.shop.settled()
	b := t.shop.believed(o)
	f.deliversOnForgedCallback = b.given() && !b.paid
	forged, asked := b.given(), len(t.shop.questions(o)) > 0
	if o, err = t.shop.tryOrder(); err == nil {
		t.shop.decline(o)
		t.shop.told(o, 1)
		t.shop.settled()
		f.failureIsPaid = t.shop.believed(o).given()
	}
	f.trusting = forged && (!asked || f.failureIsPaid)
	f.overtrusted = forged && !f.trusting
}

// asksUntold reports whether the shop asks about an order although nothing has happened. Only one that
// took long to believe a good payment is waited for.
func asksUntold(t *trial, o *order) bool {
	return t.facts.sluggish() && t.shop.arrives(1, min(2*t.facts.latency, mostQuiet), o.hasQuestion)
}

// learnApart looks whether a payment finds its own order, and whether looking at an order changes it.
func (t *trial) learnApart() {
	f := t.facts
	older, err := t.shop.tryOrder()
	newer, fault := t.shop.tryOrder()
	if err != nil || fault != nil {
		return
	}
	t.shop.pay(older)
	t.shop.told(older, 1)
	f.mixesUp = !t.shop.becomesPaid(older, t.shop.soon()) || t.shop.believed(newer).paid
	if f.mixesUp {
		return
	}
	t.shop.pay(newer)
	t.shop.told(newer, 1)
	f.readingBlocksPayment = !t.shop.becomesPaid(newer, t.shop.soon())
}
