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

// reading is a sale as a transaction reads it. What the decision asks for on its way can fail as well.
type reading struct {
	pos.Sale
	fault error
}

// sale reads a checkout with what decides about it. It answers store.ErrNotFound for an unknown id.
func (m *Merchant) sale(r store.Reader, id string, now time.Time) (*reading, error) {
	read := &reading{Sale: pos.Sale{Now: now}}
	var err error
	if read.Checkout, err = r.Checkout(id); err != nil {
		return read, err
	}
	read.Used = func(scenario string) uint64 { return countOf(read, r, usedPrefix+scenario) }
	read.Other = func() string { return otherOf(read, r) }

	if read.Run, err = runOf(r, store.CheckoutRun(id)); err != nil || read.Run == nil {
		return read, err
	}
	read.Set, err = m.set(r, read.Run.Set)
	return read, err
}

// countOf reads a count for a decision.
func countOf(read *reading, r store.Reader, name string) uint64 {
	n, err := r.Count(name)
	read.fault = errors.Join(read.fault, err)
	return n
}

// otherOf is the id of the newest checkout of any other order; empty: there is none.
func otherOf(read *reading, r store.Reader) string {
	found, err := r.Checkouts(store.CheckoutQuery{NotOrderID: read.Checkout.OrderID, Limit: 1})
	read.fault = errors.Join(read.fault, err)
	if len(found) == 0 {
		return ""
	}
	return found[0].ID
}

// event is what happens to a sale.
type event func(p pos.POS, s pos.Sale) (pos.Decision, error)

// decide lets an event happen to a checkout: one decision, written down in one transaction with all that follows from
// it. An unknown id is an *payment.Error with code NotFound.
func (m *Merchant) decide(ctx context.Context, id string, happens event) (payment.Checkout, error) {
	d, err := m.transact(ctx, id, nil, happens)
	return d.Checkout, m.known(err, "checkout")
}

// perform runs a task of the queue that is not a delivery. One that came too late, because somebody else was faster,
// is done without a consequence.
func (m *Merchant) perform(ctx context.Context, t store.Task) error {
	ctx = journal.WithCause(ctx, journal.CauseOf(ctx, t.Cause))
	switch t.Kind {
	case store.SettlePayment:
		_, err := m.happen(ctx, t.Subject, &t, pos.POS.PaymentSettles)
		return err
	case store.DecideRefund:
		_, err := m.happen(ctx, t.Subject, &t, pos.POS.DecideAsScenario)
		return err
	}

	happens, ok := map[store.TaskKind]event{
		store.Expire:  pos.POS.Expire,
		store.AutoPay: pos.POS.PayAsScenario,
		store.Cancel:  pos.POS.Cancel,
		store.Abandon: pos.POS.Abandon,
		store.Settle:  pos.POS.BankAnswers,
		store.GiveUp:  pos.POS.BankGivesUp,
	}[t.Kind]
	if !ok {
		happens = func(pos.POS, pos.Sale) (pos.Decision, error) {
			return pos.Decision{}, errors.New("nobody knows such a task")
		}
	}
	_, err := m.transact(ctx, t.Subject, &t, happens)
	return err
}

// occasion is on which something happens.
type occasion struct {
	now   time.Time    // by the merchant's clock
	cause store.Moment // the beginning of what makes it happen; zero: not known
	task  *store.Task  // that makes it happen; nil: none does
}

func (m *Merchant) occasion(ctx context.Context, t *store.Task) occasion {
	return occasion{now: m.clock.Now(), cause: journal.CauseOf(ctx, 0), task: t}
}

// decided is what has happened to a checkout.
type decided struct {
	pos.Decision
	useless error // why a task has no consequence; nil: it has one, or came too late
}

// transact is the one transaction in which something happens to a checkout.
func (m *Merchant) transact(ctx context.Context, id string, t *store.Task, happens event) (pos.Decision, error) {
	var d decided
	at := m.occasion(ctx, t)
	err := m.update(ctx, func(tx store.Tx) (err error) {
		d, err = m.decideSale(tx, id, at, happens)
		return err
	})
	if err != nil {
		return d.Decision, err
	}

	m.tellDecided(ctx, d, at)
	return d.Decision, d.Refused
}

