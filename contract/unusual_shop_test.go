package contract_test

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

const polls = "ignores callbacks, and polls"

// unusualShops are right, and made in a way that few shops are.
var unusualShops = map[string]func(*testing.T) contract.Config{
	"acknowledges first, and asks in a worker": func(t *testing.T) contract.Config {
		s := &shop{}
		return unusually(t, s, acknowledging{s})
	},
	"shares nothing between requests but its orders": func(t *testing.T) contract.Config {
		s := &shop{client: &http.Client{
			Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: staysHere.CheckRedirect,
		}}
		return unusually(t, s, forgetsConnections{s})
	},
	"has HTML forms with a session and a token": withForms,
	"has a callback address for each order": func(t *testing.T) contract.Config {
		return configFor(t, &shop{ownCallbacks: true})
	},
	polls: func(t *testing.T) contract.Config {
		s := &shop{}
		p := &poller{shop: s}
		s.placed = p.poll
		return unusually(t, s, p)
	},
	"counts in minor units": func(t *testing.T) contract.Config {
		return configFor(t, &shop{inMinorUnits: true})
	},
	"answers callbacks 204": func(t *testing.T) contract.Config {
		return configFor(t, &shop{sparse: true})
	},
	"sends its customers over a page of its own": overOwnPage,
	"serves one request at a time": func(t *testing.T) contract.Config {
		s := &shop{client: &http.Client{Timeout: 5 * time.Second, CheckRedirect: staysHere.CheckRedirect}}
		return unusually(t, s, &oneAtATime{shop: s})
	},
}

// No rule fails in a shop that is right, however unusual it is. With -short every tenth rule is asked of each.
func TestUnusualShopIsNotAccused(t *testing.T) {
	t.Parallel()
	for name, config := range unusualShops {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			c.Rules, c.FailOn = extent.Every(10, 25, affordable()), report.Advisory
			judged, err := contract.Verify(t.Context(), c, contract.Options{})
			require.NoError(t, err)
			require.Empty(t, broken(judged.Report), seen(judged.Report))
			require.Equal(t, report.OK, judged.Verdict, judged.Reason)
			t.Logf("judged in %.1f s, not evaluable: %v", judged.Seconds, with(judged.Report, report.NotEvaluable))
		})
	}
}

// acknowledging answers a callback, and lets a worker ask then, again and again until PayPorter could be asked.
type acknowledging struct{ *shop }

func (c acknowledging) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/payment-callback" {
		c.shop.ServeHTTP(w, r)
		return
	}

	r.Body = http.MaxBytesReader(nil, r.Body, 1<<10)
	id := r.PostFormValue("checkoutId")
	if len(id) != 36 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusOK)
	go func() {
		for range 20 {
			if c.take(id) != http.StatusServiceUnavailable {
				return
			}
			time.Sleep(200 * time.Millisecond)
		}
	}()
}

// forgetsConnections ends the connection after each answer, as a server does that makes a process for each request.
type forgetsConnections struct{ *shop }

func (c forgetsConnections) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	c.shop.ServeHTTP(w, r)
}

// oneAtATime serves one request at a time.
type oneAtATime struct {
	*shop
	serving sync.Mutex
}

func (c *oneAtATime) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.serving.Lock()
	defer c.serving.Unlock()
	c.shop.ServeHTTP(w, r)
}

// poller thanks for callbacks, and asks by itself: less often the longer an order is open.
type poller struct{ *shop }

func (c *poller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/payment-callback" {
		return // 200
	}
	c.shop.ServeHTTP(w, r)
}

func (c *poller) poll(o *order) {
	go func() {
		for wait := 150 * time.Millisecond; c.take(o.checkoutID) != 0; wait = min(wait*3/2, 2*time.Second) {
			c.mu.Lock()
			paid := o.Status == "paid"
			c.mu.Unlock()
			if paid || c.gone() {
				return
			}
			time.Sleep(wait)
		}
	}()
}

// gone reports whether PayPorter is there no more.
func (c *poller) gone() bool {
	var ignored map[string]any
	return c.ask(http.MethodGet, "/api/checkout/00000000-0000-4000-8000-000000000000", nil, &ignored) == 0
}

// formShop is asked by a browser: its pages are HTML, and a form is taken with the session's token only.
type formShop struct{ *shop }

var accountPage = template.Must(template.New("order").Parse(
	`<h1>Order {{.ID}}</h1><p>Status: <b>{{.Status}}</b></p><p>Sent {{.Fulfilments}} times</p>`))

func (c formShop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/cart":
		token := fmt.Sprintf("t%d", time.Now().UnixNano())
		http.SetCookie(w, &http.Cookie{Name: "session", Value: token, Path: "/"})
		fmt.Fprintf(w, `<form method="post" action="/buy"><input type="hidden" name="_token" value="%s-form"></form>`, token)
	case r.URL.Path == "/buy":
		c.buy(w, r)
	case strings.HasPrefix(r.URL.Path, "/account/"):
		c.mu.Lock()
		defer c.mu.Unlock()
		if o := c.orders[strings.TrimPrefix(r.URL.Path, "/account/")]; o != nil {
			_ = accountPage.Execute(w, o)
			return
		}
		http.NotFound(w, r)
	default:
		c.shop.ServeHTTP(w, r)
	}
}

