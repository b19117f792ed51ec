package page

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/url"
	"strings"
)

// backToShop is the callback that the customer's browser brings: a form for the callback URL. It is
// there for scenarios whose callback goes by the browser, the habit of some Turkish gateways.
type backToShop struct {
	At         string
	Fields     []hidden
	Script     template.JS // sends the form by itself, where scripts run; empty: the customer presses the button
	scriptHash string
}

// hidden is a field that a form sends along.
type hidden struct{ Name, Value string }

// sendItself is the one script inside a page. It is a constant, so the policy can name its hash.
const sendItself = `document.querySelector('[data-testid="return-form"]').submit()`

// back is the form that the checkout's scenario wants; nil when the browser has nothing to tell. A
// result is sent by itself, a form that can still be paid is not left without the customer's will.
func (x *call) back() *backToShop {
	at, id, ok, err := x.merchant.BrowserCallback(x.request.Context(), x.checkout.ID)
	if err != nil || !ok || x.isHere(at) { // the customer can still close the page
		return nil
	}

	b := &backToShop{At: at}
	if id != "" {
		b.Fields = []hidden{{"checkoutId", id}}
	}
	if !x.checkout.Payable() {
		b.sendItself()
	}
	return b
}

// sendItself lets the form be sent without the customer, where scripts run.
func (b *backToShop) sendItself() {
	sum := sha256.Sum256([]byte(sendItself))
	b.Script, b.scriptHash = sendItself, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"
}

// isHere reports whether a callback URL is of this page's own origin. To a browser, a form for it comes from the
// sandbox's own dashboard.
func (x *call) isHere(callback string) bool {
	there, err := url.Parse(callback)
	return err == nil && strings.EqualFold(there.Host, x.request.Host)
}

// policy is the Content-Security-Policy of a page. Nothing but the sandbox's own script and style
// is loaded or runs, and nothing is framed, whatever a merchant puts into an order; only the way
// back to the shop opens it by what it needs. Who may frame the page itself is a setting.
func (p *page) policy(b *backToShop) string {
	script, form := "'self'", "'self'"
	if b != nil {
		form += " http: https:" // a shop may send the customer on, and a policy is asked of that, too
		if b.scriptHash != "" {
			script += " " + b.scriptHash
		}
	}
	return "default-src 'none'; style-src 'self'; script-src " + script + "; form-action " + form +
		"; base-uri 'none'; frame-ancestors " +
		cmp.Or(strings.Join(p.FrameAncestors, " "), "'none'")
}
