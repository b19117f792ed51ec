package merchant

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// openRedirectRules are about pages of the shop that send a customer wherever their address says.
func openRedirectRules() []row {
	return []row{{
		ID: "TRUST-032", Title: "The shop's own pages lead nowhere that their address names", Severity: report.Advisory,
		Source: "assumed: who sends a customer a link to the shop chooses what is in its query",
		Expected: "The pages that the shop leads a customer through, its return page and its page of the order are opened " +
			"with the address of a stranger in next, url, redirect, return and the like. None sends the customer there.",
		Advice: "Do not take from the query where a customer goes next. Keep redirectUrl with the order, and send the " +
			"customer there by the order's number. If an address must be in the query, compare it with a list of your own.",
		Judge: judgeOpenRedirect,
	}}
}

// strange is a host that is neither the shop's nor PayPorter's.
const strange = "stranger.example"

// leadsAway are the names under which pages take the address that they lead to.
var leadsAway = []string{
	"next", "url", "redirect", "redirect_url", "redirectUrl", "redirect_uri", "return", "return_url", "returnUrl",
	"return_to", "returnTo", "continue", "to", "target", "goto", "dest", "destination", "back", "successUrl",
}

func judgeOpenRedirect(t *trial) {
	o := t.order()
	tried := 0
	visit := func(pages []shop.Post) {
		for _, page := range pages {
			for _, address := range []string{"https://" + strange + "/pay", "//" + strange + "/pay"} {
				a := t.shop.ComeBack(o, page.Named(leadsAway, address))
				if how := sendsTo(a); how != "" {
					t.concerns(o)
					rule.Fail("the shop's page %s took %s from its query, and sends the customer there: %s", page.Path(), address,
						how)
				}
				tried++
			}
		}
	}

	visit(t.shop.WayPages(o))
	if t.facts.paid {
		t.shop.Pay(o)
		t.watch.Told(o, 1)
	}
	visit(t.shop.ReturnPages(o))
	if tried == 0 {
		rule.NotEvaluable("the shop has no page that a customer opens and that can be seen from here")
	}
	t.saw("asked %s with a stranger's address in the query, no page sends the customer there", times(tried))
}

// leads is how a page sends a customer to the stranger by itself, or by its links and forms.
var leads = regexp.MustCompile(`(?i)` +
	`((\burl|\bhref|\baction|\blocation)\s*=\s*["']?|\blocation\.(assign|replace)\(\s*["'])` +
	`\s*(https?:)?//` + regexp.QuoteMeta(strange))

// sendsTo is how an answer sends the customer to the stranger; empty: it does not.
func sendsTo(a exchange.Message) string {
	to, err := url.Parse(strings.TrimSpace(a.Header("Location")))
	if a.Status >= 300 && a.Status < 400 && err == nil && to.Hostname() == strange {
		return "Location: " + to.String()
	}
	if refresh := a.Header("Refresh"); leads.MatchString(refresh) {
		return "Refresh: " + refresh
	}
	if html := strings.Contains(a.Header("Content-Type"), "html"); html {
		return leads.FindString(strings.ReplaceAll(string(a.Body), `\/`, "/"))
	}
	return ""
}
