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

// Charge is a card payment that a merchant asks for by the API.
type Charge = pos.Charge

// Charge makes a payment or a pre-authorization. The card decides the result: a declined one is no error. What is
// wrong with the card is an *payment.Error with code InvalidRequest that names every field.
func (m *Merchant) Charge(ctx context.Context, q Request, c Charge) (Requested, error) {
	return m.charge(ctx, q, c, func(r pos.Related, f pos.Followed, number int) (pos.Movement, error) {
		return m.pos.Charge(c, f, number, r.Now), nil
	})
}

// StartThreeDSecure makes a payment whose customer is sent to the bank. Its errors are those of Charge.
func (m *Merchant) StartThreeDSecure(ctx context.Context, q Request, c Charge) (Requested, error) {
	return m.charge(ctx, q, c, func(r pos.Related, f pos.Followed, number int) (pos.Movement, error) {
		return m.pos.StartThreeDSecure(c, f, number, r.Now), nil
	})
}

func (m *Merchant) charge(ctx context.Context, q Request, c Charge, decide decision) (Requested, error) {
	if _, err := c.Check(m.clock.Now()); err != nil {
		return Requested{}, err
	}
	return m.request(ctx, q, subject{about: c.OrderID, facts: c.Facts(), kind: c.Type}, decide)
}

// Capture takes what a pre-authorization reserved. An unknown id is an *payment.Error with code NotFound, a business
// fault one with a code of payment.BusinessCodes.
func (m *Merchant) Capture(ctx context.Context, q Request, id string, amount payment.Amount) (Requested, error) {
	s := subject{paymentID: id, about: id, facts: scenarios.Facts{Amount: amount}, kind: payment.Capture}
	return m.request(ctx, q, s, func(r pos.Related, f pos.Followed, _ int) (pos.Movement, error) {
		return following(f)(m.pos.Capture(r, amount))
	})
}

// CancelPayment takes a payment back. Its errors are those of Capture.
func (m *Merchant) CancelPayment(ctx context.Context, q Request, id string) (Requested, error) {
	s := subject{paymentID: id, about: id, kind: payment.CancelType}
	return m.request(ctx, q, s, func(r pos.Related, f pos.Followed, _ int) (pos.Movement, error) {
		return following(f)(m.pos.CancelPayment(r))
	})
}

// Refund asks to give back some or all of a payment. Its errors are those of Capture.
func (m *Merchant) Refund(ctx context.Context, q Request, id string, amount payment.Amount) (Requested, error) {
	s := subject{paymentID: id, about: id, facts: scenarios.Facts{Amount: amount}, kind: payment.Refund}
	return m.request(ctx, q, s, func(r pos.Related, f pos.Followed, _ int) (pos.Movement, error) {
		return m.pos.Refund(r, amount, f)
	})
}

// Complete settles a payment with 3-D Secure. Its errors are those of Capture.
func (m *Merchant) Complete(ctx context.Context, q Request, id, key string) (Requested, error) {
	s := subject{paymentID: id, about: id, kind: payment.Sale}
	return m.request(ctx, q, s, func(r pos.Related, _ pos.Followed, _ int) (pos.Movement, error) {
		return m.pos.Complete(r, key)
	})
}

// following lets a new payment follow the scenario of its request.
func following(f pos.Followed) func(pos.Movement, error) (pos.Movement, error) {
	return func(m pos.Movement, err error) (pos.Movement, error) {
		if err == nil && f.Scenario != nil {
			run := f.Run
			m.Run = &run
		}
		return m, err
	}
}

