package merchant

import (
	"net/http"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
)

// signatureRules are about webhooks that PayPorter did not send, and how they are known.
func signatureRules() []row {
	const check = "Compute the hex HMAC-SHA-256, keyed with your webhook secret, of x-request-time, a colon and the raw " +
		"body, compare it in constant time with x-request-signature, and answer 401 when it differs."
	return []row{
		{
			ID: "WEBHOOK-016", Title: "A webhook without a signature is not believed", Severity: report.Critical,
			Source:   documentedWebhooks,
			Expected: "A paid order's webhook comes without x-request-signature. It changes nothing.",
			Advice:   check + " A header that is missing is a signature that is wrong.",
			Judge: judgeUnbelieved("a webhook without a signature", func(_ *trial, e shop.Event) shop.Event {
				e.Without = "x-request-signature"
				return e
			}),
		},
		{
			ID: "WEBHOOK-017", Title: "A webhook signed with another secret is not believed", Severity: report.Critical,
			Source:   documentedWebhooks,
			Expected: "A paid order's webhook is signed with another secret, and one with an empty one. It changes nothing.",
			Advice:   check + " A secret that is not configured is no empty secret: take no webhook then.",
			Judge: judgeUnbelieved("a webhook signed with another secret", func(_ *trial, e shop.Event) shop.Event {
				e.Secret = anotherSecret
				return e
			}, func(_ *trial, e shop.Event) shop.Event {
				e.Secret = ""
				return e
			}),
		},
		{
			ID: "WEBHOOK-018", Title: "A webhook whose body was changed is not believed", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "The signed webhook of one order comes. Then its time and signature come with the body of another " +
				"order's. That order is not paid.",
			Advice: check,
			Judge: judgeUnbelieved("a webhook whose body was changed", func(t *trial, e shop.Event) shop.Event {
				other, p := untold(t)
				genuine := t.shop.NewEvent(p)
				t.shop.Send(other, genuine)
				e.Signed, e.At = genuine.Body, genuine.At
				return e
			}),
		},
		{
			ID: "WEBHOOK-019", Title: "A webhook older than five minutes is not believed", Severity: report.Major,
			Source:   documentedWebhooks,
			Expected: "A signed webhook has an x-request-time of six minutes ago. It changes nothing.",
			Advice: "Refuse a webhook whose x-request-time (milliseconds since 1970) is more than five minutes ago: somebody " +
				"may have recorded it.",
			Judge: judgeUnbelieved("a webhook of six minutes ago", func(_ *trial, e shop.Event) shop.Event {
				e.At = time.Now().Add(-6 * time.Minute)
				return e
			}),
		},
		{
			ID: "WEBHOOK-020", Title: "The signature is checked over the body as it came", Severity: report.Major,
			Source:   documentedWebhooks,
			Expected: "The JSON of a webhook is written over several lines, and signed as it is written. The order is paid.",
			Advice:   "Check the raw bytes before you read the JSON. What you write anew has other spaces, orders and numbers.",
			Judge: judgeBelieved("a webhook written over several lines", func(e shop.Event) shop.Event {
				return e.Spaced()
			}),
		},
		{
			ID: "WEBHOOK-021", Title: "Names of headers are read in any case", Severity: report.Major,
			Source:   "assumed: HTTP lets a proxy write names of headers in any case",
			Expected: "A signed webhook has X-Request-Time, another one X-REQUEST-TIME. Both orders are paid.",
			Advice:   "Read headers by a function that does not mind the case.",
			Judge: judgeBelieved("a webhook with other capitals in its headers", func(e shop.Event) shop.Event {
				e.Spelled = http.CanonicalHeaderKey
				return e
			}, func(e shop.Event) shop.Event {
				e.Spelled = upper
				return e
			}),
		},
		{
			ID: "WEBHOOK-022", Title: "A forged webhook does not use up an event", Severity: report.Major,
			Source: documentedWebhooks,
			Expected: "A webhook with a wrong signature comes first, then PayPorter's with the same x-event-id. The order is " +
				"paid.",
			Advice: "Check the signature before you look the event id up, and remember only events that were genuine.",
			Judge:  judgeEventPoisoned,
		},
		{
			ID: "WEBHOOK-023", Title: "A malformed webhook is not answered 5xx", Severity: report.Minor,
			Source: documentedWebhooks + " (what is not genuine is refused)",
			Expected: "Webhooks come without a signature, without a time, with a signature that is no hexadecimal, and with " +
				"one that is too short. None is answered 5xx.",
			Advice: "A comparison in constant time may throw when the lengths differ. Compare them first, and answer 401.",
			Judge:  judgeMalformedWebhook,
		},
	}
}

