package contract

import "time"

// Pace is what the first orders showed of how this shop sells and how fast it is.
type Pace struct {
	latency  time.Duration // from the callback until the shop believed in the payment
	quiet    time.Duration // after so long without a word the shop is done
	decides  time.Duration // after so long without a change an answer of PayPorter's has been made use of
	polls    bool          // the shop asks about an order that nobody told it about
	onePrice bool          // the shop takes no other amount than the one of the config
}

// The bounds of the time in which a shop must have done what it does after a callback.
const (
	leastQuiet = 150 * time.Millisecond
	mostQuiet  = 4 * time.Second
)

// unrest is how long to wait until the shop may be done. A shop that asks again and again is never quiet:
// it is done soon after it has asked about what happened last.
func (p Pace) unrest(calls []call) time.Duration {
	var last, stirred time.Time
	for _, c := range calls {
		switch {
		case c.From == inspector:
			continue
		case !c.over:
			return p.quiet
		case !c.isStatus():
			stirred = latest(stirred, c.At.Add(c.Took()))
		}
		last = latest(last, c.At.Add(c.Took()))
	}

	rest := time.Until(last.Add(p.quiet))
	if asked := firstQuestion(calls, stirred); p.polls && !asked.IsZero() {
		rest = min(rest, time.Until(asked.Add(p.decides)))
	}
	return rest
}

// firstQuestion is when the first question after a moment was answered; zero: there was none.
func firstQuestion(calls []call, after time.Time) time.Time {
	for _, c := range calls {
		if c.isStatus() && c.over && c.At.After(after) {
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
