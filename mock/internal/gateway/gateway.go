// Package gateway holds the use cases of the sandbox: authenticate, create, pay, settle, expire,
// query. It decides what a payment's result is and records, in one transaction with it, the
// callbacks that follow. It knows no HTTP: the merchant API, the hosted page and the control API
// all stand on it.
package gateway

import (
	"cmp"
	"context"
	"crypto/sha256"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/callback"
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// TestKeyPrefix begins the API keys that become merchants on first use.
const TestKeyPrefix = "test_"

// Config is what a Gateway works with. Every field is wanted that does not say otherwise.
type Config struct {
	APIKey    string                // the merchant that always exists
	APISecret payment.Secret        // its secret
	Seed      uint64                // what all generated values are drawn from
	AutoPay   bool                  // the sandbox's own customer pays every checkout
	Scenario  string                // the name of the scenario for checkouts that nothing else is meant for; empty: none
	Scenarios func() *scenarios.Set // the set in force for merchants without one of their own; nil: none
	Rules     Rules
	NewStore  func() store.Store // makes the store of a merchant
	NewClock  func() *clock.Clock
	Plan      *openapi.Plan // what of the contract can be exercised; nil: nothing is counted
	Sender    *callback.Sender
	Journals  *journal.Budget                             // what all journals may hold together; nil: JournalBytes
	Count     func(merchant string, a callback.Attempted) // is told of every attempt; nil: nobody counts
	Log       *slog.Logger
	// JournalBytes is what all journals may hold together; zero: 256 MiB.
	JournalBytes int64
	Wall         func() time.Time // the real time, by which merchants are idle; nil: the machine's
}

// journalBytes is what the journals of all merchants hold at most.
const journalBytes = 256 << 20

// Rules are the settings that stand for what PayPorter's pages do not say.
type Rules struct {
	LinkLifetime   time.Duration        // how long a link can be paid
	ThreeDSecure   payment.ThreeDSecure // which cards are sent to the bank's page
	BankPatience   time.Duration        // how long the bank's page waits for a code
	PaidAmount     payment.PaidAmount   // which amount a payment has whose customer pays interest; empty: the order's
	RetryPayments  bool                 // a declined checkout may be tried again
	Keep           int                  // how many checkouts a merchant has before finished ones are forgotten; zero: all are kept
	KeepMerchants  int                  // how many test keys are merchants at a time; zero: as many as come
	RepeatedOrders bool                 // an order may have several checkouts
	RateLimit      RateLimit            // of a merchant's requests
	Plan           store.RetryPlan
	Announce       map[Event]bool // what is told to the callback URL
}

// Documented is the retry plan of PayPorter's pages.
func (*Config) Documented() store.RetryPlan { return callback.Documented() }

// Event is something that can be told to the callback URL.
type Event string

// The events. Success and failure are documented, the other two assumed.
const (
	OnSuccess Event = "success"
	OnFailure Event = "failure"
	OnCancel  Event = "cancel"
	OnExpiry  Event = "expiry"
)

// Gateway holds the merchants. It is safe for concurrent use; nothing in it is shared by them.
type Gateway struct {
	Config
	merchants sync.Map      // API key -> *Merchant
	forgets   atomic.Uint64 // how many have been forgotten
	arrivals  arrivals

	adding  sync.Mutex      // guards count and past; held while a merchant is added
	count   int             // merchants besides the configured one
	past    past            // those that were forgotten
	leaving sync.WaitGroup  // of forgotten merchants
	leaves  context.Context // until it ends, what is under way of them may come to its end
	leave   context.CancelFunc

	strangers Strangers
}

// New makes a gateway with the configured merchant.
func New(c Config) *Gateway {
	if c.Plan == nil {
		c.Plan = &openapi.Plan{}
	}
	if c.Wall == nil {
		c.Wall = clock.Wall
	}
	if c.Journals == nil {
		c.Journals = journal.NewBudget(cmp.Or(c.JournalBytes, journalBytes))
	}
	g := &Gateway{Config: c, strangers: Strangers{clock: c.NewClock(), journal: journal.Within(c.Journals)}}
	g.leaves, g.leave = context.WithCancel(context.Background())
	own := newMerchant(&g.Config, c.APIKey)
	own.claim(c.APISecret)
	g.merchants.Store(c.APIKey, own)
	return g
}

// Close stops every merchant's delivery loop, waits for what is under way until ctx ends, and says what was not delivered.
func (g *Gateway) Close(ctx context.Context) {
	var closing sync.WaitGroup
	g.merchants.Range(func(_, value any) bool {
		m := value.(*Merchant)
		closing.Go(func() {
			m.queue.Close(ctx)
			m.farewell(context.Background())
		})
		return true
	})
	closing.Wait()
	g.leave()
	g.leaving.Wait()
}

// Authenticate answers the merchant with these credentials. A test key that was never seen becomes
// a merchant with the secret it came with; where there is no room for one, the error has code
// TooManyRequests. In every other case the error is the same, so that a caller cannot tell a wrong
// key from a wrong secret.
func (g *Gateway) Authenticate(key string, secret payment.Secret) (*Merchant, error) {
	if key == "" || secret == "" || !ValidKey(key) {
		return nil, g.unauthorized()
	}
	m, ok := g.Known(key)
	if !ok && !strings.HasPrefix(key, TestKeyPrefix) {
		burn(secret)
		return nil, g.unauthorized()
	}
	if !ok {
		var err error
		if m, err = g.add(key, secret); err != nil {
			return nil, err
		}
	}
	if !m.claim(secret) {
		return nil, g.unauthorized()
	}
	return g.use(m), nil
}

// burn takes as long as comparing a secret does, so that time does not tell which keys exist.
func burn(secret payment.Secret) { _ = sha256.Sum256([]byte(secret.Reveal())) }

// ValidKey keeps keys printable and short: they are shown in logs and kept for good.
func ValidKey(key string) bool {
	if len(key) > 128 {
		return false
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return false
		}
	}
	return true
}

