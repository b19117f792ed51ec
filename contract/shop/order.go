package shop

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// Purchase is one order of one customer. The line's mutex guards what the line learns about it.
type Purchase struct {
	Amount, Currency string
	Scenario         string // what PayPorter does to it
	By               string // the session that ordered it
	customer         *http.Client
	values           values

	ID          string           // as the shop calls it
	RedirectURL string           // where the shop sends the customer
	Answer      exchange.Message // the last one of the shop

	open      bool     // the customer waits for the shop
	done      bool     // its session has ended
	SentIDs   []string // the orderIds of its creates
	Checkouts []string // what PayPorter made for it
	Links     []string // where these can be paid
	callback  string   // where PayPorter is to tell about it
	onCreate  Edit     // what is done to PayPorter's answers; nil: nothing
	onStatus  Edit
	onRefund  Edit
	payments  []string // the ids of its payments, as far as they are known
	refunds   []string // the ids of what gives them back, likewise

	fulfilled atomic.Int64 // the most that was ever seen
}

// MostFulfilled is how often the order was fulfilled when that was most, of all looks at it.
func (o *Purchase) MostFulfilled() int { return int(o.fulfilled.Load()) }

// fulfilledAtLeast keeps how often it was seen to be fulfilled.
func (o *Purchase) fulfilledAtLeast(n int) {
	for {
		most := o.fulfilled.Load()
		if int64(n) <= most || o.fulfilled.CompareAndSwap(most, int64(n)) {
			return
		}
	}
}

// CheckoutID is the checkout that the customer was sent to, or the last one that was made.
func (o *Purchase) CheckoutID() string {
	for i, link := range o.Links {
		if link == o.RedirectURL || strings.Contains(o.RedirectURL, o.Checkouts[i]) {
			return o.Checkouts[i]
		}
	}
	if n := len(o.Checkouts); n > 0 {
		return o.Checkouts[n-1]
	}
	return ""
}

// patience is how long a customer waits for a page.
const patience = 40 * time.Second

