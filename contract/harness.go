package contract

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// harness is a run: a sandbox, a shop, and what has been found out about both.
type harness struct {
	*payporter
	config Config
	log    io.Writer       // what the shop writes; nil: nowhere
	mask   exchange.Masker // knows the secret
	port   string          // a free one, when the config wants it

	started time.Time

	process *process // the shop, when the harness started it
	shopURL string   // where it is, when that is known; without a slash at the end

	facts facts
	shown atomic.Bool // the shop has shown what it believes

	ordering sync.Mutex // who orders holds it
	reviving sync.Mutex // who starts the shop anew holds it

	drawing sync.Mutex // guards what follows
	random  *rand.Rand
	failed  map[string]*trial // by the rule's id
}

// openHarness starts the sandbox and the shop. The caller closes it, unless there is an error.
func openHarness(ctx context.Context, c Config, log io.Writer) (*harness, error) {
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Order.Currency == "" {
		c.Order.Currency = "TRY"
	}
	h := &harness{config: c, log: log, started: time.Now(), failed: map[string]*trial{}, random: rand.New(rand.NewPCG(c.Seed, 0x9e3779b97f4a7c15))}
	var err error
	if c.usesPort() {
		if h.port, err = freePort(); err != nil {
			return nil, err
		}
	}
	if h.payporter, err = openPayPorter(c, h.random); err != nil {
		return nil, err
	}
	h.mask = exchange.NewMasker(payment.Secret(h.secret))
	h.shopURL = strings.TrimRight(values{"port": h.port}.fill(c.Shop.URL), "/")
	if err := h.openShop(ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *harness) close() {
	h.closeShop()
	h.payporter.close()
}

// usesPort reports whether the config asks for a free port.
func (c Config) usesPort() bool {
	texts := append([]string{c.Shop.URL, c.Shop.Ready, c.Shop.CallbackURL, c.Order.Request.URL, c.State.Request.URL}, c.Shop.Command...)
	for _, value := range c.Shop.Env {
		texts = append(texts, value)
	}
	return strings.Contains(strings.ReplaceAll(strings.Join(texts, " "), " ", ""), "{{port}}")
}

// choosesAmount reports whether the harness decides what an order costs.
func (h *harness) choosesAmount() bool {
	return h.config.Order.uses("amount") && !h.facts.onePrice
}

func (h *harness) choosesCurrency() bool { return h.config.Order.uses("currency") }

func (o Order) uses(name string) bool {
	used := o.Request.uses(name)
	for _, r := range o.Before {
		used = used || r.uses(name)
	}
	return used
}

// ordersPerRule is how many prices each rule has of its own.
const ordersPerRule = 64

// price is what the n-th order of a trial costs: another amount for each, when the harness decides. It
// depends on the rule and the seed alone, so that the rule has the same prices when it is replayed.
func (t *trial) price() string {
	if !t.choosesAmount() || (t.rule.ID == first && t.config.Order.Amount != "") {
		return t.config.Order.Amount
	}
	n := slices.IndexFunc(Rules(), func(r Rule) bool { return r.ID == t.rule.ID })*ordersPerRule + t.firstPrice + len(t.orders)
	n += ordersPerRule // what is no rule, such as the start, comes before the first
	return fmt.Sprintf("%d.%02d", 100+n, (uint64(n)*37+t.config.Seed*7)%90+10)
}

// newOrder is an order of the trial that has not been placed. The options change it.
func (t *trial) newOrder(options ...func(*order)) *order {
	o := &order{amount: t.price(), currency: t.config.Order.Currency, customer: newCustomer(), values: t.common()}
	o.values["customerId"] = fmt.Sprintf("customer-%s-%d", strings.ToLower(t.rule.ID), len(t.orders))
	for _, option := range options {
		option(o)
	}
	o.values["amount"], o.values["currency"] = o.amount, o.currency
	t.orders = append(t.orders, o)
	return o
}

// with lets PayPorter play a scenario for the order.
func with(scenario string) func(*order) { return func(o *order) { o.scenario = scenario } }

// by lets the customer of an earlier order order again.
func by(earlier *order) func(*order) {
	return func(o *order) { o.customer, o.values["customerId"] = earlier.customer, earlier.values["customerId"] }
}

// costing sets what the order costs.
func costing(amount string) func(*order) { return func(o *order) { o.amount = amount } }

// samePrice is one price for several orders of the trial.
func (t *trial) samePrice() func(*order) { return costing(t.price()) }

// inCurrency sets what it is paid in.
func inCurrency(code string) func(*order) { return func(o *order) { o.currency = code } }

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

// sells reports whether the shop still does what it did at the start: takes an order, and believes in its
// payment.
func (h *harness) sells(ctx context.Context) bool {
	sells := false
	h.newTrial(ctx, Rule{ID: "heal", judge: func(t *trial) {
		o, err := t.tryOrder()
		if err != nil || !h.facts.paid {
			sells = err == nil
			return
		}
		t.pay(o)
		t.told(o, 1)
		sells = t.becomesPaid(o, t.soon())
	}}).judged()
	return sells || ctx.Err() != nil
}

// heal starts the shop anew, so that what one trial broke does not fail the next ones. It reports whether
// the shop sells again.
func (h *harness) heal(ctx context.Context) bool {
	if h.process == nil {
		return false
	}
	h.process.stop()
	return h.openShop(ctx) == nil && h.sells(ctx)
}

// The bounds of the time in which a shop must have done what it does after a callback.
const (
	leastQuiet = 150 * time.Millisecond
	mostQuiet  = 4 * time.Second
)
