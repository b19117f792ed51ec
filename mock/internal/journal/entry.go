// Package journal records what happened to one merchant: every exchange in both directions and
// every change of a payment. It keeps the newest entries within a bound, and no secret: whoever
// records makes messages with internal/exchange, which masks them.
package journal

import (
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Kind says what an entry is about.
type Kind string

// The kinds of entries.
const (
	Create   Kind = "create"   // the merchant called POST /api/checkout
	Status   Kind = "status"   // the merchant called GET /api/checkout/{checkoutId}
	Request  Kind = "request"  // the merchant called something that does not exist, or only looked: HEAD, OPTIONS
	Page     Kind = "page"     // the customer's browser called the hosted page
	Bank     Kind = "bank"     // the customer's browser called the bank's 3-D Secure page
	Payment  Kind = "payment"  // a checkout got a result; no exchange of its own
	Callback Kind = "callback" // the sandbox tried to deliver a callback
	Forge    Kind = "forge"    // the sandbox sent what an attacker would
	Control  Kind = "control"  // somebody moved the clock, reset, or drove a checkout
)

// Entry is one thing that happened. Zero fields do not apply to it.
type Entry struct {
	Seq        uint64            `json:"seq"`             // from 1, without gaps, in the order of recording; `after` takes it
	Time       time.Time         `json:"time"`            // when it began, by the merchant's clock
	EndedAt    time.Time         `json:"endedAt"`         // when it was over, by the same clock; Append takes Time for zero
	StartSeq   Moment            `json:"startSeq"`        // zero: before the last reset
	EndSeq     Moment            `json:"endSeq"`          // Append takes the next one for zero
	Cause      Moment            `json:"cause,omitempty"` // the StartSeq of the entry that made it happen; zero: none is known
	Kind       Kind              `json:"kind"`
	CheckoutID string            `json:"checkoutId,omitempty"`
	OrderID    string            `json:"orderId,omitempty"`
	DeliveryID string            `json:"deliveryId,omitempty"`
	Attempt    int               `json:"attempt,omitempty"`  // the n-th try of the delivery
	Status     string            `json:"status,omitempty"`   // of the payment, or of the delivery for a callback
	Scenario   string            `json:"scenario,omitempty"` // the name of the one that the checkout follows
	Note       string            `json:"note,omitempty"`
	Warnings   []string          `json:"warnings,omitempty"`
	Request    *exchange.Message `json:"request,omitempty"`
	Response   *exchange.Message `json:"response,omitempty"`
	LatencyMS  float64           `json:"latencyMs"` // by the merchant's clock, zero when that is frozen
	Error      string            `json:"error,omitempty"`

	bytes int // about what it holds in memory
}

// End notes when the exchange was over, by the clock that showed when it began.
func (e *Entry) End(at time.Time) {
	e.EndedAt, e.LatencyMS = at, Millis(e.Time, at)
}

// Millis is how long it is from one time to another, in milliseconds, never negative.
func Millis(from, until time.Time) float64 {
	return max(0, float64(until.Sub(from).Microseconds())/1000)
}

// maxText bounds a note, an error, an id or a name, in bytes.
const maxText = 2 << 10

// masked is a short text as the journal keeps it, ids too: people give orders the numbers of cards.
func masked(s string) string { return exchange.Bounded(payment.MaskSecrets(s), maxText) }

// settle masks and bounds what the entry says besides its messages, which are masked where they are made.
func (e *Entry) settle() {
	e.OrderID, e.CheckoutID = masked(e.OrderID), masked(e.CheckoutID)
	e.Note, e.Error = masked(e.Note), masked(e.Error)
	for _, s := range []*string{&e.DeliveryID, &e.Status, &e.Scenario} {
		*s = exchange.Bounded(*s, maxText)
	}
	e.bytes = e.size()
}

// size is about what the entry holds in memory, in bytes.
func (e *Entry) size() int {
	n := 350 + len(e.CheckoutID) + len(e.OrderID) + len(e.DeliveryID) + len(e.Status) + len(e.Scenario)
	n += len(e.Note) + len(e.Error)
	for _, w := range e.Warnings {
		n += 16 + len(w)
	}
	return n + e.Request.Size() + e.Response.Size()
}
