package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Opening is a create that is to be made.
type Opening struct {
	Order  payment.Order
	Header string       // the scenario that the request names; empty: none
	Began  store.Moment // of the request
	// Wait asks for a place among the requests that wait, for a create that is answered late on purpose. An error is
	// the answer instead, and nothing has happened.
	Wait func(made *Created) (release func(), err error)
	// Into is what Create answers, unless it answers an error; nil: a new one.
	Into *Created
}

// Created is what became of a create.
type Created struct {
	pos.Creation
	Delay     time.Duration // of the answer
	resets    uint64        // how often the merchant had begun anew
	release   func()
	cancelled []Next // what was forced for the next checkouts, and is not any more
	dropped   int    // how many checkouts were forgotten for it
	room      payment.Checkout
}

// Release gives back the place among the requests that wait.
func (c *Created) Release() {
	if c.release != nil {
		c.release()
	}
}

// Answer is what the scenario does to the answer; nil: nothing.
func (c *Created) Answer() *scenarios.Create {
	if c.Scenario == nil || !c.Scenario.Create.Applies(c.Run.Request) {
		return nil
	}
	return c.Scenario.Create
}

// Waits reports whether the create is answered late: callbacks are sent, and waited for, before, or the delay is long.
func (c *Created) Waits() bool {
	answer := c.Answer()
	return pos.TellsEarly(c.Scenario) || c.Delay > LongDelay || answer != nil && answer.Fault == scenarios.Drip
}

// LongDelay is what an answer may be late without counting as one that waits.
const LongDelay = time.Second

// errWaits says that a create needs a place among the requests that wait.
var errWaits = errors.New("the create waits")

// Create makes a checkout for the order, unless its scenario refuses it. When repeats are refused, an order that has
// one already is an *payment.Error with code RepeatedOrderID; a scenario that does not exist is one, too.
func (m *Merchant) Create(ctx context.Context, o *Opening) (*Created, error) {
	made, err := m.create(ctx, o, nil)
	if errors.Is(err, errWaits) {
		made, err = m.createWaiting(ctx, o, made)
	}
	if err != nil {
		return nil, err
	}

	if made.Checkout != nil {
		m.queue.Notify(made.Expire.Due)
	}
	return made, nil
}

// createWaiting makes the create again, once it has a place among the requests that wait.
func (m *Merchant) createWaiting(ctx context.Context, o *Opening, before *Created) (*Created, error) {
	release, err := o.Wait(before)
	if err != nil {
		return nil, err
	}
	made, err := m.create(ctx, o, release)
	if err != nil {
		release()
	}
	return made, err
}

// create makes the checkout in one transaction. A create that waits needs a place, which it gives back with release.
func (m *Merchant) create(ctx context.Context, o *Opening, release func()) (*Created, error) {
	made, now := o.Into, m.clock.Now()
	if made == nil {
		made = new(Created)
	}
	err := m.store.Update(ctx, func(tx store.Tx) error {
		*made = Created{release: release} // the transaction may run again
		record, set, cancelled, err := m.inForce(tx)
		if err != nil {
			return err
		}
		made.cancelled, made.resets = cancelled, record.Resets
		if err = m.decideCreate(tx, made, o, record, set, now); err != nil {
			return err
		}
		if release == nil && made.Waits() {
			return errWaits
		}

		if err = m.writeRun(tx, made, record, o.Order.OrderID); err != nil || made.Checkout == nil {
			return err
		}
		made.dropped, err = m.writeCheckout(tx, made, o)
		return err
	})
	if err != nil {
		return made, err
	}

	m.tellCancelled(made.cancelled)
	if made.dropped > 0 {
		m.full.Do(func() {
			m.config.Log.Warn("from now on the oldest finished checkouts are forgotten",
				"merchant", m.Key, "kept", m.config.Rules.Keep)
		})
	}
	return made, nil
}

// decideCreate lets the decision be made.
func (m *Merchant) decideCreate(
	tx store.Tx, made *Created, o *Opening, record store.Merchant, set *scenarios.Set, now time.Time,
) error {
	number, err := tx.Count(checkoutsCount)
	if err != nil {
		return err
	}
	var fault error
	request := pos.Request{Order: o.Order, Header: o.Header, Set: set, Number: int(number), Now: now, Room: &made.room}
	request.Used = func(scenario string) uint64 {
		n, err := tx.Count(usedPrefix + scenario)
		fault = errors.Join(fault, err)
		return n
	}
	if len(record.Next) > 0 {
		if request.Next, err = scenarios.Named(record.Next[0].Scenario, set); err != nil {
			return err
		}
	}
	if request.Earlier, err = runOf(tx, store.OrderRun(o.Order.OrderID)); err != nil {
		return err
	}

	made.Creation, err = m.pos.Create(request)
	if answer := made.Answer(); answer != nil && answer.Delay.Max > 0 {
		made.Delay = answer.Delay.At(m.pos.Draws.Fraction(o.Order.OrderID, "create delay", int(number), made.Run.Request))
	}
	if fault != nil {
		return fault
	}
	return err
}

// runOf is how far a subject has come in its scenario; nil: it follows none.
func runOf(r store.Reader, subject store.Subject) (*scenarios.Run, error) {
	run, err := r.Run(subject)
	if err == nil {
		found := run
		return &found, nil
	}
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return nil, err
}

