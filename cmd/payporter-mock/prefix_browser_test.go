package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// prefixed is a sandbox below /pay of a proxy, which takes that path away.
type prefixed struct {
	sandbox
	direct sandbox // the same one at its own address
}

func serveBelowPay(t *testing.T, args ...string) prefixed {
	t.Helper()
	var target *url.URL
	reverse := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
	mux := http.NewServeMux()
	mux.Handle("/pay", http.StripPrefix("/pay", reverse))
	mux.Handle("/pay/", http.StripPrefix("/pay", reverse))
	proxy := httptest.NewServer(mux)
	t.Cleanup(proxy.Close)
	direct := serve(t, append(args, "--public-url", proxy.URL+"/pay")...)
	var err error
	target, err = url.Parse(direct.url)
	require.NoError(t, err)
	return prefixed{sandbox{process: direct.process, url: proxy.URL + "/pay"}, direct}
}

// watch notes what the visitor's browser asks for and does not get, and what it asks for outside of base.
func (v *visitor) watch(base string) (faults func() []string) {
	v.t.Helper()
	var mu sync.Mutex
	var found []string
	require.NoError(v.t, chromedp.Listen(v.ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if at := e.Request.URL; !strings.HasPrefix(at, base) && !strings.HasPrefix(at, "data:") {
				found = append(found, "outside: "+at)
			}
		case *network.EventResponseReceived:
			if e.Response.Status >= 400 {
				found = append(found, fmt.Sprint(e.Response.Status, " ", e.Response.URL))
			}
		}
	}))
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(found)
	}
}

// TestBelowAPath is everything that a browser can do, once through a proxy that serves the sandbox below a path, and
// once at the sandbox's own address, where the same pages are.
func TestBelowAPath(t *testing.T) {
	t.Parallel()
	s := serveBelowPay(t)
	locked := serveBelowPay(t, "--admin-token", "an-admin-token-of-some-length")
	ways := map[string]struct{ open, locked sandbox }{
		"through the proxy": {s.sandbox, locked.sandbox}, "at its own address": {s.direct, locked.direct},
	}
	for _, way := range extent.First(1, "through the proxy", "at its own address") {
		at := ways[way]
		for name, flow := range map[string]func(t *testing.T, v *visitor){
			"a customer pays":          payBelowAPath,
			"without JavaScript":       withoutScriptsBelowAPath,
			"the dashboard drives":     driveBelowAPath,
			"the reference is read":    readBelowAPath,
			"who comes to the root":    greetedBelowAPath,
			"the log-in lets somebody": logInBelowAPath,
		} {
			t.Run(name+" "+way, func(t *testing.T) {
				t.Parallel()
				if name != "a customer pays" && name != "the dashboard drives" {
					extent.NotQuick(t, "one more flow in a browser; others stay")
				}
				m := merchant{at.open, "test_" + strings.NewReplacer(" ", "_", "-", "").Replace(name+way)}
				if strings.HasPrefix(name, "the log-in") {
					m = merchant{at.locked, "test_key"}
				}
				v := newVisitor(t, m)
				faults := v.watch(m.sandbox.url)
				flow(t, v)
				require.Empty(t, faults())
				v.quiet()
			})
		}
	}
}

// link is where the checkout is paid, as the browser of this test sees it.
func (v *visitor) link(id string) string { return v.sandbox.url + "/checkout-link/" + id }

// fillIn types a card into the hosted page.
func (v *visitor) fillIn(card string) {
	v.t.Helper()
	for _, field := range [][2]string{
		{"pan", card},
		{"card-holder-name", "AYSE YILMAZ"},
		{"expiry", expiry()},
		{"cvv", "123"},
	} {
		v.do(chromedp.WaitVisible(testID(field[0])), chromedp.SendKeys(testID(field[0]), field[1]))
	}
}

const askedCard = "4000002760003184" // its bank asks for a code, and then takes the payment

func payBelowAPath(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.do(chromedp.Navigate(v.link(id)), chromedp.WaitVisible(testID("pay-form")))
	v.do(chromedp.Click(testID("language")), chromedp.WaitVisible(chromedp.CSS("html[lang=tr] [data-testid=pay-form]")))
	v.fillIn(askedCard)
	v.do(chromedp.Click(testID("pay")), chromedp.WaitVisible(testID("bank")))
	v.do(chromedp.Click(testID("language")), chromedp.WaitVisible(chromedp.CSS("html[lang=en] [data-testid=bank-code]")))
	v.do(chromedp.SendKeys(testID("bank-code"), "000000"), chromedp.Click(testID("bank-confirm")),
		chromedp.WaitVisible(testID("bank-error")))
	v.do(chromedp.SendKeys(testID("bank-code"), "123456"), chromedp.Click(testID("bank-confirm")),
		chromedp.WaitVisible(testID("result")))
	require.Equal(t, "PAID", evaluate[string](v, `document.querySelector('[data-testid=result]').dataset.state`))
	v.do(chromedp.Click(testID("language")), chromedp.WaitVisible(chromedp.CSS("html[lang=tr] [data-testid=result]")))
	require.True(t, evaluate[bool](v, `getComputedStyle(document.body).margin === '0px'`), "the stylesheet is in force")
}

