package shop

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// Those who take part, as reports name them.
const (
	Merchant  = relay.Merchant
	Gateway   = relay.PayPorter
	customer  = "customer"
	Attacker  = "attacker"
	inspector = "harness"
)

// Call is one exchange, from the moment it began. The line's lock guards it until it is over.
type Call struct {
	relay.Call
	Order *Purchase // whose it is; nil: nobody's
	Over  bool

	checkoutID string // of a call to PayPorter: what its path or its answer names; of a callback: its checkout
	OrderID    string // of a create
	paymentID  string // of a call about a payment: what its path names
}

// line is the wire between the shop and PayPorter, and everything else that a run saw. It knows
// who is waiting for what.
type line struct {
	relay.Record[Call]
	orders []*Purchase          // its lock guards them, too
	owners map[string]*Purchase // by checkoutId, likewise
}

// ended is when a call was over.
func (c Call) ended() time.Time { return c.At.Add(c.Took()) }

// begin records that an exchange has begun.
func (l *line) begin(c *Call) *Call {
	l.Change(func() {
		c.At = time.Now()
		l.Calls = append(l.Calls, c)
	})
	return c
}

// end records what became of it.
func (l *line) end(c *Call, a exchange.Message, fault string) {
	l.Change(func() {
		c.LatencyMS, c.Over, c.Response, c.Error = exchange.Millis(time.Since(c.At)), true, &a, fault
		if c.learnLocked(); c.IsCreate() && c.checkoutID != "" {
			l.owners[c.checkoutID] = c.Order
		}
	})
}

// ownedLocked reports whether a call belongs to an order of the run.
func (l *line) ownedLocked(c *Call) bool {
	switch {
	case c.Order != nil:
		return true
	case c.paymentID != "":
		return slices.ContainsFunc(l.orders, c.OfLocked)
	}
	return l.owners[c.checkoutID] != nil
}

// countLocked counts the calls that fit, from one of them on.
func (l *line) countLocked(from int, fits func(*Call) bool) (n int) {
	for _, c := range l.Calls[min(from, len(l.Calls)):] {
		if fits(c) {
			n++
		}
	}
	return n
}

// learnLocked takes from the answer to a create what the order needs to know.
func (c *Call) learnLocked() {
	if !c.IsCreate() || c.Order == nil || c.Answer().Status != http.StatusOK {
		return
	}
	var made struct{ CheckoutID, RedirectURL string }
	if json.Unmarshal(c.Response.Body, &made) == nil && made.CheckoutID != "" {
		c.checkoutID = made.CheckoutID
		c.Order.Checkouts = append(c.Order.Checkouts, made.CheckoutID)
		c.Order.Links = append(c.Order.Links, made.RedirectURL)
	}
}

// expect takes an order under observation: creates that arrive now may be for it.
func (l *line) expect(o *Purchase) {
	l.Lock()
	defer l.Unlock()
	o.open = true
	l.orders = append(l.orders, o)
}

// forget says that the customer waits no longer, so that new creates are for others.
func (l *line) forget(o *Purchase) {
	l.Lock()
	defer l.Unlock()
	o.open = false
}

// Placed are the orders of the whole run that were begun, oldest first.
func (l *line) Placed() []*Purchase {
	l.Lock()
	defer l.Unlock()
	return slices.Clone(l.orders)
}

// ownerLocked finds the order that a create is most likely for; nil: none is open, and none sent this orderId.
func (l *line) ownerLocked(orderID, amount string) *Purchase {
	var owner *Purchase
	most := 0
	for _, o := range slices.Backward(l.orders) { // the newest of those that are as likely
		if n := o.likelyLocked(orderID, amount); n > most {
			owner, most = o, n
		}
	}
	return owner
}

// likelyLocked says how likely a create is for the order: an open one that sent this orderId before, or costs that
// much, is likelier than one whose customer has gone, and that one than an open one about which nothing fits.
func (o *Purchase) likelyLocked(orderID, amount string) int {
	sent := orderID != "" && slices.Contains(o.SentIDs, orderID)
	switch {
	case o.open && sent && decimal.Same(o.Amount, amount):
		return 6
	case o.open && decimal.Same(o.Amount, amount) && len(o.SentIDs) == 0:
		return 5
	case o.open && decimal.Same(o.Amount, amount):
		return 4
	case o.open && sent:
		return 3
	case sent:
		return 2
	case o.open:
		return 1
	}

	return 0
}

// OfLocked reports whether a call belongs to the order: by its create, its callback, its checkout's id or a payment's.
func (c *Call) OfLocked(o *Purchase) bool {
	switch {
	case c.Order != nil:
		return c.Order == o
	case c.paymentID != "":
		return slices.Contains(o.payments, c.paymentID) || slices.Contains(o.refunds, c.paymentID)
	}
	return c.checkoutID != "" && slices.Contains(o.Checkouts, c.checkoutID)
}

// ToPayPorter reports whether the call is one of the shop's to PayPorter.
func (c *Call) ToPayPorter() bool { return c.From == Merchant && c.To == Gateway }

func (c *Call) isCallback() bool {
	return c.From == Gateway && c.To == Merchant && c.Title != webhookTitle
}

// HasCreate reports whether a call is one of the shop's creates for the order.
func (o *Purchase) HasCreate(c *Call) bool { return c.IsCreate() && c.Order == o }

// HasCallback reports whether PayPorter tells the shop about the order.
func (o *Purchase) HasCallback(c *Call) bool { return c.isCallback() && c.Order == o }

// HasQuestion reports whether the shop asks for the order's status. The line's lock is held.
func (o *Purchase) HasQuestion(c *Call) bool { return c.isStatus() && c.OfLocked(o) }

// Taken reports whether a callback was answered as PayPorter wants it.
func (c Call) Taken() bool {
	return c.Answer().Status >= 200 && c.Answer().Status < 300 && c.Took() < CallbackPatience
}

// Redirects reports whether the answer sends whoever asked elsewhere.
func (c Call) Redirects() bool { return c.Answer().Status >= 300 && c.Answer().Status < 400 }

// Fields are the properties of a create; nil: its body is no object.
func (c *Call) Fields() map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(c.Request.Body, &fields) != nil {
		return nil
	}
	return fields
}

// Sent is a property of a create as it was sent, with its quotes; empty: it was not.
func (c *Call) Sent(name string) json.RawMessage {
	return c.Fields()[name]
}

// SentText is a property that is text.
func (c *Call) SentText(name string) string {
	var text string
	_ = json.Unmarshal(c.Sent(name), &text) // what is no text is empty
	return text
}
