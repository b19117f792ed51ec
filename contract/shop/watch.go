package shop

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// Watch is what one trial sees: what was said since it began, and what the shop believes of its orders. Its verbs end
// the trial as not evaluable when what they wait for cannot be seen.
type Watch struct {
	Orders []*Purchase // the trial's, oldest first

	harness *Harness
	ctx     context.Context
	from    int // how many calls there were before it
}

// mostUnsettled is how long a shop is waited for that does not come to rest.
const mostUnsettled = 12 * time.Second

// Find finds calls of the whole run.
func (w *Watch) Find(fits func(*Call) bool) []Call { return w.harness.Sandbox.Find(fits) }

// Creates are the shop's creates for the order.
func (w *Watch) Creates(o *Purchase) []Call { return w.Find(o.HasCreate) }

// Callbacks are the callbacks of the order so far.
func (w *Watch) Callbacks(o *Purchase) []Call { return w.Find(o.HasCallback) }

// Questions are the shop's GETs for the order's checkouts.
func (w *Watch) Questions(o *Purchase) []Call { return w.Find(o.HasQuestion) }

// Asked is the amount that the shop asked PayPorter for.
func (w *Watch) Asked(o *Purchase) string {
	creates := w.Creates(o)
	if len(creates) == 0 {
		return ""
	}
	return strings.Trim(string(creates[len(creates)-1].Sent("amount")), `"`)
}

// AskedIn is the currency that the shop asked PayPorter for.
func (w *Watch) AskedIn(o *Purchase) string {
	creates := w.Creates(o)
	if len(creates) == 0 {
		return ""
	}
	return creates[len(creates)-1].SentText("currency")
}

// Arrives waits until so many calls fit, and reports whether they do.
func (w *Watch) Arrives(times int, within time.Duration, fits func(*Call) bool) bool {
	ctx, cancel := context.WithTimeout(w.ctx, within)
	defer cancel()
	sandbox := w.harness.Sandbox
	return sandbox.Wait(ctx, func() bool { return sandbox.countLocked(w.from, fits) >= times })
}

// Told waits until so many callbacks of the order are over, answered or not.
func (w *Watch) Told(o *Purchase, times int) []Call {
	over := func(c *Call) bool { return o.HasCallback(c) && c.Over }
	if !w.Arrives(times, mostUnsettled, over) {
		rule.NotEvaluable("PayPorter's callback did not get through within %s", mostUnsettled)
	}
	return w.Callbacks(o)
}

// Settled waits until the shop is done: everything it asked PayPorter has been answered, and it has
// been quiet for as long as it takes to believe a good payment.
func (w *Watch) Settled() { _ = w.SettledWithin(mostUnsettled) }

// SettledWithin waits for that, but no longer than so, and reports whether the shop is done.
func (w *Watch) SettledWithin(most time.Duration) bool {
	for end := time.Now().Add(most); time.Now().Before(end) && w.ctx.Err() == nil; {
		calls := w.Exchanges()
		w.harness.noticeEndless(calls)
		rest := w.harness.unrest(calls)
		if rest <= 0 {
			return true
		}
		w.rest(max(10*time.Millisecond, min(rest, 100*time.Millisecond)))
	}
	return false
}

// Asks lets the shop ask, no longer than so, and reports whether it still does. One that asks without an end does.
func (w *Watch) Asks(most time.Duration) bool {
	if w.harness.asksOn() {
		w.rest(most)
		return true
	}
	return !w.SettledWithin(most)
}

// rest lets time pass, or less when the run ends.
func (w *Watch) rest(d time.Duration) {
	select {
	case <-time.After(d):
	case <-w.ctx.Done():
	}
}

// Exchanges are the exchanges of the session so far: of its orders, and nobody's.
func (w *Watch) Exchanges() []Call {
	sandbox := w.harness.Sandbox
	sandbox.Lock()
	defer sandbox.Unlock()

	var all []Call
	for _, c := range sandbox.Calls[min(w.from, len(sandbox.Calls)):] {
		if slices.ContainsFunc(w.Orders, c.OfLocked) || !sandbox.ownedLocked(c) {
			all = append(all, *c)
		}
	}
	return all
}

// Believed asks what the shop believes, and gives up when it cannot be told.
func (w *Watch) Believed(o *Purchase) Belief {
	b, err := w.harness.Believes(w.ctx, o)
	if err != nil {
		rule.NotEvaluable("the state of the order cannot be read: %v", err)
	}
	return b
}

// WhyUnpaid is what state.paid found when the order was last looked at.
func (w *Watch) WhyUnpaid(o *Purchase) string {
	looks := w.Find(func(c *Call) bool { return c.Title == "state" && c.Order == o && c.Answer().Status != 0 })
	if len(looks) == 0 {
		return "it was not looked at"
	}
	return "state.paid: " + w.harness.Config.State.Paid.why(looks[len(looks)-1].Answer())
}

// BecomesPaid waits until the shop believes that the order is paid, and reports whether it did.
func (w *Watch) BecomesPaid(o *Purchase, within time.Duration) bool {
	return w.Becomes(o, within, func(b Belief) bool { return b.Paid })
}

// Becomes waits until the shop believes what is wanted, and reports whether it did. Where this machine holds up the
// harness it holds up the shop as well, which gets more time then.
func (w *Watch) Becomes(o *Purchase, within time.Duration, want func(Belief) bool) bool {
	end := time.Now().Add(within)
	for last := end.Add(mostHeldUp); ; {
		if b := w.Believed(o); want(b) {
			return true
		}
		if time.Now().After(end) || w.ctx.Err() != nil {
			return false
		}

		began, planned := time.Now(), min(20*time.Millisecond+within/100, time.Until(end))
		w.rest(planned)
		end = end.Add(min(heldUp(planned, time.Since(began)), last.Sub(end)))
	}
}

// mostHeldUp bounds how much more time a shop gets.
const mostHeldUp = 30 * time.Second

// heldUp is how much more time a shop gets after a pause that took longer than was planned: twice what it was longer.
// A pause that was somewhat longer says nothing.
func heldUp(planned, took time.Duration) time.Duration {
	const usual = 100 * time.Millisecond
	if late := took - planned; late > usual {
		return 2 * late
	}
	return 0
}

// Soon is how long a shop may take to believe in a good payment: far longer than it took at the start.
func (w *Watch) Soon() time.Duration { return 3*time.Second + 4*w.harness.Pace.Latency }

// SentID is the orderId that the shop sent last for an order, or its number.
func (w *Watch) SentID(o *Purchase) string {
	w.harness.Sandbox.Lock()
	defer w.harness.Sandbox.Unlock()
	if n := len(o.SentIDs); n > 0 {
		return o.SentIDs[n-1]
	}
	return o.ID
}
