package gateway

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// OpComplete is POST /api/3ds/{paymentId}/complete.
const OpComplete = pos.OpComplete

// Request is a request of the merchant about payments.
type Request struct {
	Operation scenarios.Operation
	Header    string       // the scenario that the request names; empty: none
	Began     store.Moment // of the request
	// Wait asks for a place among the requests that wait, for one that is answered late on purpose. An error is the
	// answer instead, and nothing has happened.
	Wait func() (release func(), err error)
}

// Requested is what became of a request.
type Requested struct {
	pos.Followed
	Payment payment.Payment // that was made or changed; where the scenario refuses the request, what it would have been
	About   payment.Payment // that the request names, as it was before; zero: it names none
	Refused bool            // the scenario refuses the request: nothing has happened
	Delay   time.Duration   // of the answer
	Fields  scenarios.Fields

	operation scenarios.Operation
	note      string       // what has become of the payment, in words; empty: nothing
	resets    uint64       // how often the merchant had begun anew
	tasks     []store.Task // of what happens by itself once the request has been answered
	cancelled []Next       // what was forced for the next checkouts, and is not any more
	dropped   int          // how many older payments were forgotten for it, with what followed them
	release   func()
}

// Answer is what the scenario does to the answer; nil: nothing.
func (r Requested) Answer() *scenarios.Create { return r.Followed.Answer(r.operation) }

// Release gives back the place among the requests that wait.
func (r Requested) Release() {
	if r.release != nil {
		r.release()
	}
}

// Follows reports whether something happens by itself once the request has been answered.
func (r Requested) Follows() bool { return len(r.tasks) > 0 }

func (r Requested) waits() bool {
	answer := r.Answer()
	return r.Delay > LongDelay || answer != nil && answer.Fault == scenarios.Drip
}

// subject is what a request is about.
type subject struct {
	paymentID string // empty: the request begins something
	about     string // what repeated requests have in common: the order or the payment
	facts     scenarios.Facts
	kind      payment.TransactionType
}

// decision is what a request does. Number is how many payments the merchant made by the API before.
type decision func(r pos.Related, f pos.Followed, number int) (pos.Movement, error)

// request does what a request asks for, in one transaction. What the scenario refuses leaves nothing behind but how
// far it has come.
func (m *Merchant) request(ctx context.Context, q Request, s subject, decide decision) (Requested, error) {
	done, err := m.requestOnce(ctx, q, s, decide, nil)
	if errors.Is(err, errWaits) {
		release, err := q.Wait()
		if err != nil {
			return done, err
		}
		if done, err = m.requestOnce(ctx, q, s, decide, release); err != nil {
			release()
		}
		return done, m.known(err, "payment")
	}
	return done, m.known(err, "payment")
}

// requestOnce is the transaction. A request that waits needs a place, which it gives back with release.
func (m *Merchant) requestOnce(
	ctx context.Context, q Request, s subject, decide decision, release func(),
) (done Requested, err error) {
	now := m.clock.Now()
	err = m.store.Update(ctx, func(tx store.Tx) error {
		record, set, cancelled, err := m.inForce(tx)
		if err != nil {
			return err
		}
		related, err := m.related(tx, s.paymentID, now)
		if err != nil {
			return err
		}
		related.Webhook = record.Webhook.URL
		number, err := tx.Count(paymentsCount)
		if err != nil {
			return err
		}

		done = Requested{
			About: related.Payment, operation: q.Operation, resets: record.Resets, release: release, cancelled: cancelled,
		}
		if done.Followed, err = m.follow(tx, q, s, record, set, related); err != nil {
			return err
		}
		answer := done.Answer()
		if answer != nil && answer.Delay.Max > 0 {
			done.Delay = answer.Delay.At(m.pos.Draws.Fraction(s.about, "delay of "+string(q.Operation), int(number),
				done.Run.Request))
		}
		if release == nil && done.waits() {
			return errWaits
		}

		done.Refused = answer.Refuses(done.Run.Request)
		movement, fault := decide(related, done.Followed, int(number))
		done.Payment = movement.Payment
		if fault != nil && !done.Refused {
			return fault
		}
		err = m.writeFollowed(tx, q, s, done.Followed, record)
		if done.Refused || err != nil {
			return err
		}
		movement = m.pos.Webhooks(related, movement, done.Scenario)
		done.note = movement.Note
		done.tasks, done.Fields = slices.Concat(movement.Schedule, tasksOf(movement.Outbox)), overlay(movement, done.Followed)
		if s.paymentID == "" && movement.Note != "" {
			done.dropped, err = m.begin(tx)
		}
		return errors.Join(err, m.writeMovement(tx, movement, now, q.Began, tx.Hold))
	})
	if err == nil {
		m.tellRequested(ctx, done)
	}
	return done, err
}

