package contract

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// order is one order of one customer. The line's mutex guards what the line learns about it.
type order struct {
	amount, currency string
	scenario         string // what PayPorter does to it
	customer         *http.Client
	values           values

	id          string           // as the shop calls it
	redirectURL string           // where the shop sends the customer
	answer      exchange.Message // the last one of the shop

	open      bool     // the customer waits for the shop
	sentIDs   []string // the orderIds of its creates
	checkouts []string // what PayPorter made for it
	links     []string // where these can be paid
	callback  string   // where PayPorter is to tell about it
	onCreate  edit     // what is done to PayPorter's answers; nil: nothing
	onStatus  edit
}

// checkoutID is the checkout that the customer was sent to, or the last one that was made.
func (o *order) checkoutID() string {
	for i, link := range o.links {
		if link == o.redirectURL || strings.Contains(o.redirectURL, o.checkouts[i]) {
			return o.checkouts[i]
		}
	}
	if n := len(o.checkouts); n > 0 {
		return o.checkouts[n-1]
	}
	return ""
}

// patience is how long a customer waits for a page.
const patience = 40 * time.Second

// newCustomer is a browser of its own: with cookies, and without a will to follow redirects.
func newCustomer() *http.Client {
	jar, _ := cookiejar.New(nil) // fails for no options
	return &http.Client{
		Jar: jar, Timeout: patience,
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: 10 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// errRefused says that the shop did not take an order.
type errRefused struct{ why string }

func (e *errRefused) Error() string { return e.why }

// place orders as the customer does, until the shop sends the customer to PayPorter.
func (h *harness) place(ctx context.Context, o *order) error {
	h.sandbox.expect(o)
	defer h.sandbox.forget(o)
	for i, r := range h.config.Order.Before {
		a, err := h.visit(ctx, o, r, "before the order")
		if err == nil {
			err = o.values.take(fmt.Sprintf("order.before[%d]", i+1), r, a)
		}
		if err != nil {
			return &errRefused{err.Error()}
		}
	}
	a, err := h.visit(ctx, o, h.config.Order.Request, "order")
	for hops := 0; err == nil && hops < maxHops; hops++ {
		o.answer = a
		h.look(o, a)
		next := h.nextPage(o, a)
		if next == "" {
			break
		}
		a, err = h.visit(ctx, o, Request{Method: http.MethodGet, URL: next}, "redirect")
	}
	if err != nil {
		return err
	}
	h.heard(ctx, o)
	return h.ordered(o)
}

// heard waits until the line knows what PayPorter answered to the order's creates: a shop can be faster
// than the line, which gets to it after the answer has been passed on.
func (h *harness) heard(ctx context.Context, o *order) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	h.sandbox.Wait(ctx, func() bool {
		return len(h.sandbox.FindLocked(func(c *call) bool { return c.isCreate() && c.order == o && !c.over })) == 0
	})
}

// maxHops is how many pages of its own a shop may send a customer through.
const maxHops = 8

// visit makes one request of the customer.
func (h *harness) visit(ctx context.Context, o *order, r Request, title string) (exchange.Message, error) {
	a, err := h.ask(ctx, o.values, r, toShop(customer, title, o))
	if err != nil {
		return a, &errRefused{err.Error()}
	}
	return a, nil
}

// ask makes a request of the config, filled with the values.
func (h *harness) ask(ctx context.Context, v values, r Request, c *call) (exchange.Message, error) {
	req, body, err := v.request(r)
	if err != nil {
		return exchange.Message{}, err
	}
	a, err := h.send(c.order.customer, req.WithContext(ctx), c, body)
	if err != nil {
		return a, fmt.Errorf("%s %s: %s", req.Method, req.URL, sayFault(err))
	}
	return a, nil
}

// toShop is a call to the shop that is about to be made.
func toShop(from, title string, o *order) *call {
	return &call{order: o, Call: relay.Call{Exchange: exchange.Exchange{From: from, To: merchant, Title: title}}}
}

// send makes a request of the harness's own, whose body is given, and records it.
func (h *harness) send(client *http.Client, req *http.Request, c *call, body []byte) (exchange.Message, error) {
	c.Request = exchange.Sent(req, body)
	h.sandbox.begin(c)
	a, err := exchange.Do(client, req, mostRead)
	h.sandbox.end(c, a, sayFault(err))
	return a, err
}

// look takes from a page what the config says, keeping what was found first.
func (h *harness) look(o *order, a exchange.Message) {
	if e := h.config.Order.OrderID; o.id == "" && !e.IsZero() {
		o.id, _ = e.find(a) // told at the end, when no page had it
	}
	if e := h.config.Order.RedirectURL; !e.IsZero() {
		if found, err := e.find(a); err == nil && o.redirectURL == "" {
			o.redirectURL = found
		}
	} else if found := h.findLink(a); found != "" && o.redirectURL == "" {
		o.redirectURL = found
	}
	o.values["orderId"] = o.id
}

var checkoutLink = regexp.MustCompile(`https?:\\?/\\?/[^\s"'<>]*checkout-link[^\s"'<>]*`)

// findLink finds where an answer sends a customer to pay, for a config that does not say where to look.
func (h *harness) findLink(a exchange.Message) string {
	if location := a.Header("Location"); strings.Contains(location, "/checkout-link/") {
		return location
	}
	return unescaped(strings.ReplaceAll(checkoutLink.FindString(string(a.Body)), `\/`, "/"))
}

// nextPage is where the shop sends the customer within its own pages; empty: nowhere.
func (h *harness) nextPage(o *order, a exchange.Message) string {
	location := a.Header("Location")
	if a.Status < 300 || a.Status > 399 || location == "" || location == o.redirectURL {
		return ""
	}
	to, err := url.Parse(location)
	if err != nil || strings.Contains(location, "/checkout-link/") {
		return ""
	}
	if from, err := url.Parse(o.values.fill(h.config.Order.Request.URL)); err == nil {
		to = from.ResolveReference(to)
		if to.Host != from.Host {
			return ""
		}
	}
	return to.String()
}

// ordered says whether everything is known that a trial needs.
func (h *harness) ordered(o *order) error {
	h.sandbox.Lock()
	defer h.sandbox.Unlock()
	if o.id == "" && h.config.Order.OrderID.IsZero() && len(o.sentIDs) > 0 {
		o.id = o.sentIDs[0]
	}
	o.values["orderId"], o.values["checkoutId"] = o.id, o.checkoutID()
	if len(o.checkouts) > 0 && o.id != "" && o.redirectURL != "" {
		return nil
	}
	how := fmt.Sprintf("the order was answered %d", o.answer.Status)
	switch {
	case h.oneMovedLocked(o):
		return &errRefused{"it cannot be told which of the orders at this moment PayPorter's checkout is for: they cost the same"}
	case len(o.sentIDs) == 0 && !h.createdLocked(o):
		return &errRefused{how + ", and the shop sent no create to PayPorter: compare order.request with what the shop wants, and look whether the shop takes PAYPORTER_BASE_URL"}
	case len(o.checkouts) == 0:
		return &errRefused{how + ", for PayPorter did not make the checkout: " + h.refusalLocked(o)}
	case o.id == "" && h.config.Order.OrderID.ambiguous(o.answer) != nil:
		return &errRefused{how + ": order.orderId: " + h.config.Order.OrderID.ambiguous(o.answer).Error()}
	case o.id == "":
		return &errRefused{how + ", without an order number at " + h.config.Order.OrderID.String() + ": compare order.orderId with the answer"}
	}
	return &errRefused{how + ", without the address to pay at" + h.whereLink(o.answer) + ": compare order.redirectUrl with the answer"}
}

// oneMovedLocked reports whether the shop sent the customer to a checkout that was taken for another order's,
// although the shop sent no create that was taken for this one's.
func (h *harness) oneMovedLocked(o *order) bool {
	return o.redirectURL != "" && !h.createdLocked(o) && slices.ContainsFunc(h.sandbox.orders, func(other *order) bool {
		return other != o && slices.Contains(other.links, o.redirectURL)
	})
}

func (h *harness) whereLink(a exchange.Message) string {
	e := h.config.Order.RedirectURL
	if err := e.ambiguous(a); err != nil {
		return " (" + err.Error() + ")"
	}
	if !e.IsZero() {
		return " (" + e.String() + ")"
	}
	return ""
}

func (h *harness) createdLocked(o *order) bool {
	return len(h.sandbox.FindLocked(func(c *call) bool { return c.isCreate() && c.order == o })) > 0
}

// created reports whether the shop sent a create for an order.
func (h *harness) created(o *order) bool {
	h.sandbox.Lock()
	defer h.sandbox.Unlock()
	return h.createdLocked(o)
}

// refusalLocked is what PayPorter answered to the last create of an order.
func (h *harness) refusalLocked(o *order) string {
	creates := h.sandbox.FindLocked(func(c *call) bool { return c.isCreate() && c.order == o })
	if len(creates) == 0 {
		return "it was not asked to"
	}
	last := creates[len(creates)-1]
	if last.Error != "" {
		return last.Error
	}
	return fmt.Sprintf("it answered %d %s", last.Answer().Status, clip(string(last.Answer().Body), 300))
}
