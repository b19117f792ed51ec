package provider

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func callbackRules() []row {
	rule := func(id, title string, severity report.Severity, source, expected, advice string, c check) row {
		return row{ID: id, Title: title, Severity: severity, Source: source, Expected: expected, Advice: advice, Judge: c}
	}
	return family("CALLBACK",
		rule("PROV-501", "A callback follows a payment that was made", report.Critical, onCheckout,
			"a request to the order's callback URL once the payment is processed", "Without it merchants do not learn that "+
				"they were paid. If the receiver cannot be reached from the server, announce another address with --callback-url.",
			arrives((*probe).paid)),
		rule("PROV-502", "A callback follows a payment that failed", report.Major, onCheckout,
			"a request to the order's callback URL once the payment is processed", "The page says: success or failure.",
			arrives((*probe).declined)),
		rule("PROV-503", "The callback is a POST", report.Major, onCheckout,
			"the method POST", "Merchants listen for POST and for nothing else.", called(isPOST)),
		rule("PROV-504", "The callback is a form", report.Major, onCheckout,
			"Content-Type application/x-www-form-urlencoded", "The page says: as form data.", called(isForm)),
		rule("PROV-505", "The callback carries a checkoutId", report.Critical, onCheckout,
			"the field checkoutId, a UUID", "Merchants read checkoutId from the form.", called(carriesID)),
		rule("PROV-506", "The callback is about the checkout that was paid", report.Critical, onCheckout,
			"the checkoutId that the create of this order answered", "Send the id of the checkout whose payment was processed.",
			called(isAboutIt)),
		rule("PROV-507", "The status is final when the callback arrives", report.Major, onCheckout,
			"SUCCESS or FAILED to a GET that is made before the callback is answered", "Book the payment first, then call: "+
				"merchants ask at once and only once.", isFinal),
		rule("PROV-508", "The callback URL is called as it was given", report.Major, onCheckout,
			"the path and the query that the create named", "Merchants put their order's number into either.", called(asGiven)),
		rule("PROV-509", "The callback tells no secret", report.Major, assumed,
			"neither the merchant's secret nor a whole card number in the callback", "The callback goes through many logs; "+
				"the checkoutId is all it needs.", tellsNoSecret),
		rule("PROV-510", "Nobody is called about what nobody paid", report.Major, onCheckout,
			"no callback for an order that was neither paid nor refused by a bank", "Call once the payment is processed.",
			noneUnpaid),
	)
}

func arrives(end func(*probe) (*made, string)) check {
	return func(p *probe) finding {
		m, reason := end(p)
		if reason != "" {
			return unjudged("%s", reason)
		}
		if calls := p.receiver.received(m.order.name()); len(calls) > 0 {
			return pass("%s %s", calls[0].Request.Method, calls[0].Request.Header("Content-Type")).by(calls[0])
		}
		return fail("none came within %s", p.Patience).by(m.created, m.status)
	}
}

// called looks at the callback of whichever payment had one.
func called(look func(p *probe, m *made, c *call) finding) check {
	return func(p *probe) finding {
		why := "no callback came"
		for _, end := range []func() (*made, string){p.paid, p.declined} {
			m, reason := end()
			if reason != "" {
				why = reason
				continue
			}
			if calls := p.receiver.received(m.order.name()); len(calls) > 0 {
				return look(p, m, calls[0])
			}
		}
		return unjudged("%s", why)
	}
}

func isPOST(_ *probe, _ *made, c *call) finding {
	if c.Request.Method != http.MethodPost {
		return fail("%s", c.Request.Method).by(c)
	}
	return pass("POST").by(c)
}

func isForm(p *probe, _ *made, c *call) finding {
	if c.Request.Method != http.MethodPost {
		return unjudged("it was no POST").by(c)
	}
	if fault, faulty := p.callbackOp.CheckContentType(c.Request.Header("Content-Type")); faulty {
		return fail("%s", fault).by(c)
	}
	return pass("%s", c.Request.Header("Content-Type")).by(c)
}

