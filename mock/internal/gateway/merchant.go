package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/time/rate"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Merchant is one API key's sandbox: its books, and what works with them. Nothing of it is shared with another
// merchant. All that must not be forgotten stands in the books.
type Merchant struct {
	Key     string
	config  *Config
	pos     pos.POS
	clock   *clock.Clock
	journal *journal.Journal
	store   store.Store
	queue   *notify.Queue

	secret       atomic.Pointer[[]byte]       // as the books have it; nil: not asked for yet, or none
	limiter      atomic.Pointer[rate.Limiter] // nil: no limit
	used         atomic.Int64                 // when it was last used, in real time, in nanoseconds since 1970
	full         sync.Once                    // says that checkouts are being forgotten
	fullPayments sync.Once                    // says that payments without a checkout are
	forgotten    atomic.Bool                  // its key had a merchant before, which was forgotten
	// it was forgotten itself: what is under way with it changes nothing any more
	left   atomic.Bool
	unseen bool // it was made up for somebody who looks, and is not kept
}

// newMerchant makes the merchant whose books these are.
func newMerchant(ctx context.Context, c *Config, key string, books store.Store) (*Merchant, store.Merchant, error) {
	record, err := recordOf(ctx, c, key, books)
	if err != nil {
		return nil, record, fmt.Errorf("books of merchant %q: %w", key, err)
	}

	log := c.Log.With("merchant", key)
	m := &Merchant{
		Key: key, config: c, clock: c.NewClock(), journal: journal.New(books, log), store: books,
		pos: pos.POS{Rules: c.Rules.Rules, Draws: pos.Draws{Seed: record.Seed, Key: key}},
	}
	m.clock.Load(record.Clock)
	m.limiter.Store(c.Rules.RateLimit.limiter())
	m.forgotten.Store(record.Forgotten)
	if len(record.Secret) > 0 {
		m.secret.Store(&record.Secret)
	}

	var shared store.SharedStore
	if c.shared != nil {
		shared, _ = books.(store.SharedStore)
	}
	m.queue = notify.NewQueue(notify.Config{
		Store: m.store, Shared: shared, Clock: m.clock, Journal: m.journal, Sender: c.Sender, Plan: c.Rules.Plan,
		Webhook: c.Rules.Webhook, Log: log, Count: c.countFor(key), Perform: m.perform,
	})
	m.queue.BeganAnew(record.Resets)
	return m, record, nil
}

// recordOf answers what the books hold of the merchant; new ones get a merchant.
func recordOf(ctx context.Context, c *Config, key string, books store.Store) (record store.Merchant, err error) {
	err = books.Update(ctx, func(tx store.Tx) error {
		record, err = tx.Merchant()
		switch {
		case errors.Is(err, store.ErrNotFound):
			record = store.Merchant{Seed: c.Seed}
		case err != nil || !lacksSecret(record.Webhook):
			return err
		default:
			record.Webhook = withDrawnSecrets(record.Webhook, pos.Draws{Seed: record.Seed, Key: key})
		}
		return tx.PutMerchant(record)
	})
	return record, err
}

// resume goes on with what the books say is still to be done.
func (m *Merchant) resume(ctx context.Context) error {
	due, ok, err := m.queue.NextDue(ctx)
	if ok {
		m.queue.Notify(due)
	}
	return err
}

// countFor is what a merchant's queue tells of its attempts; nil: nobody counts.
func (c *Config) countFor(key string) func(notify.Attempted) {
	if c.Count == nil {
		return nil
	}
	return func(a notify.Attempted) { c.Count(key, a) }
}

// claim reports whether the secret is the merchant's. The first one it is used with becomes it.
// Both are compared by their hashes, in constant time.
func (m *Merchant) claim(ctx context.Context, secret payment.Secret) (bool, error) {
	sum := sha256.Sum256([]byte(secret.Reveal()))
	if kept := m.secret.Load(); kept != nil {
		return subtle.ConstantTimeCompare(*kept, sum[:]) == 1, nil
	}
	first := slices.Clone(sum[:]) // so that only this one outlives the call
	if err := m.keepSecret(ctx, &first); err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(first, sum[:]) == 1, nil
}

