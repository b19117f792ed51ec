package provider

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// The payments whose webhooks rules look at. They are made once the webhook has its address.
var (
	hookSale     = once("hookSale", announced("webhook", charged(payOp, "a payment with a webhook", nil)))
	hookDeclined = once("hookDeclined", announced("webhook", charged(payOp, "a declined payment with a webhook",
		map[string]any{"pan": declinedCard, "cvv": "123"})))
	hookPending  = once("hookPending", then(hookSale, on(hookSale, refundOp, "a refund with a webhook", part("10", "TRY"))))
	hookApproved = once("hookApproved", decided(hookPending, "approve"))
	hookRead     = once("hookRead", on(hookSale, readOp, "the status of a payment with a webhook", nil))
)

func webhookRules() []row {
	const sign = "Sign x-request-time, a colon and the raw body with HMAC-SHA-256, in hexadecimal digits."
	hook := func(look func(p *probe, x *call) finding) check { return hooked(hookSale, look) }
	return family("WEBHOOK", slices.Concat([]row{
		critical(told("PROV-871", "A webhook follows a payment that was made", onWebhooks, "a request to the registered URL",
			"Tell of every final status.", arrived(hookSale))),
		told("PROV-872", "A webhook follows a payment that was declined", onWebhooks, "a request to the registered URL",
			"FAILED is final, too.", arrived(hookDeclined)),
		told("PROV-873", "A webhook is a POST", onWebhooks, "the method POST", "Merchants listen for POST.", hook(isHookPOST)),
		told("PROV-874", "A webhook is JSON", onWebhooks, "Content-Type application/json", "The page says: JSON.",
			hook(func(_ *probe, x *call) finding {
				if kind := x.Request.Header("Content-Type"); !isJSONType(kind) {
					return fail("%q", cut(kind))
				}
				return pass("application/json")
			})),
		told("PROV-875", "A webhook says when it was sent", onWebhooks, "x-request-time in Unix milliseconds, at most 5 minutes "+
			"off", "Receivers refuse what is older.", hook(isRecent)),
		critical(told("PROV-876", "A webhook is signed", onWebhooks, "x-request-signature of x-request-time, a colon and the raw body",
			sign, hook(isSigned))),
		told("PROV-877", "A webhook has an event id", onWebhooks, "x-event-id, a UUID", "Receivers take each id once.",
			hook(func(_ *probe, x *call) finding {
				if id := x.Request.Header("X-Event-Id"); uuid.Validate(id) != nil {
					return fail("%q", cut(id))
				}
				return pass("a UUID")
			})),
		told("PROV-878", "A webhook has the event type payment.status_changed", onWebhooks, "x-event-type",
			"It is the only type that is documented.", hook(func(_ *probe, x *call) finding {
				if kind := x.Request.Header("X-Event-Type"); kind != "payment.status_changed" {
					return fail("%q", cut(kind))
				}
				return pass("payment.status_changed")
			})),
		critical(told("PROV-879", "A webhook has the status that the GET answers", onWebhooks, "the same status",
			"Tell what is booked.", sameInHook("status"))),
		critical(told("PROV-880", "A webhook has the amount that the GET answers", onWebhooks, "the same amount",
			"Tell what is booked.", sameInHook("amount"))),
		told("PROV-881", "A webhook has the orderId that the GET answers", onWebhooks, "the same orderId",
			"Tell what is booked.", sameInHook("orderId")),
		critical(told("PROV-882", "A webhook shows no card number", onWebhooks, "the whole number nowhere in it",
			"Mask card numbers where they enter.", hook(func(_ *probe, x *call) finding {
				if contains(x.Request.Body, goodCard) {
					return fail("the whole card number is in it")
				}
				return pass("it is not there")
			}))),
		told("PROV-883", "No webhook tells the secret", assumed, "neither the merchant's secret nor the webhook's in it",
			"Webhooks go through many logs.", hook(func(p *probe, x *call) finding {
				if contains(x.Request.Body, p.run.APISecret) || contains(x.Request.Body, p.payments().hookSecret()) {
					return fail("a secret is in it")
				}
				return pass("neither")
			})),
		told("PROV-884", "A refund's webhook comes once it is decided", onWebhooks, "a final status in the first one",
			"PENDING_APPROVAL is not final.", hooked(hookApproved, func(_ *probe, x *call) finding {
				if status := hookBody(x).text("status"); pending(status) {
					return fail("%s", status)
				}
				return pass("%s", hookBody(x).text("status"))
			})),
	}, retryRules(sign), []row{
		told("PROV-888", "Two events have two ids", onWebhooks, "two x-event-ids", "Make an id for each event.", twoIDs),
		told("PROV-889", "A final status is told once", onWebhooks, "one webhook that was taken for each payment",
			"Send again only what was not taken.", toldOnce),
	}, planRules())...)
}

func (c payments) hookSecret() string { return "webhook-" + c.run.tag + "-secret" }

func (c payments) hookName(address string) string { return address + "-" + c.run.tag }

