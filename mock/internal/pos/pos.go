// Package pos decides what becomes of payments: what a create, a customer's payment, a bank's answer, the end of a
// link, a question about a checkout and a scenario's step do. Its functions are pure: books and an event in, what is
// to be written down and sent out. They know no time, lock or store, and no randomness but what follows from the
// seed; so the same decision can be made twice.
package pos

import (
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Rules are the settings that stand for what PayPorter's pages do not say.
type Rules struct {
	LinkLifetime   time.Duration        // how long a link can be paid
	ThreeDSecure   payment.ThreeDSecure // which cards are sent to the bank's page
	BankPatience   time.Duration        // how long the bank's page waits for a code
	PaidAmount     payment.PaidAmount   // which amount a payment has whose customer pays interest; empty: the order's
	RetryPayments  bool                 // a declined checkout may be tried again
	RepeatedOrders bool                 // an order may have several checkouts
	AutoPay        bool                 // the sandbox's own customer pays every checkout
	Scenario       string               // for checkouts that nothing else is meant for; empty: the card decides
	Announce       map[Event]bool       // which results send a callback
	Documented     store.RetryPlan      // what a scenario's `retry: documented` means

	DayZone             *time.Location // whose days count for what is possible on the same day only; nil: UTC
	WholeCapture        bool           // a pre-authorization is captured with just what was reserved
	SecurityKeyLifetime time.Duration  // how long a payment with 3-D Secure can be completed
}

// Event is something that can be told to the callback URL.
type Event string

// The events. Success and failure are documented, the other two assumed.
const (
	OnSuccess Event = "success"
	OnFailure Event = "failure"
	OnCancel  Event = "cancel"
	OnExpiry  Event = "expiry"
)

// eventOf names what has just happened to the checkout; what is still open is no event.
func eventOf(c payment.Checkout) Event {
	switch {
	case c.State == payment.Expired:
		return OnExpiry
	case c.State == payment.LinkCancelled:
		return OnCancel
	case c.State == payment.Paid:
		return OnSuccess
	case c.Payment.Status == payment.Failed, c.Payment.Status == payment.Rejected:
		return OnFailure
	}
	return ""
}

// POS decides for one merchant.
type POS struct {
	Rules Rules
	Draws Draws
}

// Sale is a checkout with what decides about it.
type Sale struct {
	Checkout payment.Checkout
	Run      *scenarios.Run      // nil: no scenario can matter to it
	Set      *scenarios.Set      // that of the run
	Used     func(string) uint64 // how often a scenario with a limit has been used
	Other    func() string       // the id of the newest checkout of another order; empty: there is none
	Webhook  string              // where webhooks go; empty: nowhere
	Now      time.Time           // by the merchant's clock
}

// Scenario is the one that the checkout follows; nil: none.
func (s *Sale) Scenario() *scenarios.Scenario {
	if s.Run == nil {
		return nil
	}
	return s.Run.Of(s.Set)
}

// Decision is what becomes of a sale. All of it is written down in one transaction.
type Decision struct {
	Checkout payment.Checkout
	Run      *scenarios.Run   // nil: none
	Counted  []string         // the scenarios that the checkout has come to follow
	Schedule []store.Task     // what happens by itself
	Drop     []store.TaskKind // what does not happen any more
	Outbox   []Callback       // what is to be sent
	Note     string           // what has happened, for the journal; empty: nothing
	Refused  error            // what the caller is told although all this happens; nil: all went well
}

// Callback is a delivery to be written down: a callback, or a webhook.
type Callback struct {
	store.Delivery
	Tells *Told     // of a webhook, whose body is written from it
	Due   time.Time // of its first attempt
	Turn  string    // those with the same turn go in their order; empty: alone
	Held  bool      // whoever decided makes the first attempt at once, before anybody else does

	early bool // the scenario wants it before the create has been answered
}

// decided begins a decision with the sale as it is.
func (s Sale) decided() Decision {
	d := Decision{Checkout: s.Checkout}
	if s.Run != nil {
		run := *s.Run
		d.Run = &run
	}
	return d
}

// settled completes the decision about a checkout that has come to a state: its tasks, its callbacks, the note.
func (p POS) settled(s Sale, d Decision, note string) Decision {
	d.Note = note
	d.retime()
	if p.Rules.Announce[eventOf(d.Checkout)] {
		d.Outbox = append(d.Outbox, p.announced(s, d)...)
	}
	d.Outbox = append(d.Outbox, p.checkoutWebhooks(s, d)...)
	return d
}

// retime makes the tasks of the checkout agree with it: an open one expires, any other has nothing to
// wait for but its bank.
func (d *Decision) retime() {
	c := d.Checkout
	if c.State == payment.Authenticating {
		d.Schedule = append(d.Schedule, store.Task{Kind: store.GiveUp, Subject: c.ID, Due: c.Challenge.EndsAt})
	} else {
		d.Drop = append(d.Drop, store.GiveUp)
	}

	if c.Payable() {
		d.Schedule = append(d.Schedule, store.Task{Kind: store.Expire, Subject: c.ID, Due: c.ExpiresAt})
		return
	}
	d.Drop = append(d.Drop, store.Expire, store.AutoPay, store.Cancel, store.Abandon)
	if c.State.Final() {
		d.Drop = append(d.Drop, store.Settle)
	}
}

// forgetBank forgets what the scenario made of a payment, when it is no longer so.
func (d *Decision) forgetBank() {
	if d.Run != nil {
		d.Run.Overlaid, d.Run.Pending = false, nil
	}
}
