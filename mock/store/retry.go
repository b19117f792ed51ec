package store

import "time"

// RetryPlan says when a callback that was not taken is sent again. Its zero value never does.
type RetryPlan struct {
	Waits []time.Duration // before the first retry, the second, and so on
	Every time.Duration   // before each further one; zero means there is none
	Until time.Duration   // no retry is planned later than this after the event; zero means no limit
}

// Next is the time of the retry after the n-th failed attempt, made at the time last; event is when
// the callback was first due. ok is false when there is no further one.
func (p RetryPlan) Next(event, last time.Time, n int) (at time.Time, ok bool) {
	wait := p.Every
	if n <= len(p.Waits) {
		wait = p.Waits[n-1]
	}
	if wait <= 0 {
		return time.Time{}, false
	}
	at = last.Add(wait)
	return at, p.Until == 0 || !at.After(event.Add(p.Until))
}