// keepSecret makes the hash that of the merchant's secret, unless it has one: then that is answered in its place.
func (m *Merchant) keepSecret(ctx context.Context, hash *[]byte) error {
	kept := *hash
	err := m.update(ctx, func(tx store.Tx) error {
		record, err := present(tx)
		switch {
		case err != nil:
			return err
		case len(record.Secret) > 0:
			kept = record.Secret
			return nil
		}
		kept, record.Secret = *hash, *hash
		return tx.PutMerchant(record)
	})
	if err == nil {
		*hash = kept
		m.secret.Store(&kept)
	}

	return err
}

// Takes reports whether a request with the secret is let in: it is the merchant's, or the merchant has none yet.
// Asking makes it nobody's.
func (m *Merchant) Takes(secret payment.Secret) bool {
	sum := sha256.Sum256([]byte(secret.Reveal()))
	if kept := m.secret.Load(); kept != nil {
		return subtle.ConstantTimeCompare(*kept, sum[:]) == 1
	}
	return !m.forgotten.Load()
}

// setSecret makes the secret the merchant's, whatever it was before.
func (m *Merchant) setSecret(ctx context.Context, secret payment.Secret) error {
	sum := sha256.Sum256([]byte(secret.Reveal()))
	hash := sum[:]
	err := m.store.Update(ctx, func(tx store.Tx) error {
		record, err := tx.Merchant()
		if err != nil {
			return err
		}
		record.Secret = hash
		return tx.PutMerchant(record)
	})
	if err == nil {
		m.secret.Store(&hash)
	}
	return err
}

// gone is the error for whoever still has a merchant that was forgotten; nil: it was not. Asked within a transaction
// it is exact: a merchant is marked before its books are emptied.
func (m *Merchant) gone() error {
	if m.left.Load() {
		return notify.ErrForgotten
	}
	return nil
}

// update changes the merchant's books in one transaction, unless the merchant was forgotten.
func (m *Merchant) update(ctx context.Context, do func(store.Tx) error) error {
	return m.store.Update(ctx, func(tx store.Tx) error {
		if err := m.gone(); err != nil {
			return err
		}
		return do(tx)
	})
}

// present is what the books hold of the merchant. One that another process has forgotten meanwhile has nothing to be
// changed: notify.ErrForgotten.
func present(tx store.Tx) (store.Merchant, error) {
	record, err := tx.Merchant()
	if err == nil && record.Absent {
		err = notify.ErrForgotten
	}
	return record, err
}

// errBeganAnew is for whoever still has something of a merchant that began anew meanwhile.
var errBeganAnew = fmt.Errorf("the merchant began anew meanwhile: %w", store.ErrNotFound)

// updateSince is update for what began when the merchant's books had been emptied so often. It answers errBeganAnew
// when they were emptied again: what has the same id now is something else.
func (m *Merchant) updateSince(ctx context.Context, resets uint64, do func(store.Tx) error) error {
	return m.update(ctx, func(tx store.Tx) error {
		record, err := tx.Merchant()
		if err == nil && record.Resets != resets {
			err = errBeganAnew
		}
		if err != nil {
			return err
		}
		return do(tx)
	})
}

// putBack lets a task come that was held for a request, and that could not be scheduled when it was answered.
func (m *Merchant) putBack(ctx context.Context, t store.Task, resets uint64, fault error) {
	if !errors.Is(fault, errBeganAnew) { // else it is gone, and what is called the same is another one
		m.queue.PutBack(ctx, t, resets, fault)
	}
}

// Clock is the merchant's time.
func (m *Merchant) Clock() *clock.Clock { return m.clock }

// Journal is the merchant's record.
func (m *Merchant) Journal() *journal.Journal { return m.journal }

// Queue is the merchant's deliveries.
func (m *Merchant) Queue() *notify.Queue { return m.queue }