// The names of what is counted for a merchant.
const (
	checkoutsCount = "checkouts" // made so far
	usedPrefix     = "used "     // and a scenario: how often it was applied since its set came into force
	followedPrefix = "followed " // and a scenario: how many checkouts have followed it, whatever set was in force
)

// follow counts the scenarios that a checkout has come to follow.
func follow(tx store.Tx, names []string) error {
	if len(names) == 0 {
		return nil
	}
	counted := make([]string, 0, 2*len(names))
	for _, name := range names {
		counted = append(counted, usedPrefix+name, followedPrefix+name)
	}
	return tx.Add(1, counted...)
}

// writeRun writes down which scenario the create has, and for how long.
func (m *Merchant) writeRun(tx store.Tx, made *Created, record store.Merchant, orderID string) error {
	faults := []error{follow(tx, made.Counted)}
	if made.TookNext {
		faults = append(faults, tx.PutMerchant(withoutFirst(record)))
	}

	switch {
	case made.DropOrder:
		faults = append(faults, tx.DropRun(store.OrderRun(orderID)))
	case made.KeepOrder:
		faults = append(faults, tx.PutRun(store.OrderRun(orderID), made.Run))
		if made.Checkout == nil { // there may never be one
			_, err := tx.Forget(m.keeps())
			faults = append(faults, err)
		}
	}

	return errors.Join(faults...)
}

// writeCheckout writes the checkout down, and answers how many older ones were forgotten for it. An open one is never
// forgotten.
func (m *Merchant) writeCheckout(tx store.Tx, made *Created, o *Opening) (dropped int, err error) {
	if err := m.refuseRepeat(tx, o.Order.OrderID); err != nil {
		return 0, err
	}
	if keep := m.config.Rules.Keep; keep > 0 {
		if dropped, err = tx.Forget(keep - 1); err != nil {
			return 0, err
		}
	}

	err = errors.Join(tx.PutCheckout(*made.Checkout), tx.Add(1, checkoutsCount), tx.Schedule(made.Expire))
	if made.Followed {
		err = errors.Join(err, tx.PutRun(store.CheckoutRun(made.Checkout.ID), made.Run))
	}
	if made.Customer != nil {
		customer := *made.Customer
		customer.Cause = o.Began
		err = errors.Join(err, tx.Hold(customer))
	}
	return dropped, err
}

func (m *Merchant) refuseRepeat(tx store.Tx, orderID string) error {
	if m.config.Rules.RepeatedOrders {
		return nil
	}
	repeated, err := tx.HasOrder(orderID)
	if err == nil && repeated {
		err = &payment.Error{Code: payment.RepeatedOrderID, Field: "orderId", Message: "has a checkout already"}
	}
	return err
}

// Answered says that the merchant has been sent the answer of a create, so that its customer can be
// on the way. What that customer does by itself, the scenario says, else the settings.
func (m *Merchant) Answered(ctx context.Context, made *Created, began store.Moment) error {
	if made.Customer == nil {
		return nil
	}

	var task *store.Task
	err := m.updateSince(ctx, made.resets, func(tx store.Tx) error {
		read, err := m.sale(tx, made.Checkout.ID, m.clock.Now())
		if err != nil {
			return err
		}
		if task = m.pos.Answered(read.Sale); task == nil {
			return tx.Finish(made.Customer.Kind, made.Checkout.ID)
		}
		task.Cause = began
		return tx.Schedule(*task)
	})
	if err != nil {
		m.putBack(ctx, *made.Customer, made.resets, err)
		return err
	}
	if task != nil {
		m.queue.Notify(task.Due)
	}

	return nil
}

// BeforeAnswer does what the checkout's scenario wants to have happened before the create has been
// answered: its customer pays, if that is at once, and the callbacks are sent. The create began at the moment.
func (m *Merchant) BeforeAnswer(ctx context.Context, made *Created, began store.Moment) error {
	if !pos.TellsEarly(made.Scenario) {
		return nil
	}
	ctx = journal.WithCause(context.WithoutCancel(ctx), began) // the checkout is made, whoever still waits for its answer
	var d decided
	at := m.occasion(ctx, nil)
	err := m.updateSince(ctx, made.resets, func(tx store.Tx) (err error) {
		d, err = m.decideSale(tx, made.Checkout.ID, at, pos.POS.Early)
		return err
	})
	if err != nil {
		return m.known(err, "checkout")
	}
	m.tellDecided(ctx, d, at)

	var faults []error
	for held := heldOf(d.Outbox); len(held) > 0; {
		n := turnOf(held)
		ids := make([]string, n)
		for i := range ids {
			ids[i] = held[i].ID
		}
		faults = append(faults, m.queue.Deliver(ctx, ids, held[0].Turn != "", made.resets))
		held = held[n:]
	}
	return errors.Join(faults...)
}

// heldOf are the callbacks that whoever decided sends.
func heldOf(outbox []pos.Callback) (held []pos.Callback) {
	for _, callback := range outbox {
		if callback.Held {
			held = append(held, callback)
		}
	}
	return held
}

// turnOf counts the callbacks at the beginning that are sent together: those of one turn, else one.
func turnOf(held []pos.Callback) int {
	n := 1
	for held[0].Turn != "" && n < len(held) && held[n].Turn == held[0].Turn {
		n++
	}
	return n
}
