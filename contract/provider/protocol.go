package provider

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func httpRules() []row {
	rule := func(id, title string, severity report.Severity, source, expected, advice string, c check) row {
		return row{ID: id, Title: title, Severity: severity, Source: source, Expected: expected, Advice: advice, Judge: c}
	}

	const readBody = "Read the body strictly before anything is done with it, and answer 400."
	const refuses = "4xx, never 5xx"
	return family("HTTP",
		rule("PROV-601", "Answers say that they are JSON", report.Minor, onCheckout,
			"Content-Type application/json for 200", "The page's clients read JSON; some look at the header first.", saysJSON),
		rule("PROV-602", "A refused order says why in `message`", report.Major, onErrors,
			"a JSON object with a `message` that is text", "Answer every error with the same JSON body; merchants read "+
				"error.message.", invalidSaysWhy),
		rule("PROV-603", "Errors say that they are JSON", report.Minor, onErrors,
			"Content-Type application/json for 4xx", "The page's clients read error.message from JSON.", errorSaysJSON),
		rule("PROV-604", "The other fields of an error have the assumed form", report.Advisory, assumed,
			"messageCode, errors and requestId, if they are there, as the description of the API has them",
			"See openapi.yaml, Error.", errorForm),
		rule("PROV-605", "Broken JSON is refused", report.Major, onIntro, refuses, readBody, bodies(`{"orderId": "ORD-1", `,
			`hello`)),
		rule("PROV-606", "JSON that is no object is refused", report.Major, onIntro, refuses, readBody,
			bodies(`[]`, `"text"`, `null`)),
		rule("PROV-607", "An empty body is refused", report.Major, onIntro, refuses, readBody, bodies(``)),
		rule("PROV-608", "Text after the order is refused", report.Minor, assumed, refuses, readBody,
			changedBody("text after the order", func(b []byte) []byte { return append(b, " trailing"...) })),
		rule("PROV-609", "An order with a field that appears twice is refused", report.Advisory, assumed, refuses,
			"Readers differ in which of the two they take: an amount that two programs read differently is a hole.",
			changedBody("amount twice", twice)),
		rule("PROV-610", "Other content types are refused", report.Minor, assumed, "4xx for text/plain and for a form",
			"Answer 415.", otherTypesRefused),
		rule("PROV-611", "The charset utf-8 may be named", report.Minor, assumed, "200 with Content-Type "+
			"application/json; charset=utf-8", "Many clients send it.", charset),
		rule("PROV-612", "Other methods are refused", report.Minor, assumed, "4xx for GET, PUT and DELETE where the page "+
			"has none, and the checkout stays", "Answer 405 with Allow.", otherMethods),
		rule("PROV-613", "A huge body is refused", report.Minor, assumed, "4xx for a body of 4 MiB, or a connection that "+
			"is closed on it", "Bound what is read of a body, and answer 413.", hugeBody),
		rule("PROV-614", "A 429 says why and for how long", report.Minor, onIntro+"; that it has Retry-After is assumed",
			"`message` in the body, and Retry-After in seconds", "Clients wait as long as Retry-After says.", tooMany),
		rule("PROV-615", "A server fault says so in `message`", report.Minor, onIntro,
			"a JSON object with a `message` for every 5xx", "Answer every error with the same JSON body.", serverFaults),
		rule("PROV-616", "No answer repeats the secret", report.Major, assumed,
			"the merchant's secret in no answer of the whole run, redirectUrl included", "Answers are logged, and "+
				"redirectUrl goes to the customer.", noSecret),
	)
}

func saysJSON(p *probe) finding {
	m, reason := p.made.unpaid()
	if reason = noStatus(m, reason); reason != "" {
		return unjudged("%s", reason)
	}
	for _, x := range []*call{m.created, m.status} {
		if !x.isJSON() {
			return fail("%s: Content-Type %q", x.Title, cut(x.Answer().Header("Content-Type"))).by(x)
		}
	}
	return pass("%s", m.created.Answer().Header("Content-Type")).by(m.created, m.status)
}

// refusal is the answer to an order that has no callback.
func (p *probe) refusal() (x *call, reason string) {
	if reason := p.works(); reason != "" {
		return nil, reason
	}
	x = p.run.create(p.ctx, "create without what is required", order{})
	if !x.refused() {
		return x, "an empty order was not refused but answered with " + x.answered()
	}
	return x, ""
}

func invalidSaysWhy(p *probe) finding {
	x, reason := p.refusal()
	if reason != "" {
		return unjudged("%s", reason).by(x)
	}
	return saysWhy(x)
}

func errorSaysJSON(p *probe) finding {
	x, reason := p.refusal()
	if reason != "" {
		return unjudged("%s", reason).by(x)
	}
	if !x.isJSON() {
		return fail("Content-Type %q", cut(x.Answer().Header("Content-Type"))).by(x)
	}
	return pass("%s", x.Answer().Header("Content-Type")).by(x)
}

func errorForm(p *probe) finding {
	x, reason := p.refusal()
	switch {
	case reason != "":
		return unjudged("%s", reason).by(x)
	case x.values() == nil:
		return unjudged("its body is no JSON object").by(x)
	}

	for _, v := range x.faults() {
		if v.Field != "message" && v.In == "body" {
			return fail("%s", v).by(x)
		}
	}
	return pass("as assumed").by(x)
}

