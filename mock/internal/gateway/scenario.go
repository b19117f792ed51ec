package gateway

import (
	"cmp"
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

type scenarioFile = scenarios.Source

// Next is a scenario that was forced for the next checkouts.
type Next = store.Next

// sets are the scenario sets that the process has read, by their digests. The books have them all.
type sets struct {
	mu    sync.Mutex // guards known
	known map[string]*scenarios.Set
}

// mostSets bounds what is kept of sets that nobody may ask for any more. A set takes some 100 kB at most.
const mostSets = 256

func (s *sets) find(digest string) (*scenarios.Set, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set, ok := s.known[digest]
	return set, ok
}

func (s *sets) keep(set *scenarios.Set) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) >= mostSets {
		s.known = map[string]*scenarios.Set{}
	}
	s.known[set.Digest()] = set
}

// set is the scenario set with the digest, from the books.
func (m *Merchant) set(r store.Reader, digest string) (*scenarios.Set, error) {
	if digest == "" {
		return nil, nil
	}
	if set, ok := m.config.sets.find(digest); ok {
		return set, nil
	}

	files, err := r.Scenarios(digest)
	if err != nil {
		return nil, err
	}
	set, err := scenarios.Restore(files)
	if err == nil {
		m.config.sets.keep(set)
	}

	return set, err
}

// setOf is the set in force for the merchant: its own, else the sandbox's.
func (m *Merchant) setOf(r store.Reader, record store.Merchant) (*scenarios.Set, error) {
	if record.Scenarios != "" {
		return m.set(r, record.Scenarios)
	}
	return m.config.Scenarios(), nil
}

// inForce is what the books hold of the merchant and the set in force. When that is another one than at the last look,
// counts begin anew, and what was forced for the next checkouts is looked up in it: what no scenario is called any
// more is cancelled.
func (m *Merchant) inForce(tx store.Tx) (record store.Merchant, set *scenarios.Set, cancelled []Next, err error) {
	if err = m.gone(); err != nil {
		return record, nil, nil, err
	}
	if record, err = present(tx); err != nil {
		return record, nil, nil, err
	}
	set, err = m.setOf(tx, record)
	if err != nil || set.Digest() == record.InForce {
		return record, set, nil, err
	}

	record, cancelled = renewed(record, set)
	return record, set, cancelled, m.beginCounts(tx, record, set)
}

// tellCancelled says what is not forced for the next checkouts any more.
func (m *Merchant) tellCancelled(cancelled []Next) {
	for _, next := range cancelled {
		m.config.Log.Warn("cancelled what was forced for the next checkouts: no scenario has this name any more",
			"merchant", m.Key, "scenario", next.Scenario, "checkouts", next.Times)
	}
}

// renewed is the record of a merchant for whom the set comes into force. What no scenario is called any more is forced
// no more.
func renewed(record store.Merchant, set *scenarios.Set) (now store.Merchant, cancelled []Next) {
	var kept []Next
	for _, next := range record.Next {
		if _, err := scenarios.Named(next.Scenario, set); err != nil {
			cancelled = append(cancelled, next)
			continue
		}
		kept = append(kept, next)
	}
	record.Next, record.InForce = kept, set.Digest()
	return record, cancelled
}

// beginCounts writes down that the set is in force, and that none of its scenarios has been used.
func (m *Merchant) beginCounts(tx store.Tx, record store.Merchant, set *scenarios.Set) error {
	faults := []error{tx.PutMerchant(record), tx.DropCounts(usedPrefix), tx.DropOrders()}
	if set.Digest() != "" {
		m.config.sets.keep(set)
		faults = append(faults, tx.PutScenarios(set.Digest(), set.Sources()))
	}
	_, err := tx.Forget(m.keeps()) // the set before this one, if nothing uses it any more
	return errors.Join(append(faults, err)...)
}

// keeps is how many checkouts and orders are kept.
func (m *Merchant) keeps() int { return cmp.Or(m.config.Rules.Keep, math.MaxInt) }

