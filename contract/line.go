package contract

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// Those who take part, as reports name them.
const (
	merchant  = "merchant"
	gateway   = "payporter"
	customer  = "customer"
	attacker  = "attacker"
	inspector = "harness"
)

// call is one exchange, from the moment it began. The line's mutex guards it until it is over.
type call struct {
	from, to string
	title    string
	note     string
	order    *order // whose it is; nil: nobody's

	at     time.Time
	took   time.Duration // until the answer, or until it was clear that none comes
	over   bool
	fault  string // why there is no answer
	method string
	url    string
	path   string // of a call to PayPorter
	header http.Header
	body   []byte
	answer answer // status zero: none came

	operation *openapi.Operation // of a call to PayPorter; nil: it has no such operation
	params    map[string]string  // of the operation's path

	checkoutID string // of a call to PayPorter: what its path or its answer names; of a callback: its checkout
	orderID    string // of a create
}

// line is the wire between the shop and PayPorter, and everything else that a run saw. It knows
// who is waiting for what.
type line struct {
	mu      sync.Mutex
	calls   []*call
	orders  []*order
	targets []target      // where relayed callbacks go
	changed chan struct{} // closed whenever something happens
}

// target is the callback URL of one create.
type target struct {
	url   string
	order *order
}

func newLine() *line { return &line{changed: make(chan struct{})} }

// begin records that an exchange has begun.
func (l *line) begin(c *call) *call {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.at = time.Now()
	l.calls = append(l.calls, c)
	l.stirLocked()
	return c
}

// end records what became of it. finish fills in the rest under the lock; nil: nothing more.
func (l *line) end(c *call, a answer, fault string, finish func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.took, c.over, c.answer, c.fault = time.Since(c.at), true, a, fault
	if finish != nil {
		finish()
	}
	l.stirLocked()
}

func (l *line) stirLocked() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// wait blocks until the condition holds, which is asked under the lock whenever something happens.
// It answers false when ctx ends first.
func (l *line) wait(ctx context.Context, condition func() bool) bool {
	for {
		l.mu.Lock()
		ok, changed := condition(), l.changed
		l.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// find lists the calls that fit, as they are now, oldest first.
func (l *line) find(fits func(*call) bool) []call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.findLocked(fits)
}

func (l *line) findLocked(fits func(*call) bool) []call {
	var all []call
	for _, c := range l.calls {
		if fits(c) {
			all = append(all, *c)
		}
	}
	return all
}

// expect takes an order under observation: creates that arrive now may be for it.
func (l *line) expect(o *order) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.open = true
	l.orders = append(l.orders, o)
}

// forget says that the customer waits no longer, so that new creates are for others.
func (l *line) forget(o *order) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.open = false
}

// ownerLocked finds the order that a create is most likely for; nil: none is open, and none sent this orderId.
func (l *line) ownerLocked(orderID, amount string) *order {
	var owner *order
	most := 0
	for _, o := range slices.Backward(l.orders) { // the newest of those that are as likely
		if n := o.likelyLocked(orderID, amount); n > most {
			owner, most = o, n
		}
	}
	return owner
}

// likelyLocked says how likely a create is for the order: an open one that sent this orderId before, or costs that
// much, is likelier than one whose customer has gone, and that one than an open one about which nothing fits.
func (o *order) likelyLocked(orderID, amount string) int {
	sent := orderID != "" && slices.Contains(o.sentIDs, orderID)
	switch {
	case o.open && sent && decimal.Same(o.amount, amount):
		return 6
	case o.open && decimal.Same(o.amount, amount) && len(o.sentIDs) == 0:
		return 5
	case o.open && decimal.Same(o.amount, amount):
		return 4
	case o.open && sent:
		return 3
	case sent:
		return 2
	case o.open:
		return 1
	}
	return 0
}

// ofLocked reports whether a call belongs to the order: by its create, its callback or its checkout's id.
func (c *call) ofLocked(o *order) bool {
	return c.order == o || c.order == nil && c.checkoutID != "" && slices.Contains(o.checkouts, c.checkoutID)
}

// relayTo keeps a callback URL and answers the path under which the line passes callbacks on to it.
func (l *line) relayTo(url string, o *order) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.targets = append(l.targets, target{url, o})
	return len(l.targets) - 1
}

func (l *line) target(n int) (target, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n < 0 || n >= len(l.targets) {
		return target{}, false
	}
	return l.targets[n], true
}

// toPayPorter reports whether the call is one of the shop's to PayPorter.
func (c *call) toPayPorter() bool { return c.from == merchant && c.to == gateway }

func (c *call) isCallback() bool { return c.from == gateway && c.to == merchant }

// tee passes an answer on and keeps what was said.
type tee struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (t *tee) WriteHeader(status int) {
	if t.status == 0 {
		t.status = status
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *tee) Write(p []byte) (int, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	t.body.Write(p)
	return t.ResponseWriter.Write(p)
}

// Unwrap lets a scenario flush, hang up and set deadlines.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }
