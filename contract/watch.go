package contract

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// mostUnsettled is how long a shop is waited for that does not come to rest.
const mostUnsettled = 12 * time.Second

// find finds calls of the whole run.
func (s *Session) find(fits func(*call) bool) []call { return s.harness.sandbox.Find(fits) }

// creates are the shop's creates for the order.
func (s *Session) creates(o *order) []call { return s.find(o.hasCreate) }

// callbacks are the callbacks of the order so far.
func (s *Session) callbacks(o *order) []call { return s.find(o.hasCallback) }

// questions are the shop's GETs for the order's checkouts.
func (s *Session) questions(o *order) []call { return s.find(o.hasQuestion) }

// asked is the amount that the shop asked PayPorter for.
func (s *Session) asked(o *order) string {
	creates := s.creates(o)
	if len(creates) == 0 {
		return ""
	}
	return strings.Trim(string(creates[len(creates)-1].sent("amount")), `"`)
}

// arrives waits until so many calls fit, and reports whether they do.
func (s *Session) arrives(times int, within time.Duration, fits func(*call) bool) bool {
	ctx, cancel := context.WithTimeout(s.ctx, within)
	defer cancel()
	sandbox := s.harness.sandbox
	return sandbox.Wait(ctx, func() bool { return len(sandbox.FindLocked(fits)) >= times })
}

// told waits until so many callbacks of the order are over, answered or not.
func (s *Session) told(o *order, times int) []call {
	over := func(c *call) bool { return o.hasCallback(c) && c.over }
	if !s.arrives(times, mostUnsettled, over) {
		rule.NotEvaluable("PayPorter's callback did not get through within %s", mostUnsettled)
	}
	return s.callbacks(o)
}

// settled waits until the shop is done: everything it asked PayPorter has been answered, and it has
// been quiet for as long as it takes to believe a good payment.
func (s *Session) settled() {
	for end := time.Now().Add(mostUnsettled); time.Now().Before(end) && s.ctx.Err() == nil; {
		rest := s.harness.pace.unrest(s.exchanges())
		if rest <= 0 {
			return
		}
		s.rest(max(10*time.Millisecond, min(rest, 100*time.Millisecond)))
	}
}

// rest lets time pass, or less when the run ends.
func (s *Session) rest(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.ctx.Done():
	}
}

// exchanges are the exchanges of the session so far: of its orders, and nobody's.
func (s *Session) exchanges() []call {
	sandbox := s.harness.sandbox
	sandbox.Lock()
	defer sandbox.Unlock()
	var all []call
	for _, c := range sandbox.Calls[min(s.from, len(sandbox.Calls)):] {
		nobodys := c.order == nil && !slices.ContainsFunc(sandbox.orders, c.ofLocked)
		if nobodys || slices.ContainsFunc(s.orders, c.ofLocked) {
			all = append(all, *c)
		}
	}
	return all
}

// believed asks what the shop believes, and gives up when it cannot be told.
func (s *Session) believed(o *order) belief {
	b, err := s.harness.believes(s.ctx, o)
	if err != nil {
		rule.NotEvaluable("the state of the order cannot be read: %v", err)
	}
	return b
}

// whyUnpaid is what state.paid found when the order was last looked at.
func (s *Session) whyUnpaid(o *order) string {
	looks := s.find(func(c *call) bool { return c.Title == "state" && c.order == o && c.Answer().Status != 0 })
	if len(looks) == 0 {
		return "it was not looked at"
	}
	return "state.paid: " + s.harness.config.State.Paid.why(looks[len(looks)-1].Answer())
}

// becomesPaid waits until the shop believes that the order is paid, and reports whether it did.
func (s *Session) becomesPaid(o *order, within time.Duration) bool {
	return s.becomes(o, within, func(b belief) bool { return b.paid })
}

// becomes waits until the shop believes what is wanted, and reports whether it did.
func (s *Session) becomes(o *order, within time.Duration, want func(belief) bool) bool {
	for end := time.Now().Add(within); ; {
		if b := s.believed(o); want(b) {
			return true
		}
		if time.Now().After(end) || s.ctx.Err() != nil {
			return false
		}
		s.rest(min(20*time.Millisecond+within/100, time.Until(end)))
	}
}

// soon is how long a shop may take to believe in a good payment: far longer than it took at the start.
func (s *Session) soon() time.Duration { return 3*time.Second + 4*s.harness.pace.latency }

// sentID is the orderId that the shop sent last for an order, or its number.
func (s *Session) sentID(o *order) string {
	s.harness.sandbox.Lock()
	defer s.harness.sandbox.Unlock()
	if n := len(o.sentIDs); n > 0 {
		return o.sentIDs[n-1]
	}
	return o.id
}