// Scenarios is the set in force, and whether it is the merchant's own.
func (m *Merchant) Scenarios(ctx context.Context) (set *scenarios.Set, own bool, err error) {
	err = m.store.View(ctx, func(r store.Reader) error {
		record, err := r.Merchant()
		if err != nil {
			return err
		}
		own = record.Scenarios != ""
		set, err = m.setOf(r, record)
		return err
	})
	return set, own, err
}

// SetScenarios puts the merchant's own set in force for new checkouts; nil puts the sandbox's back, and
// nothing is forced for the next checkouts any more. Counts begin anew. It answers what was forced and is not
// any more: with a set, that is what no scenario of it or of the library is called.
func (m *Merchant) SetScenarios(ctx context.Context, set *scenarios.Set) (cancelled []Next, err error) {
	err = m.update(ctx, func(tx store.Tx) error {
		record, err := present(tx)
		if err != nil {
			return err
		}
		if set == nil {
			cancelled, record.Next, record.Scenarios = record.Next, nil, ""
			record.InForce = m.config.Scenarios().Digest()
			return m.beginCounts(tx, record, m.config.Scenarios())
		}
		record, cancelled = renewed(record, set)
		record.Scenarios = set.Digest()
		return m.beginCounts(tx, record, set)
	})
	return cancelled, err
}

// NextScenario forces a scenario for the next checkouts, behind those that were forced before. A
// name that no scenario has is an *payment.Error.
func (m *Merchant) NextScenario(ctx context.Context, name string, times int) error {
	var cancelled []Next
	err := m.store.Update(ctx, func(tx store.Tx) error {
		record, set, gone, err := m.inForce(tx)
		if err != nil {
			return err
		}
		cancelled = gone
		found, err := scenarios.NamedIn("scenario", name, set)
		if err != nil {
			return err
		}
		record.Next = append(record.Next[:len(record.Next):len(record.Next)], Next{Scenario: found.Name, Times: times})
		return tx.PutMerchant(record)
	})
	if err == nil {
		m.tellCancelled(cancelled)
	}

	return err
}

// withoutFirst counts the first of what was forced as used.
func withoutFirst(record store.Merchant) store.Merchant {
	next := append([]Next(nil), record.Next...)
	if next[0].Times--; next[0].Times == 0 {
		next = next[1:]
	}
	record.Next = next
	return record
}

// NextScenarios lists what is forced for the next checkouts, in the order in which they get it.
func (m *Merchant) NextScenarios(ctx context.Context) (next []Next, err error) {
	var cancelled []Next
	err = m.store.Update(ctx, func(tx store.Tx) error {
		record, _, gone, err := m.inForce(tx) // a scenario that is gone is forced no more
		next, cancelled = append([]Next{}, record.Next...), gone
		return err
	})
	if err == nil {
		m.tellCancelled(cancelled)
	}
	return next, err
}

// CancelNext forgets what is forced for the next checkouts, and answers it.
func (m *Merchant) CancelNext(ctx context.Context) (cancelled []Next, err error) {
	err = m.update(ctx, func(tx store.Tx) error {
		record, err := present(tx)
		if err != nil {
			return err
		}
		cancelled, record.Next = append([]Next{}, record.Next...), nil
		return tx.PutMerchant(record)
	})
	return cancelled, err
}

// ScenarioOf is the name of the scenario that a checkout follows, empty if it follows none.
func (m *Merchant) ScenarioOf(ctx context.Context, checkoutID string) (string, error) {
	run, err := view(ctx, m, func(r store.Reader) (scenarios.Run, error) { return r.Run(store.CheckoutRun(checkoutID)) })
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return run.Scenario, err
}

// Asked is what a GET of a checkout finds.
type Asked struct {
	Checkout payment.Checkout
	pos.Answer
	Scenario string        // empty: it follows none
	Delay    time.Duration // of the answer
}