// decideSale is what happens to a checkout within a transaction. A task is finished with it, even one that is refused:
// the next try would be refused as well.
func (m *Merchant) decideSale(tx store.Tx, id string, at occasion, happens event) (d decided, err error) {
	read, err := m.sale(tx, id, at.now)
	d.Checkout = read.Checkout
	if err != nil {
		return d, err
	}
	if read.Webhook, err = webhookURL(tx); err != nil {
		return d, err
	}
	if t := at.task; t != nil {
		err = tx.Finish(t.Kind, t.Subject)
	}

	decision, refused := happens(m.pos, read.Sale)
	switch {
	case err != nil || read.fault != nil:
		return d, errors.Join(err, read.fault)
	case refused != nil && at.task == nil:
		return d, refused
	case refused != nil:
		if !errors.Is(refused, &payment.Error{Code: payment.NotPayable}) { // else the checkout has its result
			d.useless = refused
		}
		return d, nil
	}
	d.Decision = decision
	return d, m.write(tx, decision, at.now, at.cause)
}

// tellDecided tells the log and the queue what has happened to a checkout.
func (m *Merchant) tellDecided(ctx context.Context, d decided, at occasion) {
	if d.useless != nil {
		m.config.Log.Error("bug", "merchant", m.Key, "task", string(at.task.Kind), "checkoutId", d.Checkout.ID,
			"error", d.useless.Error())
	}
	m.tellPayment(ctx, d.Checkout.Payment, d.Checkout.Order, result{d.Note, nameOf(d.Run)})
	m.wake(d.Decision, at.now)
}

// write writes a decision down.
func (m *Merchant) write(tx store.Tx, d pos.Decision, now time.Time, cause store.Moment) error {
	faults := []error{tx.PutCheckout(d.Checkout), follow(tx, d.Counted)}
	if d.Run != nil {
		faults = append(faults, tx.PutRun(store.CheckoutRun(d.Checkout.ID), *d.Run))
	}
	for _, kind := range d.Drop {
		faults = append(faults, tx.Unschedule(kind, d.Checkout.ID))
	}
	for _, task := range d.Schedule {
		faults = append(faults, tx.Schedule(task))
	}

	moment, err := tx.Moment()
	faults = append(faults, err)
	for _, callback := range d.Outbox {
		faults = append(faults, plan(tx, callback, moment))
	}
	if d.Note != "" {
		faults = append(faults, journal.Note(tx, store.Entry{
			Time: now, StartSeq: moment, EndSeq: moment, Cause: cause,
			Kind: store.EntryPayment, CheckoutID: d.Checkout.ID, OrderID: d.Checkout.OrderID,
			Status: string(d.Checkout.Payment.Status), Note: d.Note, Scenario: nameOf(d.Run),
		}))
	}
	return errors.Join(faults...)
}

// plan writes a callback down, and when its first attempt is due.
func plan(tx store.Tx, c pos.Callback, cause store.Moment) error {
	c.Cause, c.NextAttemptAt = cause, &c.Due
	if err := writeBody(&c); err != nil {
		return err
	}
	task := store.Task{Kind: store.Deliver, Subject: c.ID, Due: c.Due, Group: c.Turn}
	if c.Held {
		task.Group = ""
		return errors.Join(tx.PutDelivery(c.Delivery), tx.Hold(task))
	}
	return errors.Join(tx.PutDelivery(c.Delivery), tx.Schedule(task))
}

// wake tells the queue what a decision has scheduled.
func (m *Merchant) wake(d pos.Decision, now time.Time) {
	for _, callback := range d.Outbox {
		if !callback.Held {
			m.queue.Notify(callback.Due)
		}
	}
	if !d.Checkout.State.Final() {
		m.queue.Notify(now) // the loop looks for itself when something is due: the bank, the link's end
	}
}

// nameOf is the name of the scenario that a run follows; empty: none.
func nameOf(run *scenarios.Run) string {
	if run == nil {
		return ""
	}
	return run.Scenario
}
