package shop

import (
	"bytes"
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
	OnePrice bool          // the shop takes no other amount than the one of the config
}

// The bounds of the time in which a shop must have done what it does after a callback.
const (
	LeastQuiet = 150 * time.Millisecond
	MostQuiet  = 4 * time.Second
)

// unrest is how long to wait until the shop may be done. A shop that asks again and again is never quiet:
// it is done soon after it has asked about what happened last.
func (h *Harness) unrest(calls []Call) time.Duration {
	var last time.Time
	asking := false // a question has not been answered yet
	for _, c := range calls {
		switch {
		case c.From == inspector:
			continue
		case !c.Over && h.asksOn() && c.isStatus():
			asking = true
			continue
		case !c.Over:
			return h.Pace.Quiet
		}
		last = latest(last, c.ended())
	}

	rest := time.Until(last.Add(h.Pace.Quiet))
	asked := firstQuestion(calls, lastStir(calls))
	switch {
	case h.asksOn() && !asked.IsZero():
		return min(rest, time.Until(asked.Add(h.Pace.Decides)))
	case asking:
		return h.Pace.Quiet
	}
	return rest
}

// asksOn reports whether the shop asks again although nothing has happened.
func (h *Harness) asksOn() bool { return h.Pace.Polls || h.Sandbox.AsksOn.Load() }

// A shop asks without an end when it asks about one checkout so often, and for so long, although nothing else
// happens and every answer is the same. What it was told may be a question each.
const (
	endlessQuestions = 8
	endlessFor       = 3 * time.Second
)

// noticeEndless notices when the calls show that the shop asks without an end.
func (h *Harness) noticeEndless(calls []Call) {
	if !h.asksOn() && endless(calls) {
		h.Sandbox.AsksOn.Store(true)
	}
}

// endless reports whether the shop asks without an end.
func endless(calls []Call) bool {
	type answers struct {
		first Call // of those that are the same
		times int
	}
	same := map[string]answers{} // by the id of the checkout
	stirred, told := lastStir(calls), 0
	for _, c := range calls {
		if c.To == Merchant && c.From != customer && c.From != inspector {
			told++
		}
		if !c.isStatus() || !c.Over || !c.At.After(stirred) {
			continue
		}

		a := same[c.checkoutID]
		if a.times == 0 || a.first.Answer().Status != c.Answer().Status || !bytes.Equal(a.first.Answer().Body, c.Answer().Body) {
			a = answers{first: c}
		}
		a.times++
		if same[c.checkoutID] = a; a.times >= endlessQuestions+told && c.At.Sub(a.first.At) >= endlessFor {
			return true
		}
	}
	return false
}

// lastStir is when what is no question was over last; zero: nothing is.
func lastStir(calls []Call) (stirred time.Time) {
	for _, c := range calls {
		if c.From != inspector && c.Over && !c.isStatus() {
			stirred = latest(stirred, c.ended())
		}
	}
	return stirred
}

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
			return c.ended()
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
