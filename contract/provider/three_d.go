package provider

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// The payments with 3-D Secure that rules look at.
var (
	started      = once("started", charged(startOp, "a start with 3-D Secure", nil))
	startedRead  = once("startedRead", on(started, readOp, "the status of a payment at the bank", nil))
	authentic    = once("authentic", atBank(started, payment.BankCode))
	returnedRead = once("returnedRead", then(authentic, on(started, readOp, "the status after the bank's page", nil)))
	wrongKey     = once("wrongKey", then(returnedRead, on(started, completeOp, "a completion with a wrong securityKey",
		map[string]any{"securityKey": "another"})))
	noKey = once("noKey", then(returnedRead, on(started, completeOp, "a completion without a securityKey",
		map[string]any{})))
	completed     = once("completed", completes)
	completedRead = once("completedRead", then(completed, on(started, readOp, "the status of a completed payment", nil)))
	hopeless      = once("hopeless", charged(startOp, "a start with a card that the bank does not know again",
		map[string]any{"pan": hopelessCard}))
	unauthentic  = once("unauthentic", atBank(hopeless, "000000"))
	hopelessRead = once("hopelessRead", then(unauthentic, on(hopeless, readOp, "the status of who was not authenticated", nil)))
)

func threeDRules() []row {
	rows := []row{
		told("PROV-801", "A payment with 3-D Secure is started", onThreeD, "200 to POST /api/3ds", "Serve POST /api/3ds.",
			served(started)),
		told("PROV-802", "A start has a paymentId that is a UUID", onThreeD, "a UUID", asDocumented, isUUID(started, "paymentId")),
		told("PROV-803", "A start says whether it was one", onThreeD, "success, true or false", "Answer a boolean.",
			looking(started, func(x *call) finding {
				if _, ok := x.values()["success"].(bool); !ok {
					return fail("success is %s", cut(asText(x.values()["success"])))
				}
				return pass("it does")
			})),
		told("PROV-804", "A start has a form that submits itself", onThreeD, "htmlContent with a form and its submission",
			"The customer's browser shows it as it is.", looking(started, submitsItself)),
		critical(told("PROV-805", "A start shows no card number", onThreeD, "the number nowhere in the answer",
			"htmlContent goes through the shop and the browser.", looking(started, func(x *call) finding {
				if contains(x.Answer().Body, askedCard) {
					return fail("the whole card number is in the answer")
				}
				return pass("it is not there")
			}))),
		told("PROV-806", "A payment at the bank is ENROLLED", onThreeD, "status ENROLLED until it is completed",
			"Answer ENROLLED until then.", has(startedRead, "status", "ENROLLED")),
		critical(told("PROV-807", "A start without credentials is refused", onAuth, "401", "Look at both headers first.",
			locked(changed(started, noCredentials), changed(started, wrongCredentials)))),
	}
	rows = append(rows, missing([]string{"PROV-808", "PROV-809"}, "A start", onThreeD, started, "successUrl", "failureUrl")...)
	return family("3DS", append(rows,
		told("PROV-810", "The customer comes back to successUrl", onThreeD, "a form POST to successUrl",
			"Send whom the bank authenticated there.", leadsTo(authentic, "ok")),
		told("PROV-811", "The customer brings the paymentId and a securityKey", onThreeD, "both as form data",
			"The shop completes with them.", brings),
		critical(told("PROV-812", "A payment waits for its completion", onThreeD, "status ENROLLED after the bank's page",
			"Settle it when the shop completes it.", has(returnedRead, "status", "ENROLLED"))),
		critical(told("PROV-813", "A wrong securityKey is refused", onThreeD, "4xx", "Compare the keys.", declines(wrongKey))),
		told("PROV-814", "A completion without a securityKey is refused", onThreeD, "4xx", "It is required.", declines(noKey)),
		critical(told("PROV-815", "A payment is completed with its securityKey", onThreeD, "200 with status SUCCESS",
			"Serve POST /api/3ds/{paymentId}/complete.", has(completed, "status", "SUCCESS"))),
		critical(told("PROV-816", "A completed payment has the amount that was sent", onThreeD, "the amount of the start",
			"Keep amounts as decimals.", echoes(completed, started, "amount"))),
		told("PROV-817", "A completion is of its payment", onThreeD, "the paymentId of the start", asDocumented,
			refersTo(completed, started, "paymentId")),
		critical(told("PROV-818", "A completed payment stays SUCCESS", onStatus, "status SUCCESS", "SUCCESS is final.",
			has(completedRead, "status", "SUCCESS"))),
		told("PROV-819", "Who is not authenticated comes back to failureUrl", onThreeD, "a form POST to failureUrl",
			"Send whom the bank did not authenticate there.", leadsTo(unauthentic, "no")),
		critical(told("PROV-820", "Who is not authenticated has not paid", onThreeD, "neither SUCCESS nor CAPTURED",
			"Only a payment that was made may be SUCCESS.", hasNot(hopelessRead, "status", "SUCCESS", "CAPTURED"))),
	)...)
}

