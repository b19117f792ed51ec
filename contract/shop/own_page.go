package shop

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// WayPages are the shop's own pages that it led an order's customer through, oldest first.
func (s *Session) WayPages(o *Purchase) []Post {
	led := s.Watch.Find(func(c *Call) bool {
		return c.Order == o && c.From == customer && c.To == Merchant && c.Title == redirectTitle
	})

	var pages []Post
	for _, c := range led {
		pages = append(pages, Post{method: http.MethodGet, URL: c.Request.URL})
	}
	return pages
}

// ReturnPages are the shop's own pages that a customer sees after the payment: where the browser brings the callback,
// as a form and as a query, and the page of the order. Those that nobody knows are left out.
func (s *Session) ReturnPages(o *Purchase) []Post {
	var pages []Post
	if callback := s.callbackURL(o); callback != "" {
		form := Form("checkoutId", o.CheckoutID())
		form.method, form.URL = http.MethodPost, callback
		query := relay.WithQuery(callback, Encoded("checkoutId", o.CheckoutID()))
		pages = append(pages, form, Post{method: http.MethodGet, URL: query})
	}

	if r := s.harness.Config.State.Request; r.opensInBrowser() {
		if req, _, err := o.values.request(r); err == nil {
			pages = append(pages, Post{method: http.MethodGet, URL: req.URL.String()})
		}
	}
	return pages
}

// Named is the page with an address in its query: under each of the names, and in place of every address that stands
// there.
func (p Post) Named(names []string, address string) Post {
	u, err := url.Parse(p.URL)
	if err != nil {
		return p
	}

	query := u.Query()
	for name, values := range query {
		if slices.ContainsFunc(values, isAddress) {
			query.Set(name, address)
		}
	}
	for _, name := range names {
		query.Set(name, address)
	}
	u.RawQuery = query.Encode()
	p.URL = u.String()
	return p
}

func isAddress(value string) bool { return strings.HasPrefix(value, "/") || relay.AbsoluteURL(value) }

// Path is the page without its host and its query, for people.
func (p Post) Path() string {
	u, err := url.Parse(p.URL)
	if err != nil {
		return p.URL
	}
	return u.Path
}
