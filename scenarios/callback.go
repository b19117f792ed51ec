package scenarios

import (
	"time"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// Callback is how the merchant's callback URL is told.
type Callback struct {
	Via        Via        // empty: server
	Retry      *Retry     // nil: as the sandbox is set
	Deliveries []Delivery // empty: one, at once
}

// Via is the way a callback takes.
type Via string

// The ways.
const (
	ViaServer  Via = "server"  // the sandbox POSTs it
	ViaBrowser Via = "browser" // the hosted page submits it from the customer's browser
	ViaBoth    Via = "both"
	ViaNone    Via = "none" // it gets lost
)

// Retry says when a delivery that was not taken is sent again. Its zero value never does.
type Retry struct {
	Documented bool            // by PayPorter's plan for webhooks
	Waits      []time.Duration // before the first retry, the second, ...; there is none after the last
}

// Delivery is one callback, or several alike.
type Delivery struct {
	After          time.Duration // after the payment's result
	Count          int           // how often; at least 1
	Concurrently   bool          // all at the same time, rather than one after the other
	BeforeResponse bool          // before POST /api/checkout has answered; paid by then, unless payer.after says later
	CheckoutID     CheckoutID    // empty: the right one
	As             Encoding      // never empty
}

// CheckoutID is what stands where the checkout's id belongs.
type CheckoutID string

// The wrong ids.
const (
	UnknownID   CheckoutID = "unknown"   // an id that no checkout has
	MissingID   CheckoutID = "missing"   // no id at all
	MalformedID CheckoutID = "malformed" // not a UUID
	OtherID     CheckoutID = "other"     // of another checkout of the merchant
)

// Encoding is how a callback carries its values.
type Encoding string

// The encodings.
const (
	AsForm  Encoding = "form" // the documented one
	AsJSON  Encoding = "json"
	AsQuery Encoding = "query"
)

// beforeResponse reports whether a delivery comes before POST /api/checkout has answered.
func (c *Callback) beforeResponse() bool {
	if c == nil {
		return false
	}
	for _, d := range c.Deliveries {
		if d.BeforeResponse {
			return true
		}
	}
	return false
}

// callback reads how the merchant's callback URL is told.
func (r *reader) callback(v value) *Callback {
	var c Callback
	g := r.mapping(v, keys{
		"via":        func(v value) { c.Via = choice(r, v, ViaServer, ViaBrowser, ViaBoth, ViaNone) },
		"retry":      func(v value) { c.Retry = r.retry(v) },
		"deliveries": func(v value) { c.Deliveries = r.deliveries(v) },
	})
	switch retries := c.Retry != nil && (c.Retry.Documented || len(c.Retry.Waits) > 0); {
	case c.Via == ViaNone && g.has("deliveries"):
		r.fault(g["deliveries"], "callback.deliveries cannot go with via none", "")
	case c.Via == ViaNone && retries:
		r.fault(g["retry"], "callback.retry cannot go with via none", "")
	case c.Via == ViaBrowser && retries:
		r.fault(g["retry"], "callback.retry cannot go with via browser: a browser submits its form once", "")
	case c.Via == ViaBrowser:
		r.unfitForBrowser(g, c.Deliveries)
	}

	return &c
}

func (r *reader) unfitForBrowser(g given, deliveries []Delivery) {
	for _, d := range deliveries {
		switch {
		case d.BeforeResponse:
			message := "a delivery with beforeResponse cannot go with via browser: no customer has come by then"
			r.fault(g["deliveries"], message, "")
		case d.As != AsForm:
			r.fault(g["deliveries"], "a delivery as "+string(d.As)+" cannot go with via browser, which sends a form", "")
		case d.After > 0 || d.Count > 1 || len(deliveries) > 1:
			message := "via browser brings one callback, when the customer has its result"
			r.fault(g["deliveries"], message, "leave after, count and further deliveries out")
		}
	}
}

// retry reads documented, none or a list of waits.
func (r *reader) retry(v value) *Retry {
	switch {
	case yamlfile.IsText(v.node) && v.node.Value == "documented":
		return &Retry{Documented: true}
	case yamlfile.IsText(v.node) && v.node.Value == "none":
		return &Retry{}
	case !yamlfile.IsList(v.node):
		r.want(v, "documented, none or a list of waits", wording.DidYouMean(v.node.Value, []string{"documented", "none"}))
		return nil
	}

	var waits []time.Duration
	for _, wait := range r.list(v) {
		d := r.duration(wait)
		if _, err := time.ParseDuration(wait.node.Value); d == 0 && err == nil {
			r.fault(wait.place, wait.path+" must be longer than 0s, got "+wait.node.Value, "")
		}
		waits = append(waits, d)
	}

	return &Retry{Waits: waits}
}

// mostDeliveries is how many callbacks a scenario may send at one go: the sandbox is no load
// generator.
const mostDeliveries = 100

func (r *reader) deliveries(v value) []Delivery {
	var all []Delivery
	sum := 0
	for _, one := range r.list(v) {
		d := r.delivery(one)
		all = append(all, d)
		sum += d.Count
	}

	if sum > mostDeliveries {
		r.fault(v.place, v.path+" must be at most 100 in all", "")
	}
	return all
}

func (r *reader) delivery(v value) Delivery {
	d := Delivery{Count: 1, As: AsForm}
	g := r.mapping(v, keys{
		"after":          func(v value) { d.After = r.duration(v) },
		"count":          func(v value) { d.Count = r.whole(v, 1, mostDeliveries) },
		"concurrently":   func(v value) { d.Concurrently = r.truth(v) },
		"beforeResponse": func(v value) { d.BeforeResponse = r.truth(v) },
		"checkoutId":     func(v value) { d.CheckoutID = choice(r, v, UnknownID, MissingID, MalformedID, OtherID) },
		"as":             func(v value) { d.As = choice(r, v, AsForm, AsJSON, AsQuery) },
	})
	if d.Concurrently && d.Count < 2 {
		r.fault(g["concurrently"], v.path+": concurrently needs a count of at least 2", "")
	}
	if d.BeforeResponse && d.After > 0 {
		r.fault(g["after"], v.path+" cannot have both after and beforeResponse", "")
	}

	return d
}