// InstallmentOptions are the ways to pay an order with a card. A PAN of all digits that is no test card is an
// *payment.Error with code InvalidRequest. What a scenario refuses is in the answer.
func (m *Merchant) InstallmentOptions(
	ctx context.Context, q Request, o payment.Order, pan string,
) (Requested, []payment.Installment, error) {
	card, known := payment.FindBIN(pan)
	if len(pan) > payment.BINDigits {
		if card, known = payment.FindTestCard(payment.PAN(pan)); !known {
			return Requested{}, nil, payment.Invalid([]payment.FieldError{{
				Field: "pan", Message: "is not a test card of this sandbox; never send a real card here",
			}})
		}
	}
	if known {
		o.MaxInstallmentCount = card.InstallmentsAtMost(o.MaxInstallmentCount)
	}

	s := subject{about: "options", facts: scenarios.Facts{Amount: o.Amount}, kind: payment.Sale}
	done, err := m.request(ctx, q, s, func(pos.Related, pos.Followed, int) (pos.Movement, error) {
		return pos.Movement{},
			nil
	})
	return done, o.Installments(), err
}

// related reads a payment with what decides about it. It answers store.ErrNotFound for an unknown id, and nothing for
// an empty one.
func (m *Merchant) related(r store.Reader, id string, now time.Time) (pos.Related, error) {
	found := pos.Related{Now: now}
	if id == "" {
		return found, nil
	}
	var err error
	if found.Payment, err = r.Payment(id); err != nil {
		return found, err
	}
	run := store.PaymentRun(id)
	if checkoutID := found.Payment.CheckoutID; checkoutID != "" {
		c, err := r.Checkout(checkoutID)
		if err != nil {
			return found, err
		}
		found.Payment.CustomerID, run = c.CustomerID, store.CheckoutRun(checkoutID)
	}

	if found.Family, err = family(r, found.Payment); err != nil {
		return found, err
	}
	if found.Run, err = runOf(r, run); err != nil || found.Run == nil {
		return found, err
	}
	found.Set, err = m.set(r, found.Run.Set)
	return found, err
}

// writeMovement writes down what has become of a payment. plan puts its tasks into the queue.
func (m *Merchant) writeMovement(
	tx store.Tx, d pos.Movement, now time.Time, cause store.Moment, plan func(store.Task) error,
) error {
	if d.Note == "" {
		return nil
	}
	p := d.Payment
	faults := []error{tx.PutPayment(p)}
	for _, changed := range d.Changed {
		faults = append(faults, tx.PutPayment(changed))
	}
	if d.Run != nil {
		faults = append(faults, tx.PutRun(store.PaymentRun(p.ID), *d.Run))
	}
	for _, kind := range d.Drop {
		faults = append(faults, tx.Unschedule(kind, p.ID))
	}
	for _, task := range d.Schedule {
		task.Cause = cause
		faults = append(faults, plan(task))
	}

	moment, err := tx.Moment()
	for _, webhook := range d.Outbox {
		faults = append(faults, planWebhook(tx, webhook, moment, plan))
	}
	faults = append(faults, err, journal.Note(tx, store.Entry{
		Time: now, StartSeq: moment, EndSeq: moment, Cause: cause, Kind: store.EntryPayment, PaymentID: p.ID,
		OrderID: p.OrderID, Status: string(p.Status), Note: d.Note, Scenario: nameOf(d.Run),
	}))
	return errors.Join(faults...)
}

// paymentEvent is what happens to a payment that is none of a checkout.
type paymentEvent func(p pos.POS, r pos.Related) (pos.Movement, error)

// happen lets an event happen to a payment, in one transaction. An unknown id is an *payment.Error with code NotFound;
// for a task it is store.ErrNotFound, by which the queue knows that the task is over.
func (m *Merchant) happen(ctx context.Context, id string, t *store.Task, happens paymentEvent) (payment.Payment,
	error,
) {
	var d pos.Movement
	at := m.occasion(ctx, t)
	err := m.update(ctx, func(tx store.Tx) (err error) {
		d, err = m.movePayment(tx, id, at, happens)
		return err
	})
	if err == nil {
		m.tellMoved(ctx, d, at.now)
	}
	if t == nil {
		err = m.known(err, "payment")
	}

	return d.Payment, err
}

