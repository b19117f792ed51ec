package provider

import (
	"bytes"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// creators is how many create at the same time, in the one rule about that, and atOnce what they say.
const (
	creators = 6
	atOnce   = "one of several at once"
)

func createRules() []row {
	return family("CREATE",
		row{
			ID: "PROV-101", Title: "The smallest order is taken", Severity: report.Critical, Source: onCheckout,
			Expected: "200 for orderId, amount, currency and callback", Advice: "If it is a 401, the credentials given to " +
				"this run are wrong; otherwise do not require what the page calls optional.",
			Judge: firstIsTaken,
		},
		row{
			ID: "PROV-102", Title: "An order with every field is taken", Severity: report.Critical, Source: onCheckout,
			Expected: "200 for the page's own example with a customerId", Advice: "Take every field of the page's table.",
			Judge: wholeIsTaken,
		},
		row{
			ID: "PROV-103", Title: "The answer has a checkoutId and a redirectUrl", Severity: report.Critical,
			Source:   onCheckout,
			Expected: "a JSON object with checkoutId and redirectUrl, both text", Advice: "Answer both, as in the " +
				"page's example.",
			Judge: answersBoth,
		},
		row{
			ID: "PROV-104", Title: "checkoutId is a UUID", Severity: report.Major, Source: onCheckout,
			Expected: "a UUID as the page's example has it", Advice: "Merchants keep it in columns of that type.",
			Judge: idIsUUID,
		},
		row{
			ID: "PROV-105", Title: "redirectUrl leads to the page of this checkout", Severity: report.Critical,
			Source:   onCheckout + "; that a sandbox may use http is assumed",
			Expected: "https://<host>/checkout-link/<checkoutId>, or http, with the checkoutId of the same answer",
			Advice:   "End redirectUrl in /checkout-link/ and the checkoutId that is answered beside it.",
			Judge:    redirectURLHasShape,
		},
		row{
			ID: "PROV-106", Title: "redirectUrl opens a page", Severity: report.Major, Source: onCheckout,
			Expected: "200 to a GET without credentials, if redirectUrl is on the server that is judged",
			Advice:   "Serve the payment page at redirectUrl to everybody who has the link.",
			Judge:    redirectURLOpens,
		},
		row{
			ID: "PROV-107", Title: "Orders that come at the same time get checkouts of their own", Severity: report.Critical,
			Source:   onCheckout,
			Expected: "200 and another checkoutId for each of six orders sent at once", Advice: "Draw ids from a source that " +
				"is safe for concurrent use.",
			Judge: distinctIDs,
		},
		row{
			ID: "PROV-108", Title: "A repeated orderId gets a checkout of its own or is refused", Severity: report.Minor,
			Source:   assumed,
			Expected: "200 with another checkoutId, or 406", Advice: "Decide whether an order may have several checkouts, " +
				"and say so with 406 if it may not.",
			Judge: repeatedOrder,
		},
		row{
			ID: "PROV-109", Title: "Unknown fields are ignored", Severity: report.Minor, Source: assumed,
			Expected: "200 for an order with a field that the page does not name", Advice: "Ignore what you do not know, so " +
				"that merchants can move between versions.",
			Judge: func(p *probe) finding {
				return p.takes("an unknown field", p.order().with("x-unknown-field", "anything"))
			},
		},
		row{
			ID: "PROV-110", Title: "null in an optional field counts as absent", Severity: report.Advisory, Source: assumed,
			Expected: "200 for an order whose optional fields are all null", Advice: "Many clients send null for what " +
				"they leave out.",
			Judge: nullIsAbsent,
		},
	)
}

// takes wants an order to be taken, if any is.
// firstIsTaken judges the very first answer of the server, too.
func firstIsTaken(p *probe) finding {
	if x := p.unanswered; x != nil {
		return fail("the first create got %s; the next one was answered: %s", x.answered(), p.first.answered()).
			by(x, p.first)
	}
	return taken(p.first)
}

func (p *probe) takes(what string, o order) finding {
	if reason := p.works(); reason != "" {
		return unjudged("%s", reason)
	}
	return taken(p.create(p.ctx, "create with "+what, o))
}

func wholeIsTaken(p *probe) finding {
	m, reason := p.whole()
	if m.created.Answer().Status != http.StatusOK {
		if known := p.works(); known != "" {
			return unjudged("%s", known)
		}
		return fail("%s", reason).by(m.created)
	}
	return pass("200").by(m.created)
}

// oneAnswer is the first create, if it was answered with 200.
func (p *probe) oneAnswer() (x *call, reason string) {
	if p.first.Answer().Status != http.StatusOK {
		return p.first, "a create was not answered with 200 but: " + p.first.answered()
	}
	return p.first, ""
}

func answersBoth(p *probe) finding {
	x, reason := p.oneAnswer()
	if reason != "" {
		return unjudged("%s", reason)
	}
	for _, name := range []string{"checkoutId", "redirectUrl"} {
		if x.text(name) == "" {
			return fail("200 without a %s that is text", name).by(x)
		}
	}
	return pass("both are there").by(x)
}

func idIsUUID(p *probe) finding {
	x, reason := p.oneAnswer()
	if reason != "" || x.text("checkoutId") == "" {
		return unjudged("there was no checkoutId to look at")
	}
	return fieldFaults(x, "checkoutId")
}

// fieldFaults tells what the document finds wrong with these properties of an answer.
func fieldFaults(x *call, names ...string) finding {
	for _, v := range x.faults() {
		if name, _, _ := strings.Cut(v.Field, "."); slices.Contains(names, name) {
			return fail("%s", v).by(x)
		}
	}
	return pass("%s as documented", strings.Join(names, ", ")).by(x)
}

func redirectURLHasShape(p *probe) finding {
	x, reason := p.oneAnswer()
	given, id := x.text("redirectUrl"), x.text("checkoutId")
	if reason != "" || given == "" || id == "" {
		return unjudged("there was no redirectUrl with its checkoutId to look at")
	}

	u, err := url.Parse(given)
	switch {
	case err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil:
		return fail("%q is no absolute http or https URL", cut(given)).by(x)
	case u.RawQuery != "" || u.Fragment != "" || path.Base(path.Dir(u.Path)) != "checkout-link" || path.Base(u.Path) != id:
		return fail("%q does not end in /checkout-link/%s", cut(given), cut(id)).by(x)
	}
	return pass("%s", cut(given)).by(x)
}

func redirectURLOpens(p *probe) finding {
	x, reason := p.oneAnswer()
	given := x.text("redirectUrl")
	if reason != "" || given == "" {
		return unjudged("there was no redirectUrl to look at")
	}

	rest, here := strings.CutPrefix(given, p.BaseURL+"/")
	if !here {
		return unjudged("redirectUrl is not under %s, and requests go nowhere else", p.BaseURL)
	}
	page := p.send(p.ctx, request{
		title: "a customer opens redirectUrl", method: http.MethodGet, path: "/" + rest,
		header: map[string]string{"Accept": "text/html"},
	})
	if page.Answer().Status != http.StatusOK {
		return fail("the page was answered with %s", page.answered()).by(x, page)
	}

	return pass("200").by(x, page)
}

func distinctIDs(p *probe) finding {
	if reason := p.works(); reason != "" {
		return unjudged("%s", reason)
	}

	var all sync.WaitGroup
	made := make([]*call, creators)
	for i := range made {
		o := p.order().with("description", atOnce)
		all.Go(func() { made[i] = p.create(p.ctx, "create among others", o) })
	}

	all.Wait()
	seen := map[string]*call{}
	for _, x := range made {
		id := x.text("checkoutId")
		switch {
		case x.Answer().Status != http.StatusOK:
			return fail("one of %d creates at once was answered with %s", creators, x.answered()).by(x)
		case id == "":
			return unjudged("a create was answered without a checkoutId").by(x)
		case seen[id] != nil:
			return fail("two of %d creates at once got the same checkoutId", creators).by(seen[id], x)
		}
		seen[id] = x
	}

	return pass("%d creates, %d ids", creators, len(seen)).by(made...)
}

func repeatedOrder(p *probe) finding {
	m, reason := p.unpaid()
	if reason != "" {
		return unjudged("%s", reason)
	}

	x := p.create(p.ctx, "create for the same order again", p.order().with("orderId", m.order["orderId"]))
	switch {
	case x.Answer().Status == http.StatusNotAcceptable:
		return pass("406").by(m.created, x)
	case x.Answer().Status == http.StatusOK && x.text("checkoutId") != m.id:
		return pass("200 with another checkoutId").by(m.created, x)
	case x.Answer().Status == http.StatusOK:
		return fail("200 with the same checkoutId").by(m.created, x)
	}
	return fail("%s", x.answered()).by(m.created, x)
}

func nullIsAbsent(p *probe) finding {
	o := p.order()
	for _, property := range p.createOp.Properties() {
		if property.Nullable {
			o = o.with(property.Name, nil)
		}
	}
	return p.takes("null in every optional field", o)
}

func contains(body []byte, text string) bool { return text != "" && bytes.Contains(body, []byte(text)) }