// tellRequested logs what came of a request.
func (m *Merchant) tellRequested(ctx context.Context, done Requested) {
	m.tellCancelled(done.cancelled)
	m.tellPayment(ctx, done.Payment, payment.Order{}, result{done.note, done.Run.Scenario})
	if done.dropped > 0 {
		m.fullPayments.Do(func() {
			m.config.Log.Warn("from now on the oldest finished payments without a checkout are forgotten",
				"merchant", m.Key, "kept", m.config.Rules.Keep)
		})
	}
}

// begin makes room for a payment that is none of a checkout, and counts it. It answers how many older ones were
// forgotten. An open one never is.
func (m *Merchant) begin(tx store.Tx) (dropped int, err error) {
	if dropped, err = tx.ForgetPayments(m.keeps() - 1); err != nil {
		return 0, err
	}
	return dropped, tx.Add(1, paymentsCount)
}

// paymentsCount is what the payments that a merchant makes by the API are counted under.
const paymentsCount = "payments by API"

// follow lets the scenario of a request be chosen.
func (m *Merchant) follow(
	tx store.Tx, q Request, s subject, record store.Merchant, set *scenarios.Set, r pos.Related,
) (pos.Followed, error) {
	var fault error
	asked := pos.Asked{
		Operation: q.Operation, Facts: s.facts, Type: s.kind, Header: q.Header, Set: set,
		Parent: r.Run, ParentSet: r.Set, Now: r.Now,
		Used: func(scenario string) uint64 {
			n, err := tx.Count(usedPrefix + scenario)
			fault = errors.Join(fault, err)
			return n
		},
	}
	if s.paymentID != "" {
		asked.Facts = r.Facts()
		if s.facts.Amount != (payment.Amount{}) {
			asked.Facts.Amount = s.facts.Amount
		}
	}

	var err error
	if pos.Begins(q.Operation) && len(record.Next) > 0 {
		if asked.Next, err = scenarios.Named(record.Next[0].Scenario, set); err != nil {
			return pos.Followed{}, err
		}
	}
	if asked.Earlier, err = runOf(tx, store.RequestRun(string(q.Operation), s.about)); err != nil {
		return pos.Followed{}, err
	}
	followed, err := m.pos.Follow(asked)
	return followed, errors.Join(err, fault)
}

// overlay is what a scenario lays over the answer about a payment.
func overlay(m pos.Movement, f pos.Followed) scenarios.Fields {
	if m.Run == nil || !m.Run.Overlaid || m.Payment.Status == payment.Enrolled || f.Scenario == nil {
		return nil
	}
	said, _ := f.Scenario.Payment.Attempt(1)
	return said.Fields
}

// writeFollowed writes down which scenario a request has, and for how long.
func (m *Merchant) writeFollowed(tx store.Tx, q Request, s subject, f pos.Followed, record store.Merchant) error {
	faults := []error{follow(tx, f.Counted)}
	if f.TookNext {
		faults = append(faults, tx.PutMerchant(withoutFirst(record)))
	}

	kept := store.RequestRun(string(q.Operation), s.about)
	switch {
	case f.KeepRequest:
		faults = append(faults, tx.PutRun(kept, f.Run))
		_, err := tx.ForgetPayments(m.keeps()) // there may never be a payment
		faults = append(faults, err)
	case f.DropRequest:
		faults = append(faults, tx.DropRun(kept))
	}

	return errors.Join(faults...)
}

// RequestAnswered says that the merchant has been sent the answer of a request, so that what follows by itself can
// begin. It answers store.ErrNotFound if the payment was forgotten meanwhile.
func (m *Merchant) RequestAnswered(ctx context.Context, r Requested, began store.Moment) error {
	err := m.updateSince(ctx, r.resets, func(tx store.Tx) error {
		if _, err := tx.Payment(r.Payment.ID); err != nil {
			return err
		}
		for _, task := range r.tasks {
			task.Cause = began
			if err := tx.Schedule(task); err != nil {
				return err
			}
		}
		return nil
	})

	for _, task := range r.tasks {
		if err != nil {
			m.putBack(ctx, task, r.resets, err)
			continue
		}
		m.queue.Notify(task.Due)
	}
	return err
}
