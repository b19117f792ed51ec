package shop

import (
	"slices"
	"time"
)

// Pace is what the first orders showed of how this shop sells and how fast it is.
type Pace struct {
	Latency  time.Duration // from the callback until the shop believed in the payment
	Quiet    time.Duration // after so long without a word the shop is done
	Decides  time.Duration // after so long without a change an answer of PayPorter's has been made use of
	Answers  time.Duration // half of the warm shop's first answers took longer
	Polls    bool          // the shop asks about an order that nobody told it about
	Storms   bool          // the shop asks about one order so often that it is never quiet
	OnePrice bool          // the shop takes no other amount than the one of the config
}

// The bounds of the time in which a shop must have done what it does after a callback.
const (
	LeastQuiet = 150 * time.Millisecond
	MostQuiet  = 4 * time.Second
)

// unrest is how long to wait until the shop may be done. A shop that asks again and again is never quiet:
// it is done soon after it has asked about what happened last.
func (p Pace) unrest(calls []Call) time.Duration {
	var last, stirred time.Time
	asking := false // a question has not been answered yet
	for _, c := range calls {
		switch {
		case c.From == inspector:
			continue
		case !c.Over && p.asksOn() && c.isStatus():
			asking = true
			continue
		case !c.Over:
			return p.Quiet
		case !c.isStatus():
			stirred = latest(stirred, c.At.Add(c.Took()))
		}
		last = latest(last, c.At.Add(c.Took()))
	}

	rest := time.Until(last.Add(p.Quiet))
	asked := firstQuestion(calls, stirred)
	switch {
	case p.asksOn() && !asked.IsZero():
		return min(rest, time.Until(asked.Add(p.Decides)))
	case asking:
		return p.Quiet
	}
	return rest
}

// asksOn reports whether the shop asks again although nothing has happened.
func (p Pace) asksOn() bool { return p.Polls || p.Storms }

// SlowAnswer is how long half of the answers of a slow shop take, or longer, once the shop is warm.
const SlowAnswer = 2500 * time.Millisecond

// Slow reports whether the shop takes seconds for each answer.
func (p Pace) Slow() bool { return p.Answers >= SlowAnswer }

// LearnAnswers finds out how long the shop took for its answers to what was asked since a moment. The first order of a
// run warms a shop up: pages are compiled, connections opened.
func (h *Harness) LearnAnswers(since time.Time) {
	var took []time.Duration
	for _, c := range h.Sandbox.Find(func(c *Call) bool { return c.To == Merchant && c.Over && !c.At.Before(since) }) {
		took = append(took, c.Took())
	}
	if slices.Sort(took); len(took) > 0 {
		h.Pace.Answers = took[(len(took)-1)/2]
	}
}

// firstQuestion is when the first question after a moment was answered; zero: there was none.
func firstQuestion(calls []Call, after time.Time) time.Time {
	for _, c := range calls {
		if c.isStatus() && c.Over && c.At.After(after) {
			return c.At.Add(c.Took())
		}
	}
	return time.Time{}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