func (g *Gateway) unauthorized() error {
	return &payment.Error{Code: payment.Unauthorized, Message: "valid X-API-KEY and X-API-SECRET headers are required"}
}

// Merchant answers the merchant with the key, for whoever changes something in it without its secret. A
// test key that was never seen becomes a merchant whose secret is the first it will be used with; where
// there is no room for one, it is an *payment.Error with code TooManyRequests. Any other unknown key is
// one with code NotFound.
func (g *Gateway) Merchant(key string) (*Merchant, error) {
	if key == "" {
		key = g.APIKey
	}
	if m, ok := g.Known(key); ok {
		return g.use(m), nil
	}
	if !isTestKey(key) {
		return nil, noMerchant()
	}
	return g.add(key, "")
}

func isTestKey(key string) bool { return strings.HasPrefix(key, TestKeyPrefix) && ValidKey(key) }

func noMerchant() error {
	return &payment.Error{
		Code: payment.NotFound,
		Message: "there is no merchant with this API key; the configured one and every key that begins with " +
			TestKeyPrefix + " can be used",
	}
}

// Known answers the merchant with the key, if there is one already.
func (g *Gateway) Known(key string) (*Merchant, bool) {
	m, ok := g.merchants.Load(key)
	if !ok {
		return nil, false
	}
	return m.(*Merchant), true
}

// Keys lists the merchants there are, the configured one first, the others in order.
func (g *Gateway) Keys() []string {
	var others []string
	g.merchants.Range(func(key, _ any) bool {
		if key != g.APIKey {
			others = append(others, key.(string))
		}
		return true
	})
	slices.Sort(others)
	return append([]string{g.APIKey}, others...)
}

// Backlog is what is still to be delivered for all merchants, and how long the earliest attempt is overdue by its
// merchant's clock.
func (g *Gateway) Backlog(ctx context.Context) (planned int, lag time.Duration) {
	g.merchants.Range(func(_, value any) bool {
		m := value.(*Merchant)
		now := m.clock.Now()
		b, err := m.store.Backlog(ctx, now)
		if err == nil {
			planned += b.Planned
		}
		if b.Due > 0 {
			lag = max(lag, now.Sub(b.Earliest))
		}
		return err == nil
	})
	return planned, lag
}

// Owner answers the merchant to whom a checkout belongs. Customers come with a link and no key;
// asking every merchant is quick enough for them, and no index is shared by the merchants.
func (g *Gateway) Owner(ctx context.Context, checkoutID string) (*Merchant, bool) {
	var owner *Merchant
	g.merchants.Range(func(_, m any) bool {
		if _, err := m.(*Merchant).store.Checkout(ctx, checkoutID); err == nil {
			owner = g.use(m.(*Merchant))
		}
		return owner == nil
	})
	return owner, owner != nil
}
