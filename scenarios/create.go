package scenarios

import "time"

// Create is what happens to POST /api/checkout.
type Create struct {
	Delay        Delay
	Respond      *Respond      // answered instead of the checkout; nil: the real answer
	Fault        Fault         // empty: none
	Times        int           // all of the above is for the first requests of an order only; zero: for all of them
	Created      bool          // the checkout is made although Respond or Fault keeps the merchant from knowing; always with Drip
	ExpiresAfter time.Duration // how long the link can be paid; zero: as long as the sandbox's links
}

// Refuses reports whether the n-th request of an order, counted from 1, ends without a checkout.
func (c *Create) Refuses(n int) bool {
	return c != nil && c.Applies(n) && (c.Respond != nil || c.Fault != "") && !c.Created
}

// Applies reports whether Delay, Respond and Fault are for the n-th request of an order, counted
// from 1.
func (c *Create) Applies(n int) bool { return c != nil && (c.Times == 0 || n <= c.Times) }

// create reads what happens to POST /api/checkout.
func (r *reader) create(v value) *Create {
	var c Create
	var inner int
	g := r.mapping(v, keys{
		"delay":        func(v value) { c.Delay = r.delay(v) },
		"respond":      func(v value) { c.Respond, inner = r.respond(v) },
		"fault":        func(v value) { c.Fault = r.wireFault(v) },
		"times":        func(v value) { c.Times = r.whole(v, 1, manyTimes) },
		"created":      func(v value) { c.Created = r.truth(v) },
		"expiresAfter": func(v value) { c.ExpiresAfter = r.duration(v) },
	})
	c.Times = r.times(g, "create", c.Times, inner)
	r.oneAnswer(g, "create")
	failing := g.has("respond") || g.has("fault")
	switch {
	case g.has("created") && !failing:
		r.fault(g["created"], "create.created says nothing without respond or fault", "")
	case g.has("created") && !c.Created && c.Fault == Drip:
		r.fault(g["created"], "create.created cannot be false with fault drip, whose answer arrives in the end", "")
	case g.has("times") && !failing && !g.has("delay"):
		r.fault(g["times"], "create.times says nothing without delay, respond or fault", "")
	}
	c.Created = c.Created || c.Fault == Drip
	return &c
}