// RequestID is the id for an answer to the request that began at the moment.
func (m *Merchant) RequestID(began store.Moment) string {
	return m.pos.Draws.UUID("", "request", int(began.Number()))
}

// Reset forgets the merchant's checkouts, deliveries and journal, makes its time real again and
// begins its random values anew. Its credentials and its webhook stay, and its scenarios if they are kept. What it
// has covered of the contract is counted anew. It waits for attempts under way.
func (m *Merchant) Reset(ctx context.Context, keepScenarios bool) error {
	return m.queue.Alone(ctx, func(ctx context.Context) error {
		var resets uint64
		err := m.update(ctx, func(tx store.Tx) error {
			record, err := tx.Merchant()
			if err != nil {
				return err
			}
			kept := store.Merchant{
				Secret: record.Secret, Seed: record.Seed, Webhook: record.Webhook, Resets: record.Resets + 1,
			}
			resets = kept.Resets
			var set []scenarioFile
			if keepScenarios && record.Scenarios != "" {
				kept.Scenarios = record.Scenarios
				set, err = tx.Scenarios(record.Scenarios)
			}
			if err = errors.Join(err, tx.Reset(), tx.PutMerchant(kept)); err != nil || set == nil {
				return err
			}
			return tx.PutScenarios(kept.Scenarios, set)
		})
		if err != nil {
			return err
		}
		m.queue.BeganAnew(resets)
		m.forgotten.Store(false)
		m.clock.Load(store.Clock{})
		m.limiter.Store(m.config.Rules.RateLimit.limiter())
		return nil
	})
}

// view reads the merchant's books.
func view[T any](ctx context.Context, m *Merchant, read func(r store.Reader) (T, error)) (found T, err error) {
	err = m.store.View(ctx, func(r store.Reader) error {
		found, err = read(r)
		return err
	})
	return found, err
}

// Checkouts lists the merchant's checkouts, newest first.
func (m *Merchant) Checkouts(ctx context.Context, q store.CheckoutQuery) ([]payment.Checkout, error) {
	return view(ctx, m, func(r store.Reader) ([]payment.Checkout, error) { return r.Checkouts(q) })
}

// Checkout answers a checkout of the merchant, or an *payment.Error with code NotFound.
func (m *Merchant) Checkout(ctx context.Context, id string) (payment.Checkout, error) {
	c, err := view(ctx, m, func(r store.Reader) (payment.Checkout, error) { return r.Checkout(id) })
	return c, m.known(err, "checkout")
}

// Payments lists the merchant's payments, newest first.
func (m *Merchant) Payments(ctx context.Context, q store.PaymentQuery) ([]payment.Payment, error) {
	return view(ctx, m, func(r store.Reader) ([]payment.Payment, error) { return r.Payments(q) })
}

// Deliveries lists the merchant's deliveries, newest first.
func (m *Merchant) Deliveries(ctx context.Context, q store.DeliveryQuery) ([]store.Delivery, error) {
	return view(ctx, m, func(r store.Reader) ([]store.Delivery, error) { return r.Deliveries(q) })
}

// Delivery answers a delivery of the merchant, or an *payment.Error with code NotFound.
func (m *Merchant) Delivery(ctx context.Context, id string) (store.Delivery, error) {
	d, err := view(ctx, m, func(r store.Reader) (store.Delivery, error) { return r.Delivery(id) })
	return d, m.known(err, "callback")
}

// Scheduled lists what will happen to a checkout by itself, deliveries aside.
func (m *Merchant) Scheduled(ctx context.Context, id string) ([]store.Task, error) {
	return view(ctx, m, func(r store.Reader) ([]store.Task, error) { return r.Scheduled(id) })
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
		message += fmt.Sprintf(": this key's merchant was forgotten with all it had; at most %d are kept "+
			"(--keep-merchants), "+
			"and the one that was not used for longest makes room", m.config.Rules.KeepMerchants)
	}
	return &payment.Error{Code: payment.NotFound, Message: message}
}
