package scenarios

import "time"

// Refund is what happens to a refund: to the request for it, and to its approval.
type Refund struct {
	Create
	Decision Decision
	After    time.Duration // of the decision, after the request has been answered
}

// Decision is what becomes of a refund that waits for approval.
type Decision string

// The decisions.
const (
	WaitForApproval Decision = "wait"        // nothing by itself: somebody decides through the control API; the default
	Approve         Decision = "approve"     // the administrator approves, and the bank gives the money back
	Reject          Decision = "reject"      // the administrator does not
	BankRejects     Decision = "bankRejects" // the administrator approves, and the bank refuses
)

// ThreeDSecure is what becomes of the 3-D Secure step of a payment by the API.
type ThreeDSecure struct{ Outcome Authentication }

// Authentication is what the bank's page comes to, without a code.
type Authentication string

// The outcomes.
const (
	Authenticated    Authentication = "authenticated"    // the bank asks for nothing
	Unauthenticated  Authentication = "failed"           // the bank does not authenticate the customer
	Left             Authentication = "abandoned"        // the customer never comes back
	WrongSecurityKey Authentication = "wrongSecurityKey" // the customer comes back with a key that is not the payment's
)

// Answers is what happens to a request for the operation; nil: nothing.
func (s *Scenario) Answers(op Operation) *Create {
	switch {
	case s == nil:
		return nil
	case op == OpCapture:
		return s.Capture
	case op == OpCancel:
		return s.Cancel
	case op != OpRefund:
		return s.Create
	case s.Refund == nil:
		return nil
	}
	return &s.Refund.Create
}

// followUp reads what happens to a request that captures or cancels.
func (r *reader) followUp(v value) *Create {
	var c Create
	r.answered(v, &c, keys{})
	return &c
}

// refund reads what happens to a refund.
func (r *reader) refund(v value) *Refund {
	f := &Refund{Decision: WaitForApproval}
	g := r.answered(v, &f.Create, keys{
		"decision": func(v value) { f.Decision = choice(r, v, Approve, Reject, BankRejects, WaitForApproval) },
		"after":    func(v value) { f.After = r.duration(v) },
	})
	if g.has("after") && f.Decision == WaitForApproval {
		r.fault(g["after"], v.path+".after says nothing without a decision", "")
	}

	if g.has("decision") && f.Times == 0 && f.Refuses(1) {
		r.fault(g["decision"], v.path+" never makes a refund, so nobody decides on it", "give it times, or created: true")
	}
	return f
}

// threeDSecure reads what the bank's page comes to.
func (r *reader) threeDSecure(v value) *ThreeDSecure {
	var t ThreeDSecure
	g := r.mapping(v, keys{
		"outcome": func(v value) {
			t.Outcome = choice(r, v, Authenticated, Unauthenticated, Left, WrongSecurityKey)
		},
	})
	if !g.has("outcome") && isMapping(v.node) {
		r.fault(v.place, v.path+" needs an outcome", "")
	}
	return &t
}