func withoutScriptsBelowAPath(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.withoutJavaScript()
	v.do(chromedp.Navigate(v.link(id)), chromedp.WaitVisible(testID("pay-form")))
	v.do(chromedp.Click(testID("test-cards-summary")), chromedp.Click(testID("test-card-"+poorCard)))
	v.do(chromedp.WaitVisible(chromedp.CSS(`[data-testid=pan][value^="4111"]`)))
	v.do(chromedp.Click(testID("pay")), chromedp.WaitVisible(testID("declined")))
	v.do(chromedp.Click(testID("cancel")), chromedp.WaitVisible(testID("result")))

	other := v.creates(t, "ORD-2")
	v.open("checkouts/" + other)
	v.do(chromedp.Click(testID("pay-submit")), chromedp.WaitVisible(testID("outcome-words")))
	require.Contains(t, v.text("outcome-words"), "PAID")
}

func driveBelowAPath(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.visit("")
	v.do(chromedp.Click(testID("checkout-link")), chromedp.WaitVisible(testID("pay-submit")))
	v.do(chromedp.WaitVisible(chromedp.CSS(`body[data-live=on]`)))
	require.Contains(t, v.text("pay-curl-text")+
		evaluate[string](v, `document.querySelector('[data-testid=pay-curl-text]').textContent`),
		"'"+v.sandbox.url+"/_mock/checkouts/"+id+"/pay?")
	v.click("pay-submit")
	v.reads("pay-outcome", "PAID")
	v.reads("state", "PAID")
	v.fill("pay-card", poorCard) // asks for the curl anew, and the form is another one by now
	v.sees(`document.querySelector('[data-testid=pay-curl-text]').textContent.includes('` + v.sandbox.url + `/_mock/')`)
	v.click("pay-submit")
	v.reads("pay-outcome", "409")
	for _, page := range []string{"journal", "scenarios", "sandbox", "violations", "coverage", "checkouts"} {
		v.do(chromedp.Click(testID("nav-"+page)), chromedp.WaitVisible(chromedp.CSS(`body[data-live=on] [data-testid="nav-`+
			page+`"][aria-current]`)))
	}
	v.fill("search", "nobody")
	v.do(chromedp.WaitVisible(testID("clear")), chromedp.Click(testID("clear")), chromedp.WaitVisible(testID("checkout")))
	v.fill("merchant", "test_key")
	v.sees(`location.search.includes('merchant=test_key')`)

	open := v.creates(t, "ORD-2")
	v.visit("checkouts/" + open)
	v.do(chromedp.Click(testID("hosted-page")), chromedp.WaitVisible(testID("pay-form")))
	status, svg := request(t, http.MethodGet, v.sandbox.url+"/_mock/ui/checkouts/"+id+"/sequence.svg?merchant="+v.key,
		formType, "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, string(svg), "<svg")
}

// readBelowAPath reads both descriptions and tries a call out: its address is what the description says of its server.
func readBelowAPath(t *testing.T, v *visitor) {
	for _, path := range []string{"/docs", "/docs/control"} {
		v.do(chromedp.Navigate(v.sandbox.url + path))
		v.do(chromedp.WaitVisible(chromedp.CSS(`[id$="-` + map[string]string{
			"/docs":         "getCheckout",
			"/docs/control": "getHealth",
		}[path] + `"]`)))
	}
	v.do(chromedp.Click(chromedp.CSS(`[id$="-getHealth"] button`)),
		chromedp.Click(chromedp.CSS(`[id$="-getHealth"] .execute`)))
	v.sees(`document.querySelector('[id$="-getHealth"]').innerText.includes('"version": "dev"')`) // no example says so
	require.Contains(t, evaluate[string](v, `document.querySelector('[id$="-getHealth"] .request-url').textContent`),
		v.sandbox.url+"/_mock/health")
	v.do(chromedp.Click(chromedp.CSS(`nav a`)), chromedp.WaitVisible(chromedp.CSS(`[id$="-getCheckout"]`)))
}

func greetedBelowAPath(t *testing.T, v *visitor) {
	for _, path := range []string{"/", "", "/_mock/ui"} {
		v.do(chromedp.Navigate(v.sandbox.url+path), chromedp.WaitVisible(testID("nav-checkouts")))
		require.Equal(t, v.sandbox.url+"/_mock/ui/", evaluate[string](v, `location.href`))
	}
}

func logInBelowAPath(t *testing.T, v *visitor) {
	v.do(chromedp.Navigate(v.sandbox.url+"/_mock/ui/journal?kind=create"), chromedp.WaitVisible(testID("token")))
	v.do(chromedp.SendKeys(testID("token"), "an-admin-token-of-some-length"), chromedp.Click(testID("login-submit")))
	v.do(chromedp.WaitVisible(chromedp.CSS(`body[data-live=on] [data-testid=nav-journal]`)))
	require.Equal(t, v.sandbox.url+"/_mock/ui/journal?kind=create", evaluate[string](v, `location.href`))
	v.do(chromedp.Click(testID("nav-sandbox")), chromedp.WaitVisible(testID("freeze-submit")),
		chromedp.Click(testID("freeze-submit")))
	v.reads("clock-state", "frozen")
	v.do(chromedp.Click(testID("logout")), chromedp.WaitVisible(testID("token")))
	v.do(chromedp.Navigate(v.sandbox.url+"/_mock/ui/"), chromedp.WaitVisible(testID("token")))
}
