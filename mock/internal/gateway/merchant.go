package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/callback"
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Merchant is one API key's sandbox: its clock, its random source, its store, its journal and its
// delivery queue. Nothing of it is shared with another merchant.
type Merchant struct {
	Key      string
	config   *Config
	clock    *clock.Clock
	journal  *journal.Journal
	store    store.Store
	queue    *callback.Queue
	script   *script
	coverage *openapi.Coverage
	faker    *faker
	ids      *faker // request ids have their own source: a failed request must not change what comes after it

	limiter atomic.Pointer[rate.Limiter] // nil: no limit

	used      atomic.Int64 // when it was last used, in real time, in nanoseconds since 1970
	full      sync.Once    // says that checkouts are being forgotten
	forgotten atomic.Bool  // its key had a merchant before, which was forgotten
	unseen    bool         // it was made up for somebody who looks, and is not kept

	mu     sync.Mutex // guards the secret
	secret *[sha256.Size]byte
}

func newMerchant(c *Config, key string) *Merchant {
	log := c.Log.With("merchant", key)
	m := &Merchant{
		Key: key, config: c, clock: c.NewClock(), journal: journal.Within(c.Journals), store: c.NewStore(),
		faker: newFaker(c.Seed, key), ids: newFaker(c.Seed, key+" requests"), script: newScript(c, log),
		coverage: c.Plan.NewCoverage(),
	}
	m.limiter.Store(c.Rules.RateLimit.limiter())
	m.queue = callback.NewQueue(callback.Config{
		Store: m.store, Clock: m.clock, Journal: m.journal, Sender: c.Sender, Plan: c.Rules.Plan,
		Log: log, Count: c.countFor(key), Perform: m.perform,
	})
	return m
}

// countFor is what a merchant's queue tells of its attempts; nil: nobody counts.
func (c *Config) countFor(key string) func(callback.Attempted) {
	if c.Count == nil {
		return nil
	}
	return func(a callback.Attempted) { c.Count(key, a) }
}

// claim reports whether the secret is the merchant's. The first one it is used with becomes it.
// Both are compared by their hashes, in constant time.
func (m *Merchant) claim(secret payment.Secret) bool {
	sum := sha256.Sum256([]byte(secret.Reveal()))
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.secret == nil {
		first := sum // so that only this one outlives the call
		m.secret = &first
		return true
	}
	return subtle.ConstantTimeCompare(m.secret[:], sum[:]) == 1
}

// Clock is the merchant's time.
func (m *Merchant) Clock() *clock.Clock { return m.clock }

// Journal is the merchant's record.
func (m *Merchant) Journal() *journal.Journal { return m.journal }

// Queue is the merchant's deliveries.
func (m *Merchant) Queue() *callback.Queue { return m.queue }

// RequestID draws an id for an answer that reports a fault.
func (m *Merchant) RequestID() string { return m.ids.UUID() }

// Reset forgets the merchant's checkouts, deliveries and journal, makes its time real again and
// begins its random values anew. Its credentials stay, and its scenarios if they are kept. What it
// has covered of the contract is counted anew. It waits for attempts under way.
func (m *Merchant) Reset(ctx context.Context, keepScenarios bool) error {
	return m.queue.Quiet(func() error {
		if err := m.store.Reset(ctx); err != nil {
			return err
		}
		m.script.reset(keepScenarios)
		m.faker.reset()
		m.ids.reset()
		m.journal.Reset()
		m.forgotten.Store(false)
		m.coverage.Reset()
		m.clock.Reset()
		m.limiter.Store(m.config.Rules.RateLimit.limiter())
		return nil
	})
}

// Checkouts lists the merchant's checkouts, newest first.
func (m *Merchant) Checkouts(ctx context.Context, q store.CheckoutQuery) ([]payment.Checkout, error) {
	return m.store.Checkouts(ctx, q)
}

// Checkout answers a checkout of the merchant, or an *payment.Error with code NotFound.
func (m *Merchant) Checkout(ctx context.Context, id string) (payment.Checkout, error) {
	c, err := m.store.Checkout(ctx, id)
	return c, m.known(err, "checkout")
}

// Deliveries lists the merchant's deliveries, newest first.
func (m *Merchant) Deliveries(ctx context.Context, q store.DeliveryQuery) ([]store.Delivery, error) {
	return m.store.Deliveries(ctx, q)
}

// Delivery answers a delivery of the merchant, or an *payment.Error with code NotFound.
func (m *Merchant) Delivery(ctx context.Context, id string) (store.Delivery, error) {
	d, err := m.store.Delivery(ctx, id)
	return d, m.known(err, "callback")
}

// Redeliver sends a callback again, now. An unknown id is an *payment.Error with code NotFound.
func (m *Merchant) Redeliver(ctx context.Context, id string) (store.Delivery, error) {
	d, err := m.queue.Redeliver(ctx, id)
	return d, m.known(err, "callback")
}

// known turns the store's word for an unknown id into the caller's. Nothing in it tells whether
// another merchant has the id.
func (m *Merchant) known(err error, what string) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	message := "there is no " + what + " with this id"
	if m.forgotten.Load() {
		message += fmt.Sprintf(": this key's merchant was forgotten with all it had; at most %d are kept (--keep-merchants), "+
			"and the one that was not used for longest makes room", m.config.Rules.KeepMerchants)
	}
	return &payment.Error{Code: payment.NotFound, Message: message}
}

// perform runs a task of the queue that is not a delivery.
func (m *Merchant) perform(ctx context.Context, t store.Task) error {
	ctx = journal.WithCause(ctx, journal.CauseOf(ctx, journal.Moment(t.Cause)))
	var err error
	switch t.Kind {
	case store.Expire:
		_, err = m.Expire(ctx, t.Subject)
	case store.AutoPay:
		_, err = m.payAsCustomer(ctx, t.Subject)
	case store.Cancel:
		_, err = m.Cancel(ctx, t.Subject)
	case store.Abandon:
		_, err = m.Abandon(ctx, t.Subject)
	case store.Settle:
		_, err = m.bankTells(ctx, t.Subject)
	case store.GiveUp:
		_, err = m.bankGivesUp(ctx, t.Subject)
	}
	if errors.Is(err, &payment.Error{Code: payment.NotPayable}) {
		return nil // somebody was faster: it has its result
	}
	return err
}
