package shop

import (
	"context"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Harness is a run: a sandbox, a shop, and what has been found out about both.
type Harness struct {
	Sandbox *payporter
	Config  Config
	log     io.Writer       // what the shop writes goes there, too; nil: nowhere
	wrote   output          // what the shop writes
	Mask    exchange.Masker // knows the secret
	port    string          // a free one, when the config wants it
	held    io.Closer       // what keeps other harnesses from it; nil: nothing

	process *process      // the shop, when the harness started it
	started time.Duration // how long it took until it was ready
	shopURL string        // where it is, when that is known; without a slash at the end

	Pace  Pace        // set while the first orders are made
	shown atomic.Bool // the shop has shown what it believes
	Deaf  atomic.Bool // a trial has seen that not even a good webhook makes an order paid

	ordering sync.RWMutex // who orders holds it
	priced   sync.Map     // by amount: the *sync.Mutex of who orders beside others
	reviving sync.Mutex   // who starts the shop anew holds it

	drawing sync.Mutex // guards what follows
	random  *rand.Rand
}

// OpenHarness starts the sandbox and the shop. The caller closes it, unless there is an error.
func OpenHarness(ctx context.Context, c Config, log io.Writer) (*Harness, error) {
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Order.Currency == "" {
		c.Order.Currency = "TRY"
	}

	h := &Harness{Config: c, log: log, random: rand.New(rand.NewPCG(c.Seed, 0x9e3779b97f4a7c15))}
	var err error
	if c.usesPort() {
		if h.port, h.held, err = freePort(); err != nil {
			return nil, err
		}
	}
	if h.Sandbox, err = openPayPorter(c, h.random); err != nil {
		h.release()
		return nil, err
	}

	h.Mask = exchange.NewMasker(payment.Secret(h.Sandbox.Secret), payment.Secret(h.Sandbox.WebhookSecret))
	h.shopURL = strings.TrimRight(values{"port": h.port}.fill(c.Shop.URL), "/")
	if err := h.openShop(ctx); err != nil {
		h.Close()
		return nil, err
	}

	return h, nil
}

func (h *Harness) Close() {
	if h.process != nil {
		h.process.stop()
	}
	h.Sandbox.close()
	h.release()
}

// release gives the shop's port back.
func (h *Harness) release() {
	if h.held != nil {
		_ = h.held.Close()
	}
}

// usesPort reports whether the config asks for a free port.
func (c Config) usesPort() bool {
	texts := append([]string{
		c.Shop.URL, c.Shop.Ready, c.Shop.CallbackURL, c.Order.Request.URL, c.State.Request.URL,
		c.Webhook.URL, c.Refund.Request.URL,
	}, c.Shop.Command...)
	for _, value := range c.Shop.Env {
		texts = append(texts, value)
	}
	return strings.Contains(strings.ReplaceAll(strings.Join(texts, " "), " ", ""), "{{port}}")
}

// takesPart reports whether the shop can be asked for less than the whole.
func (f Refund) takesPart() bool { return f.Request.uses("amount") }

func (o Order) uses(name string) bool {
	used := o.Request.uses(name)
	for _, r := range o.Before {
		used = used || r.uses(name)
	}
	return used
}

// Revive brings a shop that has ended back to life, so that the next trial has one.
func (h *Harness) Revive(ctx context.Context) error {
	h.reviving.Lock()
	defer h.reviving.Unlock()
	if h.process == nil || h.process.alive() {
		return nil
	}
	h.process.stop() // what is left of its children
	return h.openShop(ctx)
}

// StartsWithin is how long it took to start the shop; false: the harness did not start it.
func (h *Harness) StartsWithin() (time.Duration, bool) { return h.started, h.process != nil }

// Restart starts the shop anew, and reports whether that could be done.
func (h *Harness) Restart(ctx context.Context) bool {
	if h.process == nil {
		return false
	}
	h.process.stop()
	return h.openShop(ctx) == nil
}

// TargetName is what is judged, as a report calls it.
func (h *Harness) TargetName() string {
	if command := h.Config.Shop.Command; len(command) > 0 {
		return strings.Join(command, " ")
	}
	return h.common().fill(h.Config.Order.Request.URL)
}
