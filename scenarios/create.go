package scenarios

import (
	"maps"
	"time"
)

// Create is what happens to a request that makes a checkout or a payment: POST /api/checkout, and POST /api/payment and
// its like for a scenario that is used for them.
type Create struct {
	Delay   Delay
	Respond *Respond // answered instead of the real one; nil: the real answer
	Fault   Fault    // empty: none
	Times   int      // all of the above is for the first requests of an order only; zero: for all of them
	// the checkout or payment is made although Respond or Fault keeps the merchant from knowing; always with Drip
	Created      bool
	ExpiresAfter time.Duration // how long the link can be paid; zero: as long as the sandbox's links
}

// Refuses reports whether the n-th request of an order, counted from 1, ends without a checkout.
func (c *Create) Refuses(n int) bool {
	return c != nil && c.Applies(n) && (c.Respond != nil || c.Fault != "") && !c.Created
}

// Applies reports whether Delay, Respond and Fault are for the n-th request of an order, counted
// from 1.
func (c *Create) Applies(n int) bool { return c != nil && (c.Times == 0 || n <= c.Times) }

// create reads what happens to a request that makes a checkout or a payment.
func (r *reader) create(v value) *Create {
	var c Create
	r.answered(v, &c, keys{"expiresAfter": func(v value) { c.ExpiresAfter = r.duration(v) }})
	return &c
}

// answered reads how a request is answered, and the further keys that the phase has.
func (r *reader) answered(v value, c *Create, further keys) given {
	var inner int
	known := keys{
		"delay":   func(v value) { c.Delay = r.delay(v) },
		"respond": func(v value) { c.Respond, inner = r.respond(v) },
		"fault":   func(v value) { c.Fault = r.wireFault(v) },
		"times":   func(v value) { c.Times = r.whole(v, 1, manyTimes) },
		"created": func(v value) { c.Created = r.truth(v) },
	}
	maps.Copy(known, further)
	g := r.mapping(v, known)
	c.Times = r.times(g, v.path, c.Times, inner)
	r.oneAnswer(g, v.path)

	failing := g.has("respond") || g.has("fault")
	switch {
	case g.has("created") && !failing:
		r.fault(g["created"], v.path+".created says nothing without respond or fault", "")
	case g.has("created") && !c.Created && c.Fault == Drip:
		r.fault(g["created"], v.path+".created cannot be false with fault drip, whose answer arrives in the end", "")
	case g.has("times") && !failing && !g.has("delay"):
		r.fault(g["times"], v.path+".times says nothing without delay, respond or fault", "")
	}
	c.Created = c.Created || c.Fault == Drip
	return g
}
