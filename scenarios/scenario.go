// Package scenarios says what the sandbox does differently for a checkout: it parses and checks
// scenario files, finds the scenario for a checkout and explains the choice. It ships a library of
// scenarios that can be used by name.
//
// It is pure: it reads the files it is told to and the library within it, and knows no clock, no
// randomness and no state. How often a scenario was used, what time it is and what is drawn from
// a range, its caller knows.
package scenarios

import "strings"

// Scenario is one entry of a scenario file. What is nil or zero is left as the sandbox does it
// anyway. A scenario is shared by all who read it: it must not be changed.
type Scenario struct {
	Name        string
	Description string
	When        When
	Limit       int // applies at most this often; zero: always
	Create      *Create
	Payer       *Payer
	Payment     Payments
	Callback    *Callback
	Status      []Step // of successive GET /api/checkout/{checkoutId}
	Place       Place
}

// scenario reads an entry of the list of scenarios.
func (r *reader) scenario(v value) *Scenario {
	s := &Scenario{Place: v.place}
	if isMapping(v.node) {
		v.path = "" // the place tells which scenario
	}
	g := r.mapping(v, keys{
		"name":        func(v value) { s.Name = r.name(v) },
		"description": func(v value) { s.Description, _ = r.text(v) },
		"when":        func(v value) { s.When = r.when(v) },
		"limit":       func(v value) { s.Limit = r.whole(v, 1, manyTimes) },
		"create":      func(v value) { s.Create = r.create(v) },
		"payer":       func(v value) { s.Payer = r.payer(v) },
		"payment":     func(v value) { s.Payment = r.payments(v) },
		"callback":    func(v value) { s.Callback = r.callback(v) },
		"status":      func(v value) { s.Status = r.status(v) },
	})
	if !g.has("name") && isMapping(v.node) {
		r.fault(v.place, "a scenario needs a name", "")
	}
	r.oneOrTheOther(s, g)
	r.neverReached(s, g)
	r.notPaid(s, g)
	return s
}

func (r *reader) name(v value) string {
	name, ok := r.text(v)
	if ok && !validName(name) {
		r.want(v, "1 to 64 letters and digits with single hyphens between them", "")
	}
	return name
}

// oneOrTheOther refuses two ways of saying what an attempt to pay comes to.
func (r *reader) oneOrTheOther(s *Scenario, g given) {
	if g.has("payment") && len(s.Payment) > 1 && !s.When.Attempt.Any() {
		r.fault(g["payment"], "a list of payments, one an attempt, cannot go with when.attempt", "")
	}
}

// neverReached refuses what would follow a checkout that is never made.
func (r *reader) neverReached(s *Scenario, g given) {
	if s.Create == nil || s.Create.Times > 0 || !s.Create.Refuses(1) {
		return
	}
	var lost []string
	for _, key := range []string{"payer", "payment", "callback", "status"} {
		if g.has(key) {
			lost = append(lost, key)
		}
	}
	if len(lost) > 0 {
		r.fault(g["create"], "create never makes a checkout, so "+strings.Join(lost, ", ")+" cannot happen", "give it times, or created: true")
	}
}

// notPaid refuses the result of a payment that nobody makes, and callbacks about it.
func (r *reader) notPaid(s *Scenario, g given) {
	if s.Payer == nil {
		return
	}
	action := string(s.Payer.Action)
	if g.has("payment") && (s.Payer.Action == Abandon || s.Payer.Action == Cancel) {
		r.fault(g["payment"], "payment cannot happen with payer.action "+action, "")
	}
	if s.Callback.beforeResponse() && s.Payer.Action != Pay {
		r.fault(g["callback"], "a delivery with beforeResponse cannot go with payer.action "+action+": nobody will have paid", "")
	}
}