// anotherSecret is a secret that no shop has.
const anotherSecret = "another-merchants-secret"

// judgeUnbelieved sends webhooks that must change nothing, each for an order that was paid. A shop that may have learned
// of the payment by itself is not accused.
func judgeUnbelieved(what string, spoiled ...func(*trial, shop.Event) shop.Event) func(*trial) {
	return func(t *trial) {
		for _, spoil := range spoiled {
			if o := believedSpoiled(t, spoil); o != nil {
				needsUntold(t)
				if again := believedSpoiled(t, spoil); again != nil {
					t.concerns(again)
					rule.Fail("the order is paid after %s", what)
				}
			}
			t.saw("unpaid after %s", what)
		}
		needsGoodWebhook(t) // else nothing is proven
	}
}

// believedSpoiled sends a webhook that must change nothing, and is the order that it made paid; nil: it did not.
func believedSpoiled(t *trial, spoil func(*trial, shop.Event) shop.Event) *shop.Purchase {
	o, p := untold(t)
	bad := spoil(t, t.shop.NewEvent(p))
	t.shop.Send(o, bad)
	t.watch.Settled()
	if t.watch.Believed(o).Given() {
		return o
	}
	return nil
}

// needsUntold gives up when an order becomes paid of which nobody told the shop.
func needsUntold(t *trial) {
	o, _ := untold(t)
	if t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.NotEvaluable("the shop learns of payments by itself, so it cannot be seen what a webhook does")
	}
}

// judgeBelieved sends good webhooks that look unusual: each must pay its order.
func judgeBelieved(what string, unusual ...func(shop.Event) shop.Event) func(*trial) {
	return func(t *trial) {
		for _, change := range unusual {
			o, p := untold(t)
			if !pays(t, o, change(t.shop.NewEvent(p))) {
				needsGoodWebhook(t)
				t.concerns(o)
				rule.Fail("the order is not paid after %s", what)
			}
		}
		t.saw("paid after %s", what)
	}
}

func judgeEventPoisoned(t *trial) {
	o, p := untold(t)
	good := t.shop.NewEvent(p)
	bad := good
	bad.Secret = anotherSecret
	t.shop.Send(o, bad)
	t.watch.Settled()
	if t.watch.Believed(o).Given() {
		rule.See("WEBHOOK-017").Missing("the order is paid after a webhook signed with another secret")
	}

	if !pays(t, o, good) {
		needsGoodWebhook(t)
		t.concerns(o)
		rule.Fail("the order is not paid by a good webhook after a forged one with the same x-event-id")
	}
	t.saw("paid by a good webhook after a forged one with the same x-event-id")
}

func judgeMalformedWebhook(t *trial) {
	o, p := untold(t)
	good := t.shop.NewEvent(p)
	signed := func(signature string) shop.Event {
		e := good
		e.Signature = &signature
		return e
	}
	without := func(name string) shop.Event {
		e := good
		e.Without = name
		return e
	}

	for _, bad := range []struct {
		how string
		shop.Event
	}{
		{"without a signature", without("x-request-signature")},
		{"without a time", without("x-request-time")},
		{"with a signature that is no hexadecimal", signed("not-hexadecimal")},
		{"with a short signature", signed("abcd")},
	} {
		c := t.shop.Send(o, bad.Event)
		t.shown = []shop.Call{c}
		switch {
		case c.Answer().Status == 0:
			rule.Fail("a webhook %s got no answer", bad.how)
		case c.Answer().Status >= 500:
			rule.Fail("a webhook %s was answered %d", bad.how, c.Answer().Status)
		}
		t.saw("%d %s", c.Answer().Status, bad.how)
	}
}