func (c formShop) buy(w http.ResponseWriter, r *http.Request) {
	session, err := r.Cookie("session")
	if err != nil || r.PostFormValue("_token") != session.Value+"-form" {
		http.Error(w, "the form is too old", http.StatusForbidden)
		return
	}
	o := &order{Status: "pending", Amount: json.Number(r.PostFormValue("amount")), Currency: r.PostFormValue("currency")}
	if !c.place(o) {
		http.Error(w, "no payment can be taken now", http.StatusBadGateway)
		return
	}
	http.Redirect(w, r, o.RedirectURL, http.StatusSeeOther)
}

func withForms(t *testing.T) contract.Config {
	s := &shop{}
	c := unusually(t, s, formShop{s})
	token := contract.Extract{Regexp: `name="_token" value="([^"]+)"`}
	c.Order = contract.Order{
		Before: []contract.Request{{URL: "{{shop}}/cart", Take: contract.Take{"token": token}}},
		Request: contract.Request{URL: "{{shop}}/buy", Form: map[string]string{
			"_token": "{{token}}", "amount": "{{amount}}", "currency": "{{currency}}",
		}},
		Currencies: []string{"JPY", "KWD"},
	}
	status := contract.Extract{Regexp: `Status: <b>(\w+)</b>`}
	c.State = contract.State{
		Request:     contract.Request{URL: "{{shop}}/account/{{orderId}}"},
		Paid:        contract.Condition{Extract: status, Equals: []string{"paid"}},
		Failed:      contract.Condition{Extract: status, Equals: []string{"failed"}},
		Fulfilments: contract.Extract{Regexp: `Sent (\d+) times`},
	}
	return c
}

// viaOwnPage sends a customer over a page of its own, which leads to the payment page in its query and nowhere else.
type viaOwnPage struct{ *shop }

func (c viaOwnPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/orders":
		made := httptest.NewRecorder()
		c.shop.ServeHTTP(made, r)
		var o order
		if json.Unmarshal(made.Body.Bytes(), &o) != nil || made.Code != http.StatusOK {
			http.Error(w, made.Body.String(), made.Code)
			return
		}
		http.Redirect(w, r, "/go/"+o.ID+"?next="+url.QueryEscape(o.RedirectURL), http.StatusSeeOther)
	case strings.HasPrefix(r.URL.Path, "/go/"):
		c.lead(w, r)
	default:
		c.shop.ServeHTTP(w, r)
	}
}

func (c viaOwnPage) lead(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, next := c.orders[strings.TrimPrefix(r.URL.Path, "/go/")], r.URL.Query().Get("next")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if o == nil || next != o.RedirectURL {
		w.WriteHeader(http.StatusNotFound)
		own, said := template.HTMLEscapeString(c.home+r.URL.String()), template.HTMLEscapeString(next)
		fmt.Fprintf(w, `<link rel="canonical" href="%s"><p>Nobody is sent to "%s" from here.</p>`, own, said)
		return
	}
	fmt.Fprintf(w, `<p>Order %s</p><a href="%s">Pay</a>`, o.ID, template.HTMLEscapeString(next))
}

func overOwnPage(t *testing.T) contract.Config {
	s := &shop{}
	c := unusually(t, s, viaOwnPage{s})
	c.Order.OrderID = contract.Extract{Regexp: `<p>Order (ORD-\d+)</p>`}
	c.Order.RedirectURL = contract.Extract{}
	return c
}

// decimals are how many digits of a currency are behind the point.
func decimals(currency string) int {
	switch currency {
	case "JPY":
		return 0
	case "KWD":
		return 3
	}
	return 2
}

// minorUnits are an amount in the least unit of its currency; nil: it is none of whole units.
func minorUnits(amount json.Number, currency string) *big.Int {
	major, ok := new(big.Rat).SetString(string(amount))
	if !ok {
		return nil
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals(currency))), nil)
	if major.Mul(major, new(big.Rat).SetInt(scale)); !major.IsInt() {
		return nil
	}
	return new(big.Int).Set(major.Num())
}

func majorUnits(minor *big.Int, currency string) string {
	digits := fmt.Sprintf("%0*s", decimals(currency)+1, minor)
	if decimals(currency) == 0 {
		return digits
	}
	point := len(digits) - decimals(currency)
	return digits[:point] + "." + digits[point:]
}

// A shop that polls learns of a payment by itself, however soon: no webhook that comes meanwhile is believed by that.
func TestQuickPollerIsNotTakenForOneThatBelievesWebhooks(t *testing.T) {
	t.Parallel()
	c := unusualShops[polls](t)
	c.Webhook.URL = "{{shop}}/payment-callback"
	c.Rules = []string{"WEBHOOK-001", "WEBHOOK-002"}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, c.Rules, with(judged.Report, report.NotEvaluable), seen(judged.Report))
}
