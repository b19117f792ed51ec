package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// page is a shop of pages: a basket kept by a cookie, one price, redirects through a page of its own, an
// order page for people, and callbacks that are worked on after they were answered.
type page struct {
	shop
	slow bool // the order is sent on by a page with a link instead of a redirect
}

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/basket":
		http.SetCookie(w, &http.Cookie{Name: "basket", Value: r.PostFormValue("item")})
	case r.URL.Path == "/checkout":
		if basket, err := r.Cookie("basket"); err != nil || basket.Value != "book" || r.PostFormValue("agb") != "on" {
			http.Error(w, "the basket is empty", http.StatusConflict)
			return
		}
		p.sendOn(w, r)
	case strings.HasPrefix(r.URL.Path, "/pay/"):
		p.mu.Lock()
		defer p.mu.Unlock()
		o := p.orders[filepath.Base(r.URL.Path)]
		if o == nil {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, o.RedirectURL, http.StatusFound)
	case strings.HasPrefix(r.URL.Path, "/my-orders/"):
		p.mu.Lock()
		defer p.mu.Unlock()
		fmt.Fprintf(w, `<p class="state">Your order is <b>%s</b></p>`, p.orders[filepath.Base(r.URL.Path)].Status)
	case r.URL.Path == "/payment-callback":
		body, _ := httputil.DumpRequest(r, true)
		go func() {
			_, form, _ := bytes.Cut(body, []byte("\r\n\r\n"))
			later, _ := http.NewRequest(http.MethodPost, "/payment-callback", bytes.NewReader(form))
			later.Header = r.Header
			p.callback(later)
		}()
	default:
		http.NotFound(w, r)
	}
}

// sendOn makes the order, and sends the customer on.
func (p *page) sendOn(w http.ResponseWriter, r *http.Request) {
	made := httptest.NewRecorder()
	p.order(made, httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(
		`{"amount": 49.90, "currency": "TRY"}`)))
	var o struct{ OrderID, RedirectURL string }
	if err := json.Unmarshal(made.Body.Bytes(), &o); err != nil || o.RedirectURL == "" {
		http.Error(w, "try again later", http.StatusBadGateway)
		return
	}
	if p.slow {
		fmt.Fprintf(w, `<p>Order <i>%s</i></p><a href="%s">pay</a>`, o.OrderID, o.RedirectURL)
		return
	}
	http.Redirect(w, r, "/pay/"+o.OrderID, http.StatusSeeOther)
}

func pageConfig(t *testing.T, p *page) contract.Config {
	t.Helper()
	c := configFor(t, &p.shop)
	start := c.Start
	c.Start = func(e contract.Environment) (string, error) {
		if _, err := start(e); err != nil {
			return "", err
		}
		server := httptest.NewServer(p)
		t.Cleanup(server.Close)
		p.home = server.URL
		return server.URL, nil
	}
	c.Order = contract.Order{
		Before:  []contract.Request{{URL: "{{shop}}/basket", Form: field("item", "book")}},
		Request: contract.Request{URL: "{{shop}}/checkout", Form: field("agb", "on")},
		Amount:  "49.90",
	}
	c.State = contract.State{
		Request: contract.Request{URL: "{{shop}}/my-orders/{{orderId}}"},
		Paid:    contract.Condition{Extract: contract.Extract{Regexp: `Your order is <b>paid</b>`}},
	}
	return c
}

func field(name, value string) map[string]string { return map[string]string{name: value} }

// A shop of pages is judged as well as one that speaks JSON; what its config does not show is not
// evaluable.
func TestShopOfPages(t *testing.T) {
	t.Parallel()
	for name, linked := range map[string]bool{"redirects": false, "a link": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := pageConfig(t, &page{slow: linked})
			c.Rules = []string{"REQ", "FLOW", "TRUST-001", "TRUST-008", "TRUST-018", "TRUST-022", "TRUST-025", "IDEM-001"}
			if linked {
				c.Order.OrderID = contract.Extract{Regexp: `<i>([^<]+)</i>`}
				c.Order.RedirectURL = contract.Extract{Regexp: `href="([^"]+)"`}
			}
			judged, err := contract.Verify(t.Context(), c, contract.Options{})
			require.NoError(t, err)
			for _, rule := range judged.Rules {
				switch rule.ID {
				case "FLOW-006", "FLOW-012", "IDEM-001":
					require.Equal(t, report.NotEvaluable, rule.Result, "%s: %s", rule.ID, rule.Seen)
				default:
					require.Contains(t, []report.Result{report.Passed, report.Skipped}, rule.Result, "%s: %s", rule.ID, rule.Seen)
				}
			}
		})
	}
}

// A shop of pages that believes too much is found out, too.
func TestShopOfPagesThatBelievesTooMuch(t *testing.T) {
	t.Parallel()
	c := pageConfig(t, &page{shop: shop{believing: true}})
	c.Rules = []string{"TRUST-001", "TRUST-008"}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, 2, judged.Summary.Failed, "%+v", judged.Rules)
}