// form is what the callback carries, if it is a form.
func (p *probe) form(c *call) (url.Values, finding) {
	if f := isForm(p, nil, c); f.Result != report.Passed {
		return nil, unjudged("it was no form").by(c)
	}
	values, err := url.ParseQuery(string(c.Request.Body))
	if err != nil {
		return nil, fail("the form cannot be read: %s", cut(err.Error())).by(c)
	}
	return values, pass("it is a form")
}

func carriesID(p *probe, _ *made, c *call) finding {
	form, f := p.form(c)
	if f.Result != report.Passed {
		return f
	}
	for _, v := range p.callbackOp.CheckForm(form) {
		if v.Rule == "required" || form.Get("checkoutId") == "" {
			return fail("%s", v).by(c)
		}
	}
	return pass("it is there").by(c)
}

func isAboutIt(p *probe, m *made, c *call) finding {
	form, f := p.form(c)
	if f.Result != report.Passed || form.Get("checkoutId") == "" {
		return unjudged("there is no checkoutId to compare").by(c)
	}
	if got := form.Get("checkoutId"); got != m.id || len(form["checkoutId"]) > 1 {
		return fail("checkoutId %q instead of %q", strings.Join(form["checkoutId"], ", "), m.id).by(m.created, c)
	}
	return pass("the same checkoutId").by(c)
}

func isFinal(p *probe) finding {
	return called(func(p *probe, m *made, c *call) finding {
		x := m.whenCalled()
		switch {
		case x == nil || x.Answer().Status != http.StatusOK:
			return unjudged("the status could not be asked for").by(c, x)
		case pending(x.text("status")):
			return fail("%s while the callback waited for its answer", x.text("status")).by(c, x)
		}
		return pass("%s", x.text("status")).by(c, x)
	})(p)
}

func asGiven(p *probe, m *made, c *call) finding {
	given, err := url.Parse(m.order.text("callback"))
	if err != nil {
		return unjudged("the callback URL cannot be read")
	}
	got, err := url.Parse(c.Request.URL)
	if err != nil || got.RawQuery != given.RawQuery {
		return fail("%q instead of %q", cut(c.Request.URL), cut(given.RequestURI())).by(m.created, c)
	}
	return pass("%s", cut(c.Request.URL)).by(c)
}

func tellsNoSecret(p *probe) finding {
	count := 0
	for _, end := range []func() (*made, string){p.paid, p.declined} {
		m, reason := end()
		if noStatus(m, reason) != "" {
			continue
		}
		for _, c := range p.receiver.received(m.order.name()) {
			count++
			sent := c.Request.URL + "\n" + string(c.Request.Body)
			if strings.Contains(sent, p.APISecret) {
				return fail("the merchant's secret is in it").by(c)
			}
			if showsWhole(m.status.text("pan"), sent) {
				return fail("the whole number of the card is in it").by(c)
			}
		}
	}

	if count == 0 {
		return unjudged("no callback came of a checkout whose status is known")
	}

	return pass("neither, in %d callbacks", count)
}

func noneUnpaid(p *probe) finding {
	if p.Pay == nil {
		return unjudged(needsPayer + ", without whose callback nothing says that one could arrive: name " +
			"a --pay-hook")
	}

	for _, end := range []func() (*made, string){p.paid, p.declined} {
		if _, reason := end(); reason != "" {
			return unjudged("%s", reason)
		}
	}

	p.receiver.Lock()
	calls := slices.Clone(p.receiver.Calls)
	p.receiver.Unlock()
	for _, c := range calls {
		p.mu.Lock()
		paying := p.paying[c.order] != nil
		p.mu.Unlock()
		if !paying {
			return fail("a callback came for an order that nobody paid").by(p.receiver.received(c.order)...)
		}
	}

	if len(calls) == 0 {
		return unjudged("no callback came at all")
	}

	return pass("%d callbacks, all for what was paid or declined", len(calls))
}
