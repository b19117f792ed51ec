package provider

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// refusedTwice names an address that refuses the first two webhooks.
const refusedTwice = "refused"

// RetryTime says whether a webhook that is sent again has a time of its own.
type RetryTime string

// Values of RetryTime.
const (
	Refresh RetryTime = "refresh" // each attempt has the time at which it is made
	Keep    RetryTime = "keep"    // all have the time of the first
)

// DefaultRetriesWithin is how long after the event a retry is waited for: long enough for two.
const DefaultRetriesWithin = 2 * time.Minute

// PayPorter's plan: how long after the first attempt the second and the third have been made.
const (
	secondBy = 31 * time.Second
	thirdBy  = secondBy + 61*time.Second
)

// The webhook that is refused, and the moments after its second and its third attempt.
var (
	hookRefused = once("hookRefused", announced(refusedTwice, charged(payOp, "a payment whose webhook is refused", nil)))
	hookSecond  = once("hookSecond", later(hookRefused, 0, secondBy))
	hookThird   = once("hookThird", later(hookSecond, secondBy, thirdBy))
)

// retryRules are about the webhook that is refused. sign is how to mend a signature.
func retryRules(sign string) []row {
	return []row{
		told("PROV-885", "A webhook that was not taken is sent again", onWebhooks, "a second request 30 seconds after a 503",
			"Anything but 2xx is retried.", comesAgain(hookSecond, secondBy, 2)),
		told("PROV-886", "A webhook that is sent again has its event id", onWebhooks, "the same x-event-id",
			"Receivers take each id once.", retried(func(_ *probe, first, again *call) finding {
				if first.Request.Header("X-Event-Id") != again.Request.Header("X-Event-Id") {
					return fail("another one")
				}
				return pass("the same")
			})),
		told("PROV-887", "A webhook that is sent again is signed", onWebhooks, "a signature of its own time and body", sign,
			retried(func(p *probe, _, again *call) finding { return isSigned(p, again) })),
	}
}

// planRules are about the time of what is sent again, and about the attempt after it.
func planRules() []row {
	return []row{
		told("PROV-890", "A webhook that was not taken again is sent once more", onWebhooks,
			"a third request a minute after the second 503", "Go on along the plan until it is taken.",
			comesAgain(hookThird, thirdBy, 3)),
		told("PROV-891", "A webhook that is sent again has the time that was agreed", assumed,
			"with --webhook-retry-time refresh a later x-request-time, with keep the same", "Say which of the two holds.",
			retried(hasAgreedTime)),
	}
}

// later moves the server's clock until so long after the first attempt, from an earlier moment.
func later(s source, from, until time.Duration) source {
	return func(c payments) (*call, string) {
		x, reason := right(s)(c)
		if reason != "" {
			return x, reason
		}
		if until > c.run.RetriesWithin {
			return x, fmt.Sprintf("PayPorter's plan has that attempt within %s of the first, and --webhook-retries-within is %s",
				until, c.run.RetriesWithin)
		}
		if from == 0 { // the first attempt comes by itself
			c.webhooks(hookRefused, 1)
		}

		step := until - from
		return x, c.control(step.String()+" of the server's time", http.MethodPost, "/_mock/clock",
			[]byte(`{"advance":"`+step.String()+`"}`))
	}
}

// refused are the attempts of the webhook that is refused, once the clock has been moved: nothing more is waited for,
// because a move of the clock is answered when what is due has been sent.
func (c payments) refused() []*call {
	id, reason := c.idOf(hookRefused)
	if reason != "" {
		return nil
	}
	c.run.receiver.Lock()
	defer c.run.receiver.Unlock()
	return c.run.receiver.about(id, c.hookName(refusedTwice))
}

// comesAgain wants so many attempts at that moment.
func comesAgain(moment source, until time.Duration, attempts int) check {
	return func(p *probe) finding {
		if _, reason := moment(p.payments()); reason != "" {
			return unjudged("%s", reason)
		}
		switch all := p.payments().refused(); {
		case len(all) == 0:
			return unjudged("no webhook came")
		case len(all) < attempts-1:
			return unjudged("it was not sent again").by(all...)
		case len(all) < attempts:
			return fail("none came within %s of the server's time", until).by(all...)
		default:
			return pass("it is").by(all[:attempts]...)
		}
	}
}

// retried looks at a webhook that was refused, and at the one after it.
func retried(look func(p *probe, first, again *call) finding) check {
	return func(p *probe) finding {
		if _, reason := hookSecond(p.payments()); reason != "" {
			return unjudged("%s", reason)
		}
		switch all := p.payments().refused(); len(all) {
		case 0:
			return unjudged("no webhook came")
		case 1:
			return unjudged("it was not sent again").by(all...)
		default:
			return look(p, all[0], all[1]).by(all[:2]...)
		}
	}
}

func hasAgreedTime(p *probe, first, again *call) finding {
	was, err := strconv.ParseInt(first.Request.Header("X-Request-Time"), 10, 64)
	is, errAgain := strconv.ParseInt(again.Request.Header("X-Request-Time"), 10, 64)
	switch {
	case err != nil || errAgain != nil:
		return unjudged("x-request-time is no number")
	case p.run.RetryTime == Keep && is != was:
		return fail("another one, %d after %d", is, was)
	case p.run.RetryTime == Refresh && is <= was:
		return fail("%d after %d", is, was)
	}
	return pass("%s", p.run.RetryTime)
}
