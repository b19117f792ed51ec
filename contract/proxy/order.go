package proxy

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Bounds of what is remembered for a scenario file.
const (
	mostTries  = 2_000  // requests that make a checkout or a payment, over all orders
	mostLength = 90_000 // of all patterns, with 16 for each
	mostAsked  = 20     // different answers about one payment, one after the other
)

// orders are what was seen of each order, for a scenario file. They are safe for concurrent use.
type orders struct {
	mu      sync.Mutex // guards all below
	tries   []*try     // in the order in which they began
	byID    map[string]*try
	dropped int // tries that there was no room for
	length  int // of all patterns together, with what a set counts for each
}

// try is one request that asks for a checkout or a payment, and all that was seen of what it made.
type try struct {
	kind    store.EntryKind
	sent    facts
	order   string // masked as the scenario file may show it
	pattern string // takes the order's id
	mask    exchange.Masker
	ended   time.Time

	refusal *refusal // nil: it was made
	asked   []told   // what questions about it were answered
	final   facts    // what was last told of the payment, by an answer or a webhook
	settled time.Time
	taken   []time.Time          // callbacks that the app took
	follow  map[string][]refusal // refused captures, cancels and refunds
	decided string               // the status of its last refund
}

// refusal is an answer that made nothing: its status is zero when no whole one came.
type refusal struct {
	status int
	body   []byte // JSON, masked; nil: none that can be repeated
}

// told is the answer to questions, one after the other: an error, or facts.
type told struct {
	refused *refusal
	facts   facts
	times   int
}

// like reports whether two answers are the same, whatever is made anew for each.
func (a told) like(b told) bool {
	if a.refused != nil && b.refused != nil {
		return same(*a.refused, *b.refused)
	}
	return a.refused == nil && b.refused == nil && a.facts.Status == b.facts.Status &&
		a.facts.Amount == b.facts.Amount && a.facts.ResultCode == b.facts.ResultCode
}

// note remembers what an exchange tells of its order.
func (o *orders) note(x *passed) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.byID == nil {
		o.byID = map[string]*try{}
	}

	switch {
	case x.From == relay.PayPorter:
		o.toldLocked(x)
	case makes(x.kind) && x.Operation.ID != "completeThreeDSecure":
		o.madeLocked(x)
	case x.kind == store.EntryStatus:
		o.askedLocked(x)
	case x.kind == store.EntryCapture, x.kind == store.EntryCancel, x.kind == store.EntryRefund:
		o.followedLocked(x)
	case x.Operation != nil && x.Operation.ID == "completeThreeDSecure":
		o.completedLocked(x)
	}
}

// makes reports whether a request of the kind asks for a checkout or a payment.
func makes(kind store.EntryKind) bool {
	switch kind {
	case store.EntryCreate, store.EntrySale, store.EntryPreAuthorization, store.EntryThreeDSecure:
		return true
	}
	return false
}

// madeLocked remembers a request that asks for a checkout or a payment.
func (o *orders) madeLocked(x *passed) {
	if x.sent.OrderID == "" || x.refusedForItself() {
		return // it says nothing about the order
	}
	t := &try{
		kind: x.kind, sent: x.sent, order: x.mask.Text(x.sent.OrderID), pattern: patternOf(x.mask, x.sent.OrderID),
		mask: x.mask, ended: x.ended, follow: map[string][]refusal{},
	}
	if len(o.tries) >= mostTries || o.length+len(t.pattern)+16 > mostLength {
		o.dropped++
		return
	}

	o.tries, o.length = append(o.tries, t), o.length+len(t.pattern)+16
	if t.refusal = x.refused(); t.refusal != nil {
		return
	}
	for _, id := range []string{x.told.CheckoutID, x.told.PaymentID} {
		if id != "" {
			o.byID[id] = t
		}
	}
	if x.told.Status != "" {
		t.learn(x.told, x.ended)
	}
}

// refusedForItself reports whether the request was refused because of what is wrong with it, or with its credentials.
// A sandbox does that by itself.
func (x *passed) refusedForItself() bool {
	status := x.Answer().Status
	wrong := slices.ContainsFunc(x.faults, func(f fault) bool { return f.rule == requestsFit })
	return status == http.StatusUnauthorized || wrong && status >= http.StatusBadRequest &&
		status < http.StatusInternalServerError
}

// refused is what kept the app from knowing that the request was done; nil: nothing did.
func (x *passed) refused() *refusal {
	answer := x.Answer()
	if x.Error != "" {
		return &refusal{}
	}
	if answer.Status < http.StatusBadRequest {
		return nil
	}

	r := &refusal{status: answer.Status}
	if x.told.fields != nil && len(answer.Body) < 8<<10 {
		r.body = []byte(x.mask.Text(string(answer.Body)))
	}
	return r
}

// learn remembers what was told of the payment. When it is first told to be over, it was over by then.
func (t *try) learn(f facts, at time.Time) {
	t.final = f
	if t.settled.IsZero() && f.Status != "" && f.Status != "ENROLLED" {
		t.settled = at
	}
}

// askedLocked remembers the answer to a question.
func (o *orders) askedLocked(x *passed) {
	t := o.byID[x.aboutID()]
	if t == nil {
		return
	}
	refused := x.refused()
	if refused == nil {
		if x.told.Type == "REFUND" {
			t.decided = x.told.Status
			return
		}
		t.learn(x.told, x.ended)
		if x.told.PaymentID != "" {
			o.byID[x.told.PaymentID] = t
		}
	}

	answer := told{refused, x.told, 1}
	if last := len(t.asked) - 1; last >= 0 && t.asked[last].like(answer) {
		t.asked[last].times++
	} else if len(t.asked) < mostAsked {
		t.asked = append(t.asked, answer)
	}
}

// aboutID is the checkout or the payment in the path.
func (x *passed) aboutID() string {
	if id := x.Params["checkoutId"]; id != "" {
		return id
	}
	return x.Params["paymentId"]
}

// toldLocked remembers a callback or a webhook.
func (o *orders) toldLocked(x *passed) {
	status := x.Answer().Status
	if x.kind == store.EntryWebhook {
		if t := o.byID[x.sent.PaymentID]; t != nil && x.sent.Type == "REFUND" {
			t.decided = x.sent.Status
		} else if t != nil && t.final.Status != x.sent.Status {
			t.learn(x.sent, x.began)
		}
		return
	}

	t := o.byID[x.sent.CheckoutID]
	if t == nil {
		return
	}
	if t.settled.IsZero() {
		t.settled = x.began
	}
	if status >= 200 && status < 300 && len(t.taken) < mostAsked {
		t.taken = append(t.taken, x.began)
	}
}

// followedLocked remembers what became of a capture, a cancel or a refund.
func (o *orders) followedLocked(x *passed) {
	t := o.byID[x.aboutID()]
	if t == nil {
		return
	}
	phase := string(x.kind)
	if refused := x.refused(); refused != nil {
		if len(t.follow[phase]) < mostAsked {
			t.follow[phase] = append(t.follow[phase], *refused)
		}
		return
	}
	if x.kind == store.EntryRefund {
		t.decided = x.told.Status
	}
	if x.told.PaymentID != "" {
		o.byID[x.told.PaymentID] = t
	}
}

// completedLocked remembers the result of a payment with 3-D Secure.
func (o *orders) completedLocked(x *passed) {
	if t := o.byID[x.aboutID()]; t != nil && x.refused() == nil {
		t.learn(x.told, x.ended)
	}
}
