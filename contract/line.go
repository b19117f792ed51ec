package contract

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
	merchant  = relay.Merchant
	gateway   = relay.PayPorter
	customer  = "customer"
	attacker  = "attacker"
	inspector = "harness"
)

// call is one exchange, from the moment it began. The line's lock guards it until it is over.
type call struct {
	relay.Call
	order *order // whose it is; nil: nobody's
	over  bool

	checkoutID string // of a call to PayPorter: what its path or its answer names; of a callback: its checkout
	orderID    string // of a create
}

// line is the wire between the shop and PayPorter, and everything else that a run saw. It knows
// who is waiting for what.
type line struct {
	relay.Record[call]
	orders []*order // its lock guards them, too
}

// begin records that an exchange has begun.
func (l *line) begin(c *call) *call {
	l.Change(func() {
		c.At = time.Now()
		l.Calls = append(l.Calls, c)
	})
	return c
}

// end records what became of it.
func (l *line) end(c *call, a exchange.Message, fault string) {
	l.Change(func() {
		c.LatencyMS, c.over, c.Response, c.Error = exchange.Millis(time.Since(c.At)), true, &a, fault
		c.learnLocked()
	})
}

// learnLocked takes from the answer to a create what the order needs to know.
func (c *call) learnLocked() {
	if !c.isCreate() || c.order == nil || c.Answer().Status != http.StatusOK {
		return
	}
	var made struct{ CheckoutID, RedirectURL string }
	if json.Unmarshal(c.Response.Body, &made) == nil && made.CheckoutID != "" {
		c.checkoutID = made.CheckoutID
		c.order.checkouts = append(c.order.checkouts, made.CheckoutID)
		c.order.links = append(c.order.links, made.RedirectURL)
	}
}

// expect takes an order under observation: creates that arrive now may be for it.
func (l *line) expect(o *order) {
	l.Lock()
	defer l.Unlock()
	o.open = true
	l.orders = append(l.orders, o)
}

// forget says that the customer waits no longer, so that new creates are for others.
func (l *line) forget(o *order) {
	l.Lock()
	defer l.Unlock()
	o.open = false
}

// ownerLocked finds the order that a create is most likely for; nil: none is open, and none sent this orderId.
func (l *line) ownerLocked(orderID, amount string) *order {
	var owner *order
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
func (o *order) likelyLocked(orderID, amount string) int {
	sent := orderID != "" && slices.Contains(o.sentIDs, orderID)
	switch {
	case o.open && sent && decimal.Same(o.amount, amount):
		return 6
	case o.open && decimal.Same(o.amount, amount) && len(o.sentIDs) == 0:
		return 5
	case o.open && decimal.Same(o.amount, amount):
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

// ofLocked reports whether a call belongs to the order: by its create, its callback or its checkout's id.
func (c *call) ofLocked(o *order) bool {
	return c.order == o || c.order == nil && c.checkoutID != "" && slices.Contains(o.checkouts, c.checkoutID)
}

// toPayPorter reports whether the call is one of the shop's to PayPorter.
func (c *call) toPayPorter() bool { return c.From == merchant && c.To == gateway }

func (c *call) isCallback() bool { return c.From == gateway && c.To == merchant }

// hasCreate reports whether a call is one of the shop's creates for the order.
func (o *order) hasCreate(c *call) bool { return c.isCreate() && c.order == o }

// hasCallback reports whether PayPorter tells the shop about the order.
func (o *order) hasCallback(c *call) bool { return c.isCallback() && c.order == o }

// hasQuestion reports whether the shop asks for the order's status. The line's lock is held.
func (o *order) hasQuestion(c *call) bool { return c.isStatus() && c.ofLocked(o) }

// taken reports whether a callback was answered as PayPorter wants it.
func (c call) taken() bool {
	return c.Answer().Status >= 200 && c.Answer().Status < 300 && c.Took() < callbackPatience
}

// redirects reports whether the answer sends whoever asked elsewhere.
func (c call) redirects() bool { return c.Answer().Status >= 300 && c.Answer().Status < 400 }

// fields are the properties of a create; nil: its body is no object.
func (c *call) fields() map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(c.Request.Body, &fields) != nil {
		return nil
	}
	return fields
}

// sent is a property of a create as it was sent, with its quotes; empty: it was not.
func (c *call) sent(name string) json.RawMessage {
	return c.fields()[name]
}

// sentText is a property that is text.
func (c *call) sentText(name string) string {
	var text string
	_ = json.Unmarshal(c.sent(name), &text) // what is no text is empty
	return text
}
