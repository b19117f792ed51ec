package contract

import (
	"context"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// harness is a run: a sandbox, a shop, and what has been found out about both.
type harness struct {
	sandbox *payporter
	config  Config
	log     io.Writer       // what the shop writes; nil: nowhere
	mask    exchange.Masker // knows the secret
	port    string          // a free one, when the config wants it

	process *process // the shop, when the harness started it
	shopURL string   // where it is, when that is known; without a slash at the end

	pace  Pace        // set while the first orders are made
	shown atomic.Bool // the shop has shown what it believes

	ordering sync.Mutex // who orders holds it
	reviving sync.Mutex // who starts the shop anew holds it

	drawing sync.Mutex // guards what follows
	random  *rand.Rand
}

// openHarness starts the sandbox and the shop. The caller closes it, unless there is an error.
func openHarness(ctx context.Context, c Config, log io.Writer) (*harness, error) {
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Order.Currency == "" {
		c.Order.Currency = "TRY"
	}
	h := &harness{config: c, log: log, random: rand.New(rand.NewPCG(c.Seed, 0x9e3779b97f4a7c15))}
	var err error
	if c.usesPort() {
		if h.port, err = freePort(); err != nil {
			return nil, err
		}
	}
	if h.sandbox, err = openPayPorter(c, h.random); err != nil {
		return nil, err
	}
	h.mask = exchange.NewMasker(payment.Secret(h.sandbox.secret))
	h.shopURL = strings.TrimRight(values{"port": h.port}.fill(c.Shop.URL), "/")
	if err := h.openShop(ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *harness) close() {
	if h.process != nil {
		h.process.stop()
	}
	h.sandbox.close()
}

// usesPort reports whether the config asks for a free port.
func (c Config) usesPort() bool {
	texts := append([]string{c.Shop.URL, c.Shop.Ready, c.Shop.CallbackURL, c.Order.Request.URL, c.State.Request.URL}, c.Shop.Command...)
	for _, value := range c.Shop.Env {
		texts = append(texts, value)
	}
	return strings.Contains(strings.ReplaceAll(strings.Join(texts, " "), " ", ""), "{{port}}")
}

func (o Order) uses(name string) bool {
	used := o.Request.uses(name)
	for _, r := range o.Before {
		used = used || r.uses(name)
	}
	return used
}

// revive brings a shop that has ended back to life, so that the next trial has one.
func (h *harness) revive(ctx context.Context) error {
	h.reviving.Lock()
	defer h.reviving.Unlock()
	if h.process == nil || h.process.alive() {
		return nil
	}
	h.process.stop() // what is left of its children
	return h.openShop(ctx)
}

// restart starts the shop anew, and reports whether that could be done.
func (h *harness) restart(ctx context.Context) bool {
	if h.process == nil {
		return false
	}
	h.process.stop()
	return h.openShop(ctx) == nil
}

// targetName is what is judged, as a report calls it.
func (h *harness) targetName() string {
	if command := h.config.Shop.Command; len(command) > 0 {
		return strings.Join(command, " ")
	}
	return h.common().fill(h.config.Order.Request.URL)
}
