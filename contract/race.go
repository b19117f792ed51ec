package contract

import (
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// A race is run several times: what happens between two steps of a shop seldom happens at once.
const (
	rounds    = 10
	raceTime  = 6 * time.Second        // after it no round is begun any more
	gateHolds = 300 * time.Millisecond // a shop that asks one question at a time waits no longer
)

// gate lets answers through together, when so many are there.
type gate struct {
	mu   sync.Mutex
	left int
	open chan struct{}
}

func newGate(wanted int) *gate { return &gate{left: wanted, open: make(chan struct{})} }

// pass is the edit of an answer that waits for the others.
func (g *gate) pass(a exchange.Message) exchange.Message {
	g.mu.Lock()
	if g.left--; g.left == 0 {
		close(g.open)
	}
	g.mu.Unlock()
	select {
	case <-g.open:
	case <-time.After(gateHolds):
	}
	return a
}

// judgeRace lets callbacks race for several orders, one order after the other, and wants each fulfilled once.
func judgeRace(t *trial, what string, racers int, run func(n int, o *order)) {
	needsCount(t)
	var orders []*order
	for end := time.Now().Add(raceTime); len(orders) < rounds && (len(orders) == 0 || time.Now().Before(end)); {
		o := t.order(with("callback-lost"), edit(newGate(racers).pass).statuses)
		t.shop.pay(o)
		var racing sync.WaitGroup
		for n := range racers {
			racing.Go(func() { run(n, o) })
		}
		racing.Wait()
		t.shop.answering(o, nil)
		orders = append(orders, o)
	}
	for _, o := range orders {
		if !t.shop.becomesPaid(o, t.shop.soon()) {
			rule.NotEvaluable("the order was paid, and the shop does not believe it, see FLOW-003")
		}
	}
	t.shop.settled()
	for _, o := range orders {
		_ = t.shop.believed(o) // so that it is shown
		t.shown = t.shop.find(func(c *call) bool { return c.ofLocked(o) })
		fulfilledOnce(t, o, what)
	}
	t.notes = nil
	t.saw("%d rounds of %s, each order fulfilled once", len(orders), what)
}

func judgeTogether(t *trial) {
	judgeRace(t, "eight callbacks at the same moment", 8, func(_ int, o *order) {
		t.shop.callAgain(o) // what became of the order counts
	})
}

func judgeReturnRaces(t *trial) {
	judgeRace(t, "a callback and the customer's return at the same moment", 2, func(n int, o *order) {
		callback := form("checkoutId", o.checkoutID())
		if n == 0 {
			_, _ = t.shop.forgeAs(o, gateway, newCustomer(), callback) // as above
			return
		}
		t.shop.comeBack(o, callback)
	})
}
