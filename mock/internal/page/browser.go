package page

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/url"
	"regexp"
)

// backToShop is the callback that the customer's browser brings: a form for the callback URL. It is
// there for scenarios whose callback goes by the browser, the habit of some Turkish gateways.
type backToShop struct {
	At, CheckoutID string
	Script         template.JS // sends the form by itself, where scripts run; empty: the customer presses the button
	allowed        string      // what the form may be sent to, as a Content-Security-Policy says it
	scriptHash     string
}

// sendItself is the one script inside a page. It is a constant, so the policy can name its hash.
const sendItself = `document.querySelector('[data-testid="return-form"]').submit()`

// back is the form that the checkout's scenario wants; nil when the browser has nothing to tell. A
// result is sent by itself, a form that can still be paid is not left without the customer's will.
func (x *exchange) back() *backToShop {
	at, id, ok, err := x.merchant.BrowserCallback(x.request.Context(), x.checkout)
	if err != nil || !ok { // the customer can still close the page
		return nil
	}
	b := &backToShop{At: at, CheckoutID: id, allowed: formTarget(at)}
	if !x.checkout.Payable() {
		sum := sha256.Sum256([]byte(sendItself))
		b.Script, b.scriptHash = sendItself, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"
	}
	return b
}

// plainHost is a host as a policy can name it.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.\-\[\]:]+$`)

// formTarget is the origin of a callback URL; a host that a policy cannot name is let in by its
// scheme alone. The URL was checked when the checkout was made.
func formTarget(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return ""
	}
	if !plainHost.MatchString(u.Host) {
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + u.Host
}

// policy is the Content-Security-Policy of a page. Nothing but the sandbox's own script and style
// is loaded or runs, and nothing is framed, whatever a merchant puts into an order; only the way
// back to the shop opens it by what it needs.
func policy(b *backToShop) string {
	script, form := "'self'", "'self'"
	if b != nil {
		form += " " + b.allowed
		if b.scriptHash != "" {
			script += " " + b.scriptHash
		}
	}
	return "default-src 'none'; style-src 'self'; script-src " + script + "; form-action " + form + "; base-uri 'none'; frame-ancestors 'none'"
}
