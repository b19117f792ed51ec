// Package scenarios says what the sandbox does differently for a checkout: it parses and checks
// scenario files, finds the scenario for a checkout and explains the choice. It ships a library of
// scenarios that can be used by name.
//
// It is pure: it reads the files it is told to and the library within it, and knows no clock, no
// randomness and no state. How often a scenario was used, what time it is and what is drawn from
// a range, its caller knows.
package scenarios

import (
	"maps"
	"slices"
	"strings"
)

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
	Webhook     *Webhook
	Status      []Step // of successive GETs of a checkout or a payment

	ThreeDSecure *ThreeDSecure // what becomes of POST /api/3ds
	Cancel       *Create       // what happens to the request that cancels the payment
	Capture      *Create       // and to the one that captures it
	Refund       *Refund       // and to its refunds

	Place Place
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
		"webhook":     func(v value) { s.Webhook = r.webhook(v) },
		"status":      func(v value) { s.Status = r.status(v) },

		"threeDSecure": func(v value) { s.ThreeDSecure = r.threeDSecure(v) },
		"cancel":       func(v value) { s.Cancel = r.followUp(v) },
		"capture":      func(v value) { s.Capture = r.followUp(v) },
		"refund":       func(v value) { s.Refund = r.refund(v) },
	})
	if !g.has("name") && isMapping(v.node) {
		r.fault(v.place, "a scenario needs a name", "")
	}
	r.oneOrTheOther(s, g)
	r.neverReached(s, g)
	r.notPaid(s, g)
	r.otherOperation(s, g)
	return s
}

// phasesOf are the operations that a phase is for. Other phases are for the payment, whatever made it.
var phasesOf = map[string][]Operation{
	"create":       {OpCheckout, OpPayment, OpThreeDSecure, OpPreAuthorization, OpInstallmentOptions},
	"payer":        {OpCheckout},
	"payment":      {OpCheckout, OpPayment, OpThreeDSecure, OpPreAuthorization},
	"callback":     {OpCheckout},
	"webhook":      {OpCheckout, OpPayment, OpThreeDSecure, OpPreAuthorization, OpCapture, OpCancel, OpRefund},
	"threeDSecure": {OpThreeDSecure},
	"capture":      {OpPreAuthorization, OpCapture},
}

// otherOperation refuses phases that no operation of the scenario meets.
func (r *reader) otherOperation(s *Scenario, g given) {
	if len(s.When.Operation) == 0 {
		return
	}
	for _, phase := range slices.Sorted(maps.Keys(phasesOf)) {
		met := slices.ContainsFunc(s.When.Operation, func(op Operation) bool { return slices.Contains(phasesOf[phase], op) })
		if g.has(phase) && !met {
			r.fault(g[phase], phase+" cannot happen with when.operation "+s.When.Operation.String(), "")
		}
	}
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
	for _, key := range []string{
		"payer", "payment", "callback", "webhook", "status", "threeDSecure", "cancel", "capture",
		"refund",
	} {
		if g.has(key) {
			lost = append(lost, key)
		}
	}

	if len(lost) > 0 {
		r.fault(g["create"], "create never makes a checkout, so "+strings.Join(lost, ", ")+" cannot happen",
			"give it times, or created: true")
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
		r.fault(g["callback"], "a delivery with beforeResponse cannot go with payer.action "+action+
			": nobody will have paid", "")
	}
}
