package store

import (
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Merchant is what the books hold of the merchant itself.
type Merchant struct {
	Secret    []byte // SHA-256 of the API secret; empty: the first one that comes becomes it
	Clock     Clock
	Seed      uint64 // what generated values follow from
	Scenarios string // the digest of the merchant's own set; empty: it has none
	InForce   string // the digest of the set by which scenarios were counted last; empty: the empty set
	Next      []Next // scenarios for the next checkouts, in their order
	Webhook   Webhook
	Forgotten bool // it was forgotten once, to make room for others, with all it had but its secret
	Absent    bool // it was forgotten and has not been used since
	// how often it began anew, with empty books; ids come again then, so what is still under way from before must be told
	// from what has the same id now
	Resets uint64
}

// Clone is the merchant with slices of its own. An empty one becomes nil.
func (m *Merchant) Clone() Merchant {
	c := *m
	c.Secret, c.Next = cloned(m.Secret), cloned(m.Next)
	return c
}

func cloned[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return slices.Clone(s)
}

// Webhook is where a merchant is told what becomes of its payments, and with what that is signed. Its zero value is
// a merchant that has never had an address.
type Webhook struct {
	URL       string         // empty: nothing new is sent; what is planned already still is
	Secret    payment.Secret // what signatures are made with
	Previous  payment.Secret // the one before it; empty: there was none
	RotatedAt time.Time      // when Previous was replaced
	Version   int            // how many secrets there have been

	// Configured is the secret of the settings that the webhook began with, whatever was rotated since; empty: it was set
	// by the control API.
	Configured payment.Secret
}

// Clock is how a merchant's time differs from real time. Its zero value is real time.
type Clock struct {
	Frozen bool
	At     time.Time     // what a frozen clock shows
	Offset time.Duration // how far a running clock is ahead of real time
}

// Next is a scenario that was forced for the next checkouts.
type Next struct {
	Scenario string `json:"scenario"`
	Times    int    `json:"times"` // how many checkouts will still get it
}
