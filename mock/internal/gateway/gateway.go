// Package gateway holds the use cases of the sandbox: authenticate, create, pay, settle, expire, query. Each is one
// transaction: it reads the merchant's books, lets package pos decide, and writes down what follows, callbacks
// included. It knows no HTTP: the merchant API, the hosted page and the control API all stand on it.
package gateway

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/pos"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// TestKeyPrefix begins the API keys that become merchants on first use.
const TestKeyPrefix = "test_"

// Config is what a Gateway works with. Every field is wanted that does not say otherwise.
type Config struct {
	APIKey        string                // the merchant that always exists
	APISecret     payment.Secret        // its secret
	WebhookURL    string                // where webhooks of that merchant go; empty: as its books say
	WebhookSecret payment.Secret        // what they are signed with
	Seed          uint64                // what generated values of new merchants follow from
	Scenarios     func() *scenarios.Set // the set in force for merchants without one of their own; nil: none
	Rules         Rules
	Books         store.Books // of all merchants; Close closes them
	NewClock      func() *clock.Clock
	Plan          *openapi.Plan // what of the contract can be exercised; nil: nothing is counted
	Sender        *notify.Sender
	Count         func(merchant string, a notify.Attempted) // is told of every attempt; nil: nobody counts
	Log           *slog.Logger
	Wall          func() time.Time // the real time, by which merchants are idle; nil: the machine's

	sets   *sets
	shared store.Shared // Books, if several processes use them; nil: one does
}

// Rules are the settings that stand for what PayPorter's pages do not say.
type Rules struct {
	pos.Rules
	Keep          int       // how many checkouts a merchant has before finished ones are forgotten; zero: all are kept
	KeepMerchants int       // how many test keys are merchants at a time; zero: as many as come
	RateLimit     RateLimit // of a merchant's requests
	Plan          store.RetryPlan
	Webhook       notify.Webhook
}

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
	points    []string // what counts each point of the plan, by its number

	newcomers newcomers // keys that other processes have made merchants of
}

// New makes a gateway with the configured merchant, and with those that the books have already. Nothing happens by
// itself before Resume.
func New(ctx context.Context, c Config) (*Gateway, error) {
	if c.Plan == nil {
		c.Plan = &openapi.Plan{}
	}
	if c.Wall == nil {
		c.Wall = clock.Wall
	}
	if c.Scenarios == nil {
		c.Scenarios = func() *scenarios.Set { return nil }
	}

	c.sets = &sets{}
	c.shared, _ = c.Books.(store.Shared)
	g := &Gateway{Config: c}
	for _, point := range c.Plan.Points() {
		g.points = append(g.points, coveredPrefix+string(point.Kind)+" "+point.Name)
	}

	g.leaves, g.leave = context.WithCancel(context.Background())
	return g, g.openAll(ctx)
}

// openAll opens the books of the requests that belong to nobody, of the configured merchant and of all that the books
// have.
func (g *Gateway) openAll(ctx context.Context) error {
	nobody, err := g.Books.Open(ctx, strangersKey)
	if err != nil {
		return err
	}
	g.strangers = Strangers{
		clock: g.NewClock(), journal: journal.New(nobody, g.Log),
		pos: pos.POS{Draws: pos.Draws{Seed: g.Seed}},
	}

	own, record, err := g.open(ctx, g.APIKey)
	if err == nil && record.Absent { // its key was one of many, and was forgotten
		err = own.comeBack(ctx)
	}
	if err == nil {
		err = own.setSecret(ctx, g.APISecret)
	}
	if err == nil && g.WebhookURL != "" {
		err = own.configureWebhook(ctx, g.WebhookURL, g.WebhookSecret)
	}
	if err != nil {
		return err
	}
	g.merchants.Store(g.APIKey, own)

	keys, err := g.Books.Keys(ctx)
	for _, key := range keys {
		if err == nil && key != g.APIKey {
			err = g.reopen(ctx, key)
		}
	}
	return err
}

// Resume goes on with what the books say is still to be done.
func (g *Gateway) Resume(ctx context.Context) error {
	var faults []error
	g.merchants.Range(func(_, value any) bool {
		faults = append(faults, value.(*Merchant).resume(ctx))
		return true
	})
	if g.shared != nil {
		g.follow()
	}
	return errors.Join(faults...)
}

// open opens the books of a key and makes their merchant.
func (g *Gateway) open(ctx context.Context, key string) (*Merchant, store.Merchant, error) {
	books, err := g.Books.Open(ctx, key)
	if err != nil {
		return nil, store.Merchant{}, fmt.Errorf("open the books of merchant %q: %w", key, err)
	}
	return newMerchant(ctx, &g.Config, key, books)
}