func submitsItself(x *call) finding {
	page := x.text("htmlContent")
	switch {
	case formIn(page).action == "":
		return fail("htmlContent has no form with an action")
	case !strings.Contains(page, "submit"):
		return fail("the form of htmlContent does not submit itself")
	}
	return pass("it does")
}

// form is a form of a page.
type form struct {
	action string
	fields url.Values
}

var (
	formTag  = regexp.MustCompile(`(?is)<form\b[^>]*\baction="([^"]+)"`)
	inputTag = regexp.MustCompile(`(?is)<input\b[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"`)
)

// formIn is the first form of a page.
func formIn(page string) form {
	f := form{fields: url.Values{}}
	if action := formTag.FindStringSubmatch(page); action != nil {
		f.action = html.UnescapeString(action[1])
	}
	for _, field := range inputTag.FindAllStringSubmatch(page, -1) {
		f.fields.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	return f
}

// mostCodes is how often a code is entered.
const mostCodes = 4

// atBank is the customer at the bank of payporter-mock: it submits the form, and enters a code until the page leads
// back to the shop.
func atBank(s source, code string) source {
	return func(c payments) (*call, string) {
		x, reason := right(s)(c)
		switch {
		case reason != "":
			return nil, reason
		case !c.run.Sandbox:
			return nil, "it needs a customer at the bank's page, whom only payporter-mock lets this harness be"
		}

		path, own := strings.CutPrefix(formIn(x.text("htmlContent")).action, c.run.BaseURL)
		if !own {
			return nil, "the form of the start does not lead to this server"
		}
		q := request{
			title: "the customer at the bank", method: http.MethodPost, path: path, body: []byte{},
			header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		}
		x = c.visit(q)
		for range mostCodes {
			if strings.HasPrefix(formIn(x.Answer().Body.String()).action, c.run.receiver.base) {
				return x, ""
			}
			q.body = []byte(url.Values{"code": {code}}.Encode())
			x = c.visit(q)
		}
		return nil, "the bank's page does not lead back to the shop: " + x.answered()
	}
}

// visit makes a request as a browser does: it follows a redirect, if it stays at this server.
func (c payments) visit(q request) *call {
	x := c.run.send(c.ctx, q)
	at, err := url.Parse(x.Request.URL)
	if err != nil || x.Answer().Status != http.StatusSeeOther {
		return x
	}
	to, err := at.Parse(x.Answer().Header("Location"))
	if err != nil || to.Host != at.Host {
		return x
	}
	return c.run.send(c.ctx, request{
		title: q.title, method: http.MethodGet, path: strings.TrimPrefix(to.String(), c.run.BaseURL),
	})
}

// leadsTo wants the customer back at this address of the shop.
func leadsTo(s source, name string) check {
	return func(p *probe) finding {
		return looking(s, func(x *call) finding {
			if got, want := formIn(x.Answer().Body.String()).action, p.payments().back(name); got != want {
				return fail("%q instead of %q", cut(got), cut(want))
			}
			return pass("it does")
		})(p)
	}
}

func brings(p *probe) finding {
	id, _ := p.payments().idOf(started)
	return looking(authentic, func(x *call) finding {
		fields := formIn(x.Answer().Body.String()).fields
		if fields.Get("paymentId") != id || fields.Get("securityKey") == "" {
			return fail("paymentId %q, securityKey of %d characters", cut(fields.Get("paymentId")), len(fields.Get("securityKey")))
		}
		return pass("both")
	})(p)
}

// completes settles the payment with what the customer brought, after the wrong tries.
func completes(c payments) (*call, string) {
	x, reason := authentic(c)
	for _, before := range []source{wrongKey, noKey} {
		if _, missing := before(c); reason == "" {
			reason = missing
		}
	}
	if reason != "" {
		return nil, reason
	}
	key := formIn(x.Answer().Body.String()).fields.Get("securityKey")
	return on(started, completeOp, "a completion", map[string]any{"securityKey": key})(c)
}