// sends makes creates with bodies that must be refused.
func (p *probe) sends(list ...request) finding {
	if reason := p.works(); reason != "" {
		return unjudged("%s", reason)
	}

	var all, wrong []*call
	var seen []string
	for _, q := range list {
		x := p.run.send(p.ctx, q)
		all = append(all, x)
		if !x.refused() {
			wrong, seen = append(wrong, x), append(seen, q.title+" was answered with "+x.answered())
		}
	}
	if len(wrong) > 0 {
		return fail("%s", strings.Join(seen, "; ")).by(wrong...)
	}

	return pass("refused").by(all...)
}

func bodies(list ...string) check {
	return func(p *probe) finding {
		var all []request
		for _, body := range list {
			all = append(all, p.run.creates("create with the body "+body, []byte(body)))
		}
		return p.sends(all...)
	}
}

func changedBody(what string, change func(b []byte) []byte) check {
	return func(p *probe) finding {
		return p.sends(p.run.creates("create with "+what, change(p.run.order().json())))
	}
}

// twice adds a second amount.
func twice(b []byte) []byte {
	return bytes.Replace(b, []byte(`"amount":25`), []byte(`"amount":25,"amount":2500`), 1)
}

func otherTypesRefused(p *probe) finding {
	text, form := p.run.creates("create as text/plain", p.run.order().json()), p.run.creates("create as a form",
		[]byte("orderId=ORD-1&amount=25&currency=TRY"))
	text.header = map[string]string{"Content-Type": "text/plain"}
	form.header = map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	return p.sends(text, form)
}

func charset(p *probe) finding {
	if reason := p.works(); reason != "" {
		return unjudged("%s", reason)
	}
	q := p.run.creates("create with a charset", p.run.order().json())
	q.header = map[string]string{"Content-Type": "application/json; charset=utf-8"}
	return taken(p.run.send(p.ctx, q))
}

func otherMethods(p *probe) finding {
	m, reason := p.made.unpaid()
	if reason = noStatus(m, reason); reason != "" {
		return unjudged("%s", reason)
	}

	list := p.run.creates("GET where orders are created", nil)
	list.method, list.op = http.MethodGet, nil
	all := []request{list}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		q := p.run.reads(method+" of a checkout", m.id)
		q.method, q.op = method, nil
		all = append(all, q)
	}

	for _, q := range all {
		if x := p.run.send(p.ctx, q); x.Answer().Status < 400 || x.Answer().Status >= 500 {
			return fail("%s was answered with %s", q.title, x.answered()).by(x)
		}
	}
	if x := p.run.read(p.ctx, "status afterwards", m.id); x.Answer().Status != http.StatusOK {
		return fail("afterwards the checkout was answered with %s", x.answered()).by(m.status, x)
	}

	return pass("4xx, and the checkout is still there")
}

// hugeSize is more than any order needs.
const hugeSize = 4 << 20

func hugeBody(p *probe) finding {
	if reason := p.works(); reason != "" {
		return unjudged("%s", reason)
	}

	q := p.run.creates("create with a body of 4 MiB", append(bytes.Repeat([]byte(" "), hugeSize), p.run.order().json()...))
	q.asks = true
	x := p.run.send(p.ctx, q)
	x.Request.Body = []byte("(4 MiB of spaces, then an order)")
	switch {
	case x.err != nil && !timedOut(x.err):
		return pass("the connection was closed").by(x)
	case !x.refused():
		return fail("%s", x.answered()).by(x)
	}
	return pass("%s", x.answered()).by(x)
}

// ordered creates a checkout under a scenario of payporter-mock.
func (p *probe) ordered(scenario string) *call {
	q := p.run.creates("create under the scenario "+scenario, p.run.order().json())
	q.once, q.header = true, map[string]string{"X-Mock-Scenario": scenario}
	return p.run.send(p.ctx, q)
}

func tooMany(p *probe) finding {
	if p.run.Sandbox {
		p.ordered("rate-limited")
	}

	for _, x := range p.run.seen() {
		if x.Answer().Status != http.StatusTooManyRequests {
			continue
		}
		if f := saysWhy(x); f.Result != report.Passed {
			return f
		}
		if after := x.Answer().Header("Retry-After"); after == "" || strings.Trim(after, "0123456789") != "" {
			return fail("Retry-After %q", cut(after)).by(x)
		}
		return pass("%s", x.answered()).by(x)
	}

	return unjudged("the server asked for no patience, and this run does not provoke it")
}

func serverFaults(p *probe) finding {
	if p.run.Sandbox {
		if created := p.ordered("status-500-then-ok"); created.text("checkoutId") != "" {
			p.run.read(p.ctx, "status under the scenario status-500-then-ok", created.text("checkoutId"))
		}
	}

	var seen *call
	for _, x := range p.run.seen() {
		if x.Answer().Status < 500 {
			continue
		}
		if f := saysWhy(x); f.Result != report.Passed {
			return f
		}
		seen = x
	}

	if seen == nil {
		return unjudged("the server had no fault, and this run does not provoke one")
	}

	return pass("%s", seen.answered()).by(seen)
}

func noSecret(p *probe) finding {
	all := p.run.seen()
	for _, x := range all {
		if contains(x.Answer().Body, p.run.APISecret) {
			return fail("it is in the answer to: %s", x.Title).by(x)
		}
		for _, values := range x.Answer().Headers {
			if strings.Contains(strings.Join(values, " "), p.run.APISecret) {
				return fail("it is in a header of the answer to: %s", x.Title).by(x)
			}
		}
	}
	return pass("in none of %d answers", len(all))
}