// announced registers the address of webhooks, and makes a payment then.
func announced(address string, s source) source {
	return func(c payments) (*call, string) {
		body, _ := json.Marshal(map[string]string{ // texts always marshal
			"url": c.run.receiver.address(c.hookName(address)), "secret": c.hookSecret(),
		})
		reason := c.mayAnnounce()
		if reason == "" {
			reason = c.control(whatHooks, http.MethodPut, "/_mock/webhook", body)
		}
		if reason != "" {
			return nil, reason
		}
		c.run.announced = true
		return s(c)
	}
}

// whatHooks is what the checks of webhooks need.
const whatHooks = "an address that is registered for webhooks"

// mayAnnounce says why the run must leave the merchant's webhooks as they are: they go to somebody else, whose secret
// nobody could put back. Empty: it may announce its own.
func (c payments) mayAnnounce() (reason string) {
	if c.run.announced {
		return ""
	}
	x, reason := c.controlled(whatHooks, http.MethodGet, "/_mock/webhook", nil)
	if reason != "" {
		return reason
	}
	if url := x.text("url"); url != "" {
		return "its webhooks go to " + url + " already: run this with another key"
	}
	return ""
}

// webhooks waits for so many about a payment, and answers all that came.
func (c payments) webhooks(s source, n int) (all []*call, reason string) {
	id, reason := c.idOf(s)
	if reason != "" {
		return nil, reason
	}
	about := func() []*call { return c.run.receiver.about(id, c.hookName("webhook"), c.hookName(refusedTwice)) }
	if waited := fmt.Sprint(id, n); !c.run.waited[waited] { // what did not come in time is not waited for again
		c.run.waited[waited] = true
		c.run.receiver.awaitSome(c.ctx, c.run.Patience, func() bool { return len(about()) >= n })
	}
	c.run.receiver.Lock()
	defer c.run.receiver.Unlock()
	return about(), ""
}

func arrived(s source) check {
	return func(p *probe) finding {
		all, reason := p.payments().webhooks(s, 1)
		switch {
		case reason != "":
			return unjudged("%s", reason)
		case len(all) == 0:
			return fail("none came within %s", p.run.Patience)
		}
		return pass("it came").by(all[0])
	}
}

// hooked looks at the first webhook of a payment.
func hooked(s source, look func(p *probe, x *call) finding) check {
	return func(p *probe) finding {
		all, reason := p.payments().webhooks(s, 1)
		if reason == "" && len(all) == 0 {
			reason = "no webhook came"
		}
		if reason != "" {
			return unjudged("%s", reason)
		}
		return look(p, all[0]).by(all[0])
	}
}

// hookBody is a webhook as if its body were an answer.
func hookBody(x *call) *call {
	body := &call{}
	body.Response = messageOf(x.Request.Body)
	return body
}

func isJSONType(kind string) bool {
	x := &call{}
	x.Response = messageOf(nil)
	x.Response.Headers = http.Header{"Content-Type": {kind}}
	return x.isJSON()
}

func isHookPOST(_ *probe, x *call) finding {
	if x.Request.Method != http.MethodPost {
		return fail("%s", x.Request.Method)
	}
	return pass("POST")
}

// mostOff is how old receivers let a webhook be.
const mostOff = 5 * time.Minute

func isRecent(_ *probe, x *call) finding {
	ms, err := strconv.ParseInt(x.Request.Header("X-Request-Time"), 10, 64)
	if off := x.At.Sub(time.UnixMilli(ms)).Abs(); err != nil || off > mostOff {
		return fail("%q", cut(x.Request.Header("X-Request-Time")))
	}
	return pass("%d", ms)
}

func isSigned(p *probe, x *call) finding {
	mac := hmac.New(sha256.New, []byte(p.payments().hookSecret()))
	mac.Write([]byte(x.Request.Header("X-Request-Time") + ":" + string(x.Request.Body)))
	if want := hex.EncodeToString(mac.Sum(nil)); x.Request.Header("X-Request-Signature") != want {
		return fail("%q instead of %q", cut(x.Request.Header("X-Request-Signature")), want)
	}
	return pass("it is")
}

// sameInHook compares a webhook with the status.
func sameInHook(field string) check {
	return hooked(hookSale, func(p *probe, x *call) finding {
		read, reason := right(hookRead)(p.payments())
		if reason != "" {
			return unjudged("%s", reason)
		}
		return alike(hookBody(x).values()[field], read.values()[field]).by(read)
	})
}

func twoIDs(p *probe) finding {
	all, reason := p.payments().webhooks(hookSale, 1)
	others, other := p.payments().webhooks(hookDeclined, 1)
	if reason += other; reason != "" || len(all) == 0 || len(others) == 0 {
		return unjudged("there are no two webhooks to compare%s", reason)
	}
	if all[0].Request.Header("X-Event-Id") == others[0].Request.Header("X-Event-Id") {
		return fail("the same id").by(all[0], others[0])
	}
	return pass("two").by(all[0], others[0])
}

func toldOnce(p *probe) finding {
	for _, s := range []source{hookSale, hookDeclined} {
		all, reason := p.payments().webhooks(s, 1)
		if reason == "" && len(all) == 0 {
			reason = "no webhook came"
		}
		if reason != "" {
			return unjudged("%s", reason)
		}
		if len(all) > 1 {
			return fail("%d webhooks, though the first was taken", len(all)).by(all...)
		}
	}
	return pass("one each")
}
