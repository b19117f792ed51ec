package shop

import "time"

// Pace is what the first orders showed of how this shop sells and how fast it is.
type Pace struct {
	Latency  time.Duration // from the callback until the shop believed in the payment
	Quiet    time.Duration // after so long without a word the shop is done
	Decides  time.Duration // after so long without a change an answer of PayPorter's has been made use of
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
func (p Pace) unrest(calls []Call) time.Duration {
	var last, stirred time.Time
	for _, c := range calls {
		switch {
		case c.From == inspector:
			continue
		case !c.Over:
			return p.Quiet
		case !c.isStatus():
			stirred = latest(stirred, c.At.Add(c.Took()))
		}
		last = latest(last, c.At.Add(c.Took()))
	}

	rest := time.Until(last.Add(p.Quiet))
	if asked := firstQuestion(calls, stirred); p.Polls && !asked.IsZero() {
		rest = min(rest, time.Until(asked.Add(p.Decides)))
	}
	return rest
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
