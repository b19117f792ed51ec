package gateway

import (
	"context"
	"errors"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Opening is a create whose scenario has been chosen.
type Opening struct {
	opening
	Order payment.Order
}

// Open chooses the scenario of a create; header is the one that the request names, if it names one.
// A name that no scenario has is an *payment.Error.
func (m *Merchant) Open(o payment.Order, header string) (Opening, error) {
	chosen, err := m.script.open(o, header)
	return Opening{opening: chosen, Order: o}, err
}

// Create is what the scenario does to this request; nil if it does nothing to it.
func (o Opening) Create() *scenarios.Create {
	if o.scenario == nil || !o.scenario.Create.Applies(o.request) {
		return nil
	}
	return o.scenario.Create
}

// Refused reports whether the request ends without a checkout.
func (o Opening) Refused() bool { return o.scenario != nil && o.scenario.Create.Refuses(o.request) }

// Slow reports whether callbacks are sent, and waited for, before the create is answered.
func (o Opening) Slow() bool { return o.scenario != nil && tellsEarly(o.scenario.Callback) }

// TakeBack says that nothing was done for the create after all: its scenario has not been used.
func (m *Merchant) TakeBack(o Opening) { m.script.takeBack(o) }

// Delay draws from a range of delays.
func (m *Merchant) Delay(d scenarios.Delay) time.Duration {
	if d.Max == 0 {
		return 0
	}
	return d.At(m.ids.Fraction())
}

// Scenario is the name of the scenario, empty if there is none.
func (o opening) Scenario() string {
	if o.scenario == nil {
		return ""
	}
	return o.scenario.Name
}

// Scenarios is the set in force, and whether it is the merchant's own.
func (m *Merchant) Scenarios() (set *scenarios.Set, own bool) {
	m.script.mu.Lock()
	defer m.script.mu.Unlock()
	return m.script.setLocked(), m.script.own != nil
}

// SetScenarios puts the merchant's own set in force for new checkouts; nil puts the sandbox's back, and
// nothing is forced for the next checkouts any more. Counts begin anew. It answers what was forced and is not
// any more: with a set, that is what no scenario of it or of the library is called.
func (m *Merchant) SetScenarios(set *scenarios.Set) (cancelled []Next) {
	m.script.mu.Lock()
	defer m.script.mu.Unlock()
	m.script.own = set
	if set == nil {
		cancelled, m.script.next = shown(m.script.next), nil
	} else {
		cancelled = m.script.renameNextLocked(set)
	}
	m.script.last = nil // counts begin anew, even with the same set
	return cancelled
}

// Asked is what a GET of a checkout finds: the checkout, what its scenario does to this GET, and the
// fields that are laid over its payment.
type Asked struct {
	Checkout payment.Checkout
	Step     scenarios.Step
	Fields   scenarios.Fields
	Scenario string
}

// Asked answers a GET of a checkout, and counts it. An unknown id is an *payment.Error with code
// NotFound.
func (m *Merchant) Asked(ctx context.Context, id string) (Asked, error) {
	return m.asked(ctx, id, true)
}

// Peeked answers what the next Asked will answer, and counts nothing. Its error is that of Asked.
func (m *Merchant) Peeked(ctx context.Context, id string) (Asked, error) {
	return m.asked(ctx, id, false)
}

func (m *Merchant) asked(ctx context.Context, id string, counts bool) (Asked, error) {
	c, err := m.Checkout(ctx, id)
	if err != nil {
		return Asked{}, err
	}
	a := Asked{Checkout: c}
	a.Step, a.Fields = m.script.asked(c, counts)
	if s := m.script.of(id); s != nil {
		a.Scenario = s.Name
	}
	return a, nil
}

// Explained says how the scenario of a checkout came to be chosen.
type Explained struct {
	Scenario string `json:"scenario,omitempty"` // empty: none
	Choice   Choice `json:"choice"`
	// Verdicts are about the set that was in force, which is asked only if nothing names a scenario.
	scenarios.Explanation
}

// Explain says why a checkout has its scenario. An unknown id is an *payment.Error with code
// NotFound.
func (m *Merchant) Explain(ctx context.Context, id string) (Explained, error) {
	if _, err := m.Checkout(ctx, id); err != nil {
		return Explained{}, err
	}
	m.script.mu.Lock()
	defer m.script.mu.Unlock()
	r := m.script.runs[id]
	if r == nil {
		return Explained{Choice: ByDefault, Explanation: (*scenarios.Set)(nil).Explain(scenarios.Facts{}, nil)}, nil
	}
	explained := r.set.Explain(r.facts, func(name string) int { return r.used[name] })
	if r.choice.Named() {
		explained = explained.Unasked()
	}
	return Explained{Scenario: r.Scenario(), Choice: r.choice, Explanation: explained}, nil
}

// BeforeAnswer does what the checkout's scenario wants to have happened before the create has been
// answered: its customer pays, if that is at once, and the callbacks are sent. The create began at the moment.
func (m *Merchant) BeforeAnswer(ctx context.Context, id string, began journal.Moment) error {
	s := m.script.of(id)
	if s == nil || !tellsEarly(s.Callback) {
		return nil
	}
	ctx = journal.WithCause(ctx, began)
	m.script.tellEarly(id, true)
	defer m.script.tellEarly(id, false)
	if s.Payer == nil || s.Payer.After == 0 {
		if _, err := m.payAsCustomer(ctx, id); err != nil && !errors.Is(err, &payment.Error{Code: payment.NotPayable}) {
			return err
		}
	}
	for i, d := range s.Callback.Deliveries {
		if !d.BeforeResponse {
			continue
		}
		ids, err := m.announceEarly(ctx, id, i, d, s.Callback.Retry)
		if err != nil {
			return err
		}
		if err := m.queue.Deliver(ctx, ids, d.Concurrently); err != nil {
			return err
		}
	}
	return nil
}

func tellsEarly(c *scenarios.Callback) bool {
	if c == nil || c.Via == scenarios.ViaNone || c.Via == scenarios.ViaBrowser {
		return false
	}
	for _, d := range c.Deliveries {
		if d.BeforeResponse {
			return true
		}
	}
	return false
}