// movePayment is what happens to a payment within a transaction. A task is finished with it.
func (m *Merchant) movePayment(tx store.Tx, id string, at occasion, happens paymentEvent) (d pos.Movement, err error) {
	related, err := m.related(tx, id, at.now)
	if err != nil {
		return d, err
	}
	if related.Webhook, err = webhookURL(tx); err != nil {
		return d, err
	}
	if t := at.task; t != nil {
		if err = tx.Finish(t.Kind, t.Subject); err != nil {
			return d, err
		}
	}

	decided, refused := happens(m.pos, related)
	if at.task != nil && errors.Is(refused, &payment.Error{Code: payment.NotDecidable}) {
		return d, nil // the payment has its result: the task is over
	}
	if refused != nil {
		return d, refused
	}
	d = m.pos.Webhooks(related, decided, related.Scenario())
	return d, m.writeMovement(tx, d, at.now, at.cause, tx.Schedule)
}

// tellMoved tells the log and the queue what has happened to a payment.
func (m *Merchant) tellMoved(ctx context.Context, d pos.Movement, now time.Time) {
	m.tellPayment(ctx, d.Payment, payment.Order{}, result{d.Note, nameOf(d.Run)})
	if len(d.Schedule)+len(d.Outbox) > 0 {
		m.queue.Notify(now) // the loop looks for itself when something is due
	}
}

// MeetBank is the customer who comes to the bank's page of a payment by the API.
func (m *Merchant) MeetBank(ctx context.Context, id string) (payment.Payment, error) {
	return m.happen(ctx, id, nil, pos.POS.MeetBank)
}

// TypeBankCode is the customer who types a one-time code there. A wrong one is no error.
func (m *Merchant) TypeBankCode(ctx context.Context, id, code string) (payment.Payment, error) {
	return m.happen(ctx, id, nil, func(p pos.POS, r pos.Related) (pos.Movement, error) { return p.TypeBankCode(r, code) })
}

// LeaveBankPage is the customer who presses Cancel there.
func (m *Merchant) LeaveBankPage(ctx context.Context, id string) (payment.Payment, error) {
	return m.happen(ctx, id, nil, pos.POS.LeaveBankPage)
}

// Decide is the decision on a refund. A payment that waits for none is an *payment.Error with code NotDecidable.
func (m *Merchant) Decide(ctx context.Context, id string, d scenarios.Decision) (payment.Payment, error) {
	return m.happen(ctx, id, nil, func(p pos.POS, r pos.Related) (pos.Movement, error) { return p.Decide(r, d) })
}

// PaymentOutcome forces the result of a payment: of a checkout's as Outcome does, of any other as the bank or the
// administrator would. One that cannot have it is an *payment.Error with code NotPayable or NotDecidable.
func (m *Merchant) PaymentOutcome(ctx context.Context, id string, o payment.Outcome) (payment.Payment, error) {
	force := func(p pos.POS, s pos.Sale) (pos.Decision, error) { return p.Force(s, o) }
	forcePayment := func(p pos.POS, r pos.Related) (pos.Movement, error) { return p.ForcePayment(r, o) }
	var sold decided // what has happened to its checkout; zero: it has none that is open
	var moved pos.Movement

	at := m.occasion(ctx, nil)
	err := m.update(ctx, func(tx store.Tx) error {
		found, err := tx.Payment(id)
		sold, moved = decided{}, pos.Movement{}
		switch {
		case err != nil:
			return err
		case found.CheckoutID != "" && !found.Final():
			sold, err = m.decideSale(tx, found.CheckoutID, at, force)
		default:
			moved, err = m.movePayment(tx, id, at, forcePayment)
		}
		return err
	})

	switch {
	case err != nil:
		return payment.Payment{}, m.known(err, "payment")
	case sold.Checkout.ID != "":
		m.tellDecided(ctx, sold, at)
		return sold.Checkout.Payment, sold.Refused
	}
	m.tellMoved(ctx, moved, at.now)
	return moved.Payment, nil
}
