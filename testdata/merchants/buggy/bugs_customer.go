package main

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// customerBugs are about what the customer's own browser can do.
func customerBugs() []bug {
	return []bug{
		{
			Name: "page-believes-status", About: "takes a status in the address of its own page for the payment",
			Rule: "TRUST-029", Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.visited = func(s *shop, r *http.Request) {
					if r.URL.Query().Get("status") == "SUCCESS" {
						s.pay(s.byNumber(r.PathValue("id")))
					}
				}
			},
		},
		{
			Name: "page-asks-about-what-it-is-told", About: "asks about a checkout in the address of its own page, for the order it shows",
			Rule: "TRUST-029", Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.visited = func(s *shop, r *http.Request) {
					id := r.URL.Query().Get("checkoutId")
					if !uuid.MatchString(id) {
						return
					}
					if p, err := s.ask(id); err == nil && p.Status() == "SUCCESS" {
						s.pay(s.byNumber(r.PathValue("id")))
					}
				}
			},
		},
		{
			Name: "session-pays-what-came", About: "asks about the session's checkout, and pays the order whose checkoutId came",
			Rule: "TRUST-030", Also: []string{"TRUST-031"}, Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.about = sessionsCheckout
				isAbout := h.isAbout
				h.find = func(s *shop, c claim, p payment) *order {
					if o := s.owner(c.checkoutID); o != nil && cookieOf(c.r) != "" {
						return o
					}
					return ownOrder(s, c, p)
				}
				h.isAbout = func(c claim, o *order, p payment) bool { return p.OrderID() != o.id || isAbout(c, o, p) }
			},
		},
		{
			Name: "either-checkout-pays", About: "asks about the checkout that came and the session's, and wants one of them to be paid",
			Rule: "TRUST-030", Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.believe = func(s *shop, c claim) bool {
					_, _ = s.ask(c.checkoutID)
					id := sessionsCheckout(s, c)
					if id == c.checkoutID {
						return false
					}
					p, err := s.ask(id)
					own, other := s.owner(c.checkoutID), s.owner(id)
					return err == nil && own != nil && other != nil && other.place > own.place && p.Status() == "SUCCESS" && s.pay(own)
				}
			},
		},
		{
			Name: "asks-about-session", About: "asks about the session's checkout, whichever came, and settles the session's order",
			Rule: "TRUST-031", Source: "Wang et al., IEEE S&P 2011",
			plant: func(h *habits) {
				h.about = sessionsCheckout
				h.find = func(s *shop, _ claim, p payment) *order { return s.named(p.OrderID()) }
			},
		},
		{
			Name: "own-page-leads-anywhere", About: "sends its customers over a page that leads wherever its address says",
			Rule: "TRUST-032", Source: "CWE-601",
			plant: func(h *habits) { h.door = overOwnPage },
		},
		{
			Name: "return-page-leads-anywhere", About: "sends customers who come back to every address that begins with a slash",
			Rule: "TRUST-032", Source: "CWE-601",
			plant: func(h *habits) {
				h.answer = func(_ *shop, c claim, _ *order, _ payment, r reply) reply {
					if next := c.r.URL.Query().Get("returnUrl"); strings.HasPrefix(next, "/") {
						r.status, r.location = http.StatusFound, next
					}
					return r
				}
			},
		},
		{
			Name: "order-page-links-anywhere", About: "has a link on the page of an order that leads wherever the page's address says",
			Rule: "TRUST-032", Source: "CWE-601",
			plant: func(h *habits) { h.door = withLinkBack },
		},
		{
			Name: "page-in-a-frame", About: "shows the payment page in a frame of its own page",
			Rule: "FLOW-014", Source: common,
			plant: func(h *habits) {
				h.page = func(_ *shop, o *order, shown map[string]any) {
					shown["html"] = fmt.Sprintf("<iframe src='%s'></iframe>", o.checkout.RedirectURL)
				}
			},
		},
	}
}

// overOwnPage sends who orders over a page of the shop, which leads to the payment page by its query.
func overOwnPage(inside http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/go" {
			http.Redirect(w, r, r.URL.Query().Get("link"), http.StatusFound)
			return
		}
		if r.Method != http.MethodPost || r.URL.Path != "/orders" {
			inside.ServeHTTP(w, r)
			return
		}

		made := httptest.NewRecorder()
		inside.ServeHTTP(made, r)
		maps.Copy(w.Header(), made.Header())
		var sent struct{ RedirectURL string }
		if _ = json.Unmarshal(made.Body.Bytes(), &sent); made.Code == http.StatusOK {
			w.Header().Set("Location", "/go?link="+url.QueryEscape(sent.RedirectURL))
			made.Code = http.StatusSeeOther
		}
		w.WriteHeader(made.Code)
		_, _ = w.Write(made.Body.Bytes()) // the customer has gone
	})
}

// withLinkBack shows the page of an order as HTML, with a link back, to who names one.
func withLinkBack(inside http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		back := r.URL.Query().Get("back")
		if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, "/orders/") || back == "" {
			inside.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<a href=%q>back</a>", html.EscapeString(back))
	})
}

// sessionsCheckout is the checkout of the order that the customer's browser remembers, or else the one that came.
func sessionsCheckout(s *shop, c claim) string {
	if o := s.named(cookieOf(c.r)); o != nil && o.checkout.CheckoutID != "" {
		return o.checkout.CheckoutID
	}
	return c.checkoutID
}

// byNumber finds an order by the shop's number of it.
func (s *shop) byNumber(id string) *order {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.orders {
		if o.id == id {
			return o
		}
	}
	return nil
}