// NewCustomer is a browser of its own: with cookies, and without a will to follow redirects.
func NewCustomer() *http.Client {
	jar, _ := cookiejar.New(nil) // fails for no options
	return &http.Client{
		Jar: jar, Timeout: patience,
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// errRefused says that the shop did not take an order.
type errRefused struct{ why string }

func (e *errRefused) Error() string { return e.why }

// place orders as the customer does, until the shop sends the customer to PayPorter.
func (h *Harness) place(ctx context.Context, o *Purchase) error {
	h.Sandbox.expect(o)
	defer h.Sandbox.forget(o)

	for i, r := range h.Config.Order.Before {
		a, err := h.visit(ctx, o, r, "before the order")
		if err == nil {
			err = o.values.take(fmt.Sprintf("order.before[%d]", i+1), r, a)
		}
		if err != nil {
			return &errRefused{err.Error()}
		}
	}

	a, err := h.visit(ctx, o, h.Config.Order.Request, "order")
	for hops := 0; err == nil && hops < maxHops; hops++ {
		o.Answer = a
		h.look(o, a)
		next := h.nextPage(o, a)
		if next == "" {
			break
		}
		a, err = h.visit(ctx, o, Request{Method: http.MethodGet, URL: next}, redirectTitle)
	}

	if err != nil {
		return err
	}

	h.heard(ctx, o)
	return h.ordered(o)
}

// heard waits until the line knows what PayPorter answered to the order's creates: a shop can be faster
// than the line, which gets to it after the answer has been passed on.
func (h *Harness) heard(ctx context.Context, o *Purchase) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	h.Sandbox.Wait(ctx, func() bool {
		return len(h.Sandbox.FindLocked(func(c *Call) bool { return c.IsCreate() && c.Order == o && !c.Over })) == 0
	})
}

// redirectTitle is what a customer's call of a page is called that the shop led to.
const redirectTitle = "redirect"

// maxHops is how many pages of its own a shop may send a customer through.
const maxHops = 8

// visit makes one request of the customer.
func (h *Harness) visit(ctx context.Context, o *Purchase, r Request, title string) (exchange.Message, error) {
	a, err := h.ask(ctx, o.values, r, toShop(customer, title, o))
	if err != nil {
		return a, &errRefused{err.Error()}
	}
	return a, nil
}

// ask makes a request of the config, filled with the values.
func (h *Harness) ask(ctx context.Context, v values, r Request, c *Call) (exchange.Message, error) {
	req, body, err := v.request(r)
	if err != nil {
		return exchange.Message{}, err
	}
	a, err := h.send(c.Order.customer, req.WithContext(ctx), c, body)
	if err != nil {
		return a, fmt.Errorf("%s %s: %s", req.Method, req.URL, SayFault(err))
	}
	return a, nil
}

// toShop is a call to the shop that is about to be made.
func toShop(from, title string, o *Purchase) *Call {
	return &Call{Order: o, Call: relay.Call{Exchange: exchange.Exchange{From: from, To: Merchant, Title: title}}}
}

// send makes a request of the harness's own, whose body is given, and records it.
func (h *Harness) send(client *http.Client, req *http.Request, c *Call, body []byte) (exchange.Message, error) {
	c.Request = exchange.Sent(req, body)
	h.Sandbox.begin(c)
	a, err := exchange.Do(client, req, mostRead)
	h.Sandbox.end(c, a, SayFault(err))
	return a, err
}

// look takes from a page what the config says, keeping what was found first.
func (h *Harness) look(o *Purchase, a exchange.Message) {
	if e := h.Config.Order.OrderID; o.ID == "" && !e.IsZero() {
		o.ID, _ = e.find(a) // told at the end, when no page had it
	}

	if e := h.Config.Order.RedirectURL; !e.IsZero() {
		if found, err := e.find(a); err == nil && o.RedirectURL == "" {
			o.RedirectURL = found
		}
	} else if found := findLink(a); found != "" && o.RedirectURL == "" {
		o.RedirectURL = found
	}
	o.values["orderId"] = o.ID
}

var checkoutLink = regexp.MustCompile(`https?:\\?/\\?/[^\s"'<>]*checkout-link[^\s"'<>]*`)

// findLink finds where an answer sends a customer to pay, for a config that does not say where to look.
func findLink(a exchange.Message) string {
	if location := a.Header("Location"); strings.Contains(location, "/checkout-link/") {
		return location
	}
	return unescaped(strings.ReplaceAll(checkoutLink.FindString(string(a.Body)), `\/`, "/"))
}

// nextPage is where the shop sends the customer within its own pages; empty: nowhere.
func (h *Harness) nextPage(o *Purchase, a exchange.Message) string {
	location := a.Header("Location")
	if a.Status < 300 || a.Status > 399 || location == "" || location == o.RedirectURL {
		return ""
	}

	to, err := url.Parse(location)
	if err != nil || strings.Contains(location, "/checkout-link/") {
		return ""
	}
	if from, err := url.Parse(o.values.fill(h.Config.Order.Request.URL)); err == nil {
		to = from.ResolveReference(to)
		if to.Host != from.Host {
			return ""
		}
	}

	return to.String()
}

// ordered says whether everything is known that a trial needs.
func (h *Harness) ordered(o *Purchase) error {
	h.Sandbox.Lock()
	defer h.Sandbox.Unlock()

	if o.ID == "" && h.Config.Order.OrderID.IsZero() && len(o.SentIDs) > 0 {
		o.ID = o.SentIDs[0]
	}

	o.values["orderId"], o.values["checkoutId"] = o.ID, o.CheckoutID()
	if len(o.Checkouts) > 0 && o.ID != "" && o.RedirectURL != "" {
		return nil
	}

	how := fmt.Sprintf("the order was answered %d", o.Answer.Status)
	switch {
	case h.oneMovedLocked(o):
		return &errRefused{"it cannot be told which of the orders at this moment PayPorter's checkout is for: they " +
			"cost the same"}
	case len(o.SentIDs) == 0 && !(len(h.Sandbox.FindLocked(o.HasCreate)) > 0):
		return &errRefused{how + ", and the shop sent no create to PayPorter: compare order.request with what the shop " +
			"wants, and look whether the shop takes PAYPORTER_BASE_URL"}
	case len(o.Checkouts) == 0:
		return &errRefused{how + ", for PayPorter did not make the checkout: " + h.refusalLocked(o)}
	case o.ID == "" && h.Config.Order.OrderID.ambiguous(o.Answer) != nil:
		return &errRefused{how + ": order.orderId: " + h.Config.Order.OrderID.ambiguous(o.Answer).Error()}
	case o.ID == "":
		return &errRefused{how + ", without an order number at " + h.Config.Order.OrderID.String() +
			": compare order.orderId with the answer"}
	}

	return &errRefused{how + ", without the address to pay at" + h.Config.Order.RedirectURL.where(o.Answer) +
		": compare order.redirectUrl with the answer"}
}

// oneMovedLocked reports whether the shop sent the customer to a checkout that was taken for another order's,
// although the shop sent no create that was taken for this one's.
func (h *Harness) oneMovedLocked(o *Purchase) bool {
	return o.RedirectURL != "" && !(len(h.Sandbox.FindLocked(o.HasCreate)) > 0) && slices.ContainsFunc(h.Sandbox.orders,
		func(other *Purchase) bool {
			return other != o && slices.Contains(other.Links, o.RedirectURL)
		})
}

// where says where the address to pay at was looked for.
func (e Extract) where(a exchange.Message) string {
	if err := e.ambiguous(a); err != nil {
		return " (" + err.Error() + ")"
	}
	if !e.IsZero() {
		return " (" + e.String() + ")"
	}
	return ""
}

// refusalLocked is what PayPorter answered to the last create of an order.
func (h *Harness) refusalLocked(o *Purchase) string {
	creates := h.Sandbox.FindLocked(func(c *Call) bool { return c.IsCreate() && c.Order == o })
	if len(creates) == 0 {
		return "it was not asked to"
	}
	last := creates[len(creates)-1]
	if last.Error != "" {
		return last.Error
	}
	return fmt.Sprintf("it answered %d %s", last.Answer().Status, Clip(string(last.Answer().Body), 300))
}