// reopen makes a merchant again that the books had before the sandbox was started, or remembers that it was forgotten.
func (g *Gateway) reopen(ctx context.Context, key string) error {
	m, record, err := g.open(ctx, key)
	if err != nil {
		return err
	}

	g.adding.Lock()
	defer g.adding.Unlock()
	if record.Absent {
		return g.keepPastLocked(ctx, m)
	}

	g.merchants.Store(key, g.use(m))
	g.count++
	return nil
}

// Close stops every merchant's delivery loop, waits for what is under way until ctx ends, and says what was not
// delivered.
func (g *Gateway) Close(ctx context.Context) {
	g.newcomers.stop()
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
	if err := g.Books.Close(); err != nil {
		g.Log.Error("the books were not closed", "error", err.Error())
	}
}

// Authenticate answers the merchant with these credentials. A test key that was never seen becomes
// a merchant with the secret it came with; where there is no room for one, the error has code
// TooManyRequests. In every other case the error is the same, so that a caller cannot tell a wrong
// key from a wrong secret.
func (g *Gateway) Authenticate(ctx context.Context, key string, secret payment.Secret) (*Merchant, error) {
	switch {
	case key == "":
		return nil, unauthorized("there is no X-API-KEY header")
	case secret == "":
		return nil, unauthorized("there is no X-API-SECRET header")
	case !ValidKey(key):
		return nil, unauthorized("X-API-KEY must be at most 128 characters, without spaces")
	}

	m, ok, err := g.Find(ctx, key)
	if err != nil {
		return nil, err
	}
	if !ok && !strings.HasPrefix(key, TestKeyPrefix) {
		burn(secret)
		return nil, unauthorized("there is no key " + payment.MaskSecrets(key) + "; any that begins with " + TestKeyPrefix +
			" will do")
	}
	if !ok {
		if m, err = g.add(ctx, key, secret); err != nil {
			return nil, err
		}
	}

	right, err := m.claim(ctx, secret)
	switch {
	case err != nil:
		return nil, err
	case !right:
		return nil, unauthorized("the secret is not that of " + payment.MaskSecrets(key))
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

// credentials is a refusal of a key and a secret. The log says why; the answer does not tell which keys there are.
type credentials struct{ why string }

var refusedCredentials = &payment.Error{
	Code: payment.Unauthorized, Message: "valid X-API-KEY and X-API-SECRET headers are required",
}

func unauthorized(why string) error { return &credentials{why} }

func (c *credentials) Error() string { return refusedCredentials.Message + ": " + c.why }

func (c *credentials) Unwrap() error { return refusedCredentials }

// Merchant answers the merchant with the key, for whoever changes something in it without its secret. A
// test key that was never seen becomes a merchant whose secret is the first it will be used with; where
// there is no room for one, it is an *payment.Error with code TooManyRequests. Any other unknown key is
// one with code NotFound.
func (g *Gateway) Merchant(ctx context.Context, key string) (*Merchant, error) {
	if m, ok, err := g.existing(ctx, key); ok || err != nil {
		return m, err
	}
	return g.add(ctx, key, "")
}

// existing answers the merchant with the key; an empty key is the configured one's. ok is false for a test key that was
// never used. Any other unknown key is an *payment.Error with code NotFound.
func (g *Gateway) existing(ctx context.Context, key string) (m *Merchant, ok bool, err error) {
	if key == "" {
		key = g.APIKey
	}
	m, ok, err = g.Find(ctx, key)
	switch {
	case err != nil:
		return nil, false, err
	case ok:
		return g.use(m), true, nil
	case !isTestKey(key):
		return nil, false, noMerchant()
	}
	return nil, false, nil
}

func isTestKey(key string) bool { return strings.HasPrefix(key, TestKeyPrefix) && ValidKey(key) }

func noMerchant() error {
	return &payment.Error{
		Code: payment.NotFound,
		Message: "there is no merchant with this API key; the configured one and every key that begins with " +
			TestKeyPrefix + " can be used",
	}
}

// Known answers the merchant with the key, if there is one already. One that is being forgotten is none.
func (g *Gateway) Known(key string) (*Merchant, bool) {
	found, ok := g.merchants.Load(key)
	if !ok {
		return nil, false
	}
	m := found.(*Merchant)
	if m.left.Load() {
		return nil, false
	}
	return m, true
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
		b, err := m.backlog(ctx, now)
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

// Owner answers the merchant to whom a checkout or a payment belongs; customers come with a link and no key. ok is
// false for an unknown id.
func (g *Gateway) Owner(ctx context.Context, id string) (m *Merchant, ok bool, err error) {
	key, err := g.Books.OwnerOf(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, false, nil
	}

	if err != nil {
		return nil, false, err
	}
	if m, ok, err = g.Find(ctx, key); ok {
		g.use(m)
	}
	return m, ok, err
}

// backlog is what is still to be delivered for the merchant.
func (m *Merchant) backlog(ctx context.Context, now time.Time) (store.Backlog, error) {
	return view(ctx, m, func(r store.Reader) (store.Backlog, error) { return r.Backlog(now) })
}
