package store

import (
	"net/http"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Entry is one thing that happened to a merchant. Zero fields do not apply to it. Whoever records one has masked it.
type Entry struct {
	// from 1, without gaps, in the order of recording; `after` takes it
	Seq  uint64    `json:"seq"`
	Time time.Time `json:"time"` // when it began, by the merchant's clock
	// when it was over, by the same clock; Append takes Time for zero
	EndedAt  time.Time `json:"endedAt"`
	StartSeq Moment    `json:"startSeq"` // zero: before the last reset
	EndSeq   Moment    `json:"endSeq"`   // Append takes the next one for zero
	// the StartSeq of the entry that made it happen; zero: none is known
	Cause      Moment    `json:"cause,omitempty"`
	Kind       EntryKind `json:"kind"`
	CheckoutID string    `json:"checkoutId,omitempty"`
	OrderID    string    `json:"orderId,omitempty"`
	// of a payment that is none of a checkout, or that a webhook is about
	PaymentID  string            `json:"paymentId,omitempty"`
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
}

// EntryKind says what an entry is about.
type EntryKind string

// The kinds of entries.
const (
	EntryCreate EntryKind = "create" // the merchant called POST /api/checkout
	EntryStatus EntryKind = "status" // the merchant asked for a checkout or a payment
	// the merchant called something that does not exist, or only looked: HEAD, OPTIONS
	EntryRequest  EntryKind = "request"
	EntryPage     EntryKind = "page"     // the customer's browser called the hosted page
	EntryBank     EntryKind = "bank"     // the customer's browser called the bank's 3-D Secure page
	EntryPayment  EntryKind = "payment"  // a checkout or a payment got a result; no exchange of its own
	EntryCallback EntryKind = "callback" // the sandbox tried to deliver a callback
	EntryWebhook  EntryKind = "webhook"  // the sandbox tried to deliver a webhook
	EntryForge    EntryKind = "forge"    // the sandbox sent what an attacker would
	EntryControl  EntryKind = "control"  // somebody moved the clock, reset, or drove a checkout

	EntrySale             EntryKind = "sale"                // the merchant called POST /api/payment
	EntryThreeDSecure     EntryKind = "3ds"                 // the merchant called POST /api/3ds, or completed a payment
	EntryPreAuthorization EntryKind = "pre-authorization"   // the merchant called POST /api/pre-authorization
	EntryCapture          EntryKind = "capture"             // the merchant called its capture
	EntryCancel           EntryKind = "cancel"              // the merchant called POST /api/payment/{paymentId}/cancel
	EntryRefund           EntryKind = "refund"              // the merchant called POST /api/payment/{paymentId}/refund
	EntryInstallments     EntryKind = "installment-options" // the merchant called POST /api/installment-options
)

// Asked reports whether an entry of the kind is a request of the merchant.
func (k EntryKind) Asked() bool {
	switch k {
	case EntryCreate, EntryStatus, EntryRequest, EntrySale, EntryThreeDSecure, EntryPreAuthorization, EntryCapture,
		EntryCancel, EntryRefund, EntryInstallments:
		return true
	}
	return false
}

// End notes when the exchange was over, by the clock that showed when it began.
func (e *Entry) End(at time.Time) {
	e.EndedAt, e.LatencyMS = at, Millis(e.Time, at)
}

// Millis is how long it is from one time to another, in milliseconds, never negative.
func Millis(from, until time.Time) float64 {
	return max(0, exchange.Millis(until.Sub(from)))
}

// Place gives the entry its number and its place in the order of beginnings and ends. now is the newest moment; an
// entry without an end takes the next one, which the store counts then.
func (e *Entry) Place(seq uint64, now Moment) (newest Moment) {
	e.Seq = seq
	e.StartSeq, e.EndSeq, e.Cause = e.StartSeq.since(now), e.EndSeq.since(now), e.Cause.since(now)
	if e.EndSeq == 0 {
		now++
		e.EndSeq = now.Number()
	}
	if e.EndedAt.IsZero() {
		e.EndedAt = e.Time
	}
	return now
}

// Size is about what the entry holds in memory.
func (e *Entry) Size() int {
	n := 350 + len(e.CheckoutID) + len(e.OrderID) + len(e.PaymentID) + len(e.DeliveryID) + len(e.Status) + len(e.Scenario)
	n += len(e.Note) + len(e.Error)
	for _, w := range e.Warnings {
		n += 16 + len(w)
	}
	return n + e.Request.Size() + e.Response.Size()
}

// Moment is a place in the order in which a merchant's entries began and ended. A frozen clock gives many
// entries the same time; no two beginnings and ends have the same moment. Zero is before all others.
//
// It counts from 1 and begins anew with a reset, which may come while an exchange is under way. So, until
// it is recorded, a moment holds in its upper bits how many resets there had been.
type Moment uint64

// momentBits are the lower bits, which count.
const momentBits = 44

// Number is the moment as entries show it.
func (m Moment) Number() Moment { return m & (1<<momentBits - 1) }

// since is the moment as entries show it, and zero for one before the reset that now comes after.
func (m Moment) since(now Moment) Moment {
	if m>>momentBits != now>>momentBits {
		return 0
	}
	return m.Number()
}

// AfterReset is the newest moment once everything has been forgotten: it counts from 1 again.
func (m Moment) AfterReset() Moment { return (m>>momentBits + 1) << momentBits }

// EntryQuery narrows the journal. Zero fields do not narrow.
type EntryQuery struct {
	CheckoutID string
	OrderID    string
	Kind       EntryKind
	After      uint64 // only entries with a greater number
	Before     uint64 // only entries with a smaller number; zero: all
	Violation  bool   // only what broke the contract, as Entry.Violates says
	Status     string // a payment's or a delivery's status, or the HTTP status of the answer
	Search     string // a part of any text of the entry, as Entry.Mentions finds it
	// only what began at this time of the merchant's clock or later, and before that one; zero: whenever it was
	Since, Until time.Time

	NewestFirst bool
	Limit       int // zero means all
}

// Fits reports whether the entry is one of those asked for, Limit aside.
func (q EntryQuery) Fits(e *Entry) bool {
	return (q.CheckoutID == "" || q.CheckoutID == e.CheckoutID) &&
		(q.OrderID == "" || q.OrderID == e.OrderID) &&
		(q.Kind == "" || q.Kind == e.Kind) &&
		e.Seq > q.After && (q.Before == 0 || e.Seq < q.Before) &&
		(!q.Violation || e.Violates()) &&
		(q.Status == "" || q.Status == e.Status || q.Status == e.answerStatus()) &&
		!e.Time.Before(q.Since) && (q.Until.IsZero() || e.Time.Before(q.Until)) &&
		(q.Search == "" || e.Mentions(q.Search))
}

// Violates reports whether an exchange broke the contract: it has a warning, or is a request that was refused, other
// than by a scenario.
func (e *Entry) Violates() bool {
	if !e.Kind.Asked() {
		return len(e.Warnings) > 0
	}
	refused := e.Response != nil && e.Response.Status >= 400 && e.Response.Status < 500 &&
		e.Response.Status != http.StatusTooManyRequests
	return len(e.Warnings) > 0 || refused && e.Scenario == ""
}

func (e *Entry) answerStatus() string {
	if e.Response == nil {
		return ""
	}
	return strconv.Itoa(e.Response.Status)
}