// Asked answers a GET of a checkout, and counts it. An unknown id is an *payment.Error with code
// NotFound.
func (m *Merchant) Asked(ctx context.Context, id string) (Asked, error) {
	asked, err := m.Peeked(ctx, id)
	if err != nil || asked.Run == nil {
		return asked, err
	}

	err = m.update(ctx, func(tx store.Tx) error {
		asked, err = m.question(tx, id)
		if err != nil || asked.Run == nil {
			return err
		}
		return tx.PutRun(store.CheckoutRun(id), *asked.Run)
	})
	return asked, m.known(err, "checkout")
}

// Peeked answers what the next Asked will answer, and counts nothing. Its error is that of Asked.
func (m *Merchant) Peeked(ctx context.Context, id string) (Asked, error) {
	asked, err := view(ctx, m, func(r store.Reader) (Asked, error) { return m.question(r, id) })
	return asked, m.known(err, "checkout")
}

func (m *Merchant) question(r store.Reader, id string) (Asked, error) {
	read, err := m.sale(r, id, m.clock.Now())
	if err != nil {
		return Asked{}, err
	}
	asked := Asked{Checkout: read.Checkout, Answer: m.pos.Question(read.Sale), Scenario: nameOf(read.Run)}
	if asked.Step.Delay.Max > 0 {
		asked.Delay = asked.Step.Delay.At(m.pos.Draws.Fraction(id, "answer delay", read.Run.Answered))
	}
	return asked, nil
}

// Explained says how the scenario of a checkout came to be chosen.
type Explained struct {
	Scenario string           `json:"scenario,omitempty"` // empty: none
	Choice   scenarios.Choice `json:"choice"`
	// Verdicts are about the set that was in force, which is asked only if nothing names a scenario.
	scenarios.Explanation
}

// Explain says why a checkout has its scenario. An unknown id is an *payment.Error with code
// NotFound.
func (m *Merchant) Explain(ctx context.Context, id string) (Explained, error) {
	explained, err := view(ctx, m, func(r store.Reader) (Explained, error) {
		read, err := m.sale(r, id, m.clock.Now())
		if err != nil {
			return Explained{}, err
		}
		if read.Run == nil {
			return unfollowed(), nil
		}
		return explain(read.Run, read.Set, pos.FactsOf(read.Checkout, read.Run)), nil
	})
	return explained, m.known(err, "checkout")
}

// ExplainPayment says why a payment has its scenario; one of a checkout has that of the checkout. An unknown id is an
// *payment.Error with code NotFound, and so is that of a payment of another checkout, if one is named.
func (m *Merchant) ExplainPayment(ctx context.Context, id, checkoutID string) (Explained, error) {
	explained, err := view(ctx, m, func(r store.Reader) (Explained, error) {
		related, err := m.related(r, id, m.clock.Now())
		switch {
		case err != nil:
			return Explained{}, err
		case checkoutID != "" && related.Payment.CheckoutID != checkoutID:
			return Explained{}, store.ErrNotFound
		case related.Run == nil:
			return unfollowed(), nil
		case related.Payment.CheckoutID != "":
			c, err := r.Checkout(related.Payment.CheckoutID)
			return explain(related.Run, related.Set, pos.FactsOf(c, related.Run)), err
		}
		return explain(related.Run, related.Set, related.Facts()), nil
	})
	return explained, m.known(err, "payment")
}

// unfollowed explains what follows no scenario.
func unfollowed() Explained {
	return Explained{Choice: scenarios.ByDefault, Explanation: (*scenarios.Set)(nil).Explain(scenarios.Facts{}, nil)}
}

// explain says how the run was chosen from its set.
func explain(run *scenarios.Run, set *scenarios.Set, facts scenarios.Facts) Explained {
	explanation := set.Explain(facts, func(name string) uint64 { return run.Used[name] })
	if run.Choice.Named() {
		explanation = explanation.Unasked()
	}
	return Explained{Scenario: run.Scenario, Choice: run.Choice, Explanation: explanation}
}
