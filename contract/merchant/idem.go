package merchant

import (
	"slices"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

func idempotencyRules() []row { return slices.Concat(repetitionRules(), distanceRules()) }

func repetitionRules() []row {
	const once = "Record the transition from open to paid in one atomic step (a conditional update, a unique key, a " +
		"lock on the order), and fulfil only when that step did it."
	return []row{
		{
			ID: "IDEM-001", Title: "A callback that comes again fulfils nothing again", Severity: report.Critical,
			Source:   documentedWebhooks,
			Expected: "The same callback comes four times, one after the other. The order is fulfilled once.",
			Advice:   once, Judge: judgeRepeated,
		},
		{
			ID: "IDEM-002", Title: "Callbacks at the same moment fulfil once", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "The same callback comes eight times at the same moment. This is done for up to 30 orders. Each " +
				"is fulfilled once.",
			Advice: once + " To look first and to write later is not one step: both callbacks look before either writes.",
			Judge:  judgeTogether,
		},
		{
			ID: "IDEM-003", Title: "A callback replayed a day later fulfils nothing again", Severity: report.Critical,
			Source: documentedWebhooks,
			Expected: "The callback comes once more a day after the order was paid. It also comes once more after " +
				"another order's callback. The order is fulfilled once.",
			Advice: "Let the order itself remember that it is paid. A cache of callbacks that were seen forgets.",
			Judge:  judgeReplayed, When: rule.MovesClock,
		},
		{
			ID: "IDEM-004", Title: "Callback and the customer's return at the same moment fulfil once",
			Severity: report.Critical,
			Source:   "assumed: the callback can come from the server, from the customer's browser, or from both",
			Expected: "The server's callback and the form of the customer's browser arrive at the same moment. " +
				"This is done for up to 30 orders. Each is fulfilled once.",
			Advice: once + " Let both ways end in the same function.", Judge: judgeReturnRaces,
		},
		{
			ID: "IDEM-005", Title: "A late FAILED never takes a payment back", Severity: report.Critical,
			Source: "documented: PayPorter, payment status page (SUCCESS is final)",
			Expected: "The order is paid. A callback comes again, and PayPorter answers FAILED. The order stays " +
				"paid.",
			Advice: "SUCCESS is final. Leave an order that is paid as it is, whatever a later answer says. A " +
				"refund is another payment.", Judge: judgeTakenBack,
		},
		{
			ID: "IDEM-006", Title: "A paid order stays paid when a later question goes wrong", Severity: report.Major,
			Source: "documented: PayPorter, payment status page (SUCCESS is final)",
			Expected: "The order is paid. A callback comes again, and the question is answered 404, 500 or " +
				"ENROLLED. The order stays paid.",
			Advice: "Look at the order before you ask PayPorter. An order that is paid needs no answer any more.",
			Judge:  judgeForgotten,
		},
	}
}

// paidOrder is an order that was paid and that the shop believes to be paid.
func paidOrder(t *trial, scenario string) *shop.Purchase {
	t.needsPaid()
	o := t.order(shop.With(scenario))
	t.shop.Pay(o)
	t.watch.Told(o, 1)
	if !t.watch.BecomesPaid(o, t.watch.Soon()) {
		rule.See("FLOW-003").Fault("the order was paid, and the shop does not believe it")
	}
	return o
}

// needsCount gives up when it cannot be seen how often an order is fulfilled.
func needsCount(t *trial) {
	t.needsPaid()
	if t.harness.Config.State.Fulfilments.IsZero() {
		rule.NotEvaluable("the config has no state.fulfilments, so nobody sees how often an order is fulfilled")
	}
}

// fulfilledOnce fails the rule when the order was fulfilled more than once.
func fulfilledOnce(t *trial, o *shop.Purchase, after string) {
	t.watch.Settled()
	switch b := t.watch.Believed(o); {
	case b.Fulfilments == nil:
		rule.NotEvaluable("state.fulfilments is no count in: %s", b.Text)
	case !b.Paid:
		rule.See("IDEM-005").Fault("the order is no longer paid after %s", after)
	case *b.Fulfilments == 0:
		rule.NotEvaluable("state.fulfilments says that a paid order was never fulfilled: %s", b.Text)
	case *b.Fulfilments > 1:
		if t.rule.ID != "IDEM-001" && everyTime(t) {
			rule.See("IDEM-001").Own("fulfilled %d times after %s, and callbacks in a row fulfil again, too", *b.Fulfilments,
				after)
		}
		rule.Fail("fulfilled %d times after %s", *b.Fulfilments, after)
	}

	t.saw("fulfilled once after %s", after)
}

func judgeRepeated(t *trial) {
	needsCount(t)
	fulfilledOnce(t, calledFourTimes(t), "four callbacks in a row")
}

// calledFourTimes is an order that was paid and whose callback came four times. Each time the shop is done before the
// next, so that nothing races: the verdict is the same every run.
func calledFourTimes(t *trial) *shop.Purchase {
	o := paidOrder(t, shop.Plain)
	for range 3 {
		t.watch.Settled()
		t.shop.CallAgain(o) // what became of the order counts
	}
	t.watch.Settled()
	return o
}

// everyTime reports whether callbacks in a row do the same.
func everyTime(t *trial) bool {
	b := t.watch.Believed(calledFourTimes(t))
	return b.Fulfilments != nil && *b.Fulfilments > 1
}

func judgeReplayed(t *trial) {
	needsCount(t)
	o := paidOrder(t, "again-after-a-day")
	paidOrder(t, shop.Plain) // so that it is not the last one that the shop saw
	t.watch.Settled()
	t.shop.Advance(24*time.Hour + time.Minute)
	t.watch.Told(o, 2)
	fulfilledOnce(t, o, "a callback a day later")
}

func judgeTakenBack(t *trial) {
	o := paidOrder(t, shop.Plain)
	t.watch.Settled()
	t.shop.Answering(o, shop.Saying(map[string]any{
		"status": payment.Failed, "resultCode": "51", "resultMessage": "Not sufficient funds", "authCode": nil,
	}))
	staysPaid(t, o, "PayPorter answered FAILED")
}

func judgeForgotten(t *trial) {
	o := paidOrder(t, shop.Plain)
	t.watch.Settled()

	for _, later := range []struct {
		answer shop.Edit
		after  string
	}{
		{shop.Refusing(404), "PayPorter answered 404"},
		{shop.Refusing(500), "PayPorter answered 500"},
		{
			shop.Saying(map[string]any{"status": payment.Enrolled, "resultCode": nil, "resultMessage": nil}),
			"PayPorter answered ENROLLED",
		},
	} {
		t.shop.Answering(o, later.answer)
		staysPaid(t, o, later.after)
	}
}

// staysPaid lets the callback come again and fails the rule when the order is no longer paid.
func staysPaid(t *trial, o *shop.Purchase, after string) {
	t.shop.CallAgain(o) // what became of the order counts
	t.watch.Settled()
	if !t.watch.Believed(o).Paid {
		rule.Fail("the paid order is no longer paid after %s", after)
	}
	t.saw("still paid after %s", after)
}

// A race is run several times: what happens between two steps of a shop seldom happens at once.
const (
	rounds         = 30
	thoroughRounds = 100
	gateHolds      = 300 * time.Millisecond // a shop that asks one question at a time waits no longer
)

// raceTime is how long rounds are begun.
var raceTime = patience{usual: 3 * time.Second, thorough: 20 * time.Second}

// mostRounds is how many rounds a race has at most.
func (t *trial) mostRounds() int {
	if t.harness.Config.Thorough {
		return thoroughRounds
	}
	return rounds
}

// gate lets answers through together, when so many are there, or when the first has waited for long enough.
type gate struct {
	mu     sync.Mutex
	left   int
	opened bool
	open   chan struct{}
}

func newGate(wanted int) *gate { return &gate{left: wanted, open: make(chan struct{})} }

// arrive counts one more answer, and opens for the last; hurry opens at once.
func (g *gate) arrive(hurry bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !hurry {
		g.left--
	}
	if (hurry || g.left <= 0) && !g.opened {
		g.opened = true
		close(g.open)
	}
}

// pass is the edit of an answer that waits for the others.
func (g *gate) pass(a exchange.Message) exchange.Message {
	g.arrive(false)
	select {
	case <-g.open:
	case <-time.After(gateHolds):
		g.arrive(true)
	}
	return a
}

// passed waits until the gate is open: a shop that acknowledges first asks when its callbacks have been answered.
func (g *gate) passed() {
	select {
	case <-g.open:
	case <-time.After(3 * gateHolds):
	}
}

// judgeRace lets callbacks race for several orders, one order after the other, and wants each fulfilled once.
func judgeRace(t *trial, what string, racers int, run func(n int, o *shop.Purchase)) {
	needsCount(t)
	var orders []*shop.Purchase
	end := time.Now().Add(t.looks(raceTime))
	for len(orders) < t.mostRounds() && (len(orders) == 0 || time.Now().Before(end)) {
		g := newGate(racers)
		o := t.order(shop.With("callback-lost"), shop.Edit(g.pass).Statuses)
		t.shop.Pay(o)
		var racing sync.WaitGroup
		for n := range racers {
			racing.Go(func() { run(n, o) })
		}
		racing.Wait()
		if t.facts.asked() {
			g.passed()
		}
		t.shop.Answering(o, nil)
		orders = append(orders, o)
	}

	for _, o := range orders {
		if !t.watch.BecomesPaid(o, t.watch.Soon()) {
			rule.See("FLOW-003").Fault("the order was paid, and the shop does not believe it")
		}
	}

	t.watch.Settled()
	for _, o := range orders {
		_ = t.watch.Believed(o) // so that it is shown
		t.shown = t.watch.Find(func(c *shop.Call) bool { return c.OfLocked(o) })
		fulfilledOnce(t, o, what)
	}

	t.notes = nil
	t.saw("%d rounds of %s, each order fulfilled once", len(orders), what)
}

func judgeTogether(t *trial) {
	judgeRace(t, "eight callbacks at the same moment", 8, func(_ int, o *shop.Purchase) {
		t.shop.CallAgain(o) // what became of the order counts
	})
}

func judgeReturnRaces(t *trial) {
	judgeRace(t, "a callback and the customer's return at the same moment", 2, func(n int, o *shop.Purchase) {
		callback := shop.Form("checkoutId", o.CheckoutID())
		if n == 0 {
			_, _ = t.shop.ForgeAs(o, shop.Gateway, shop.NewCustomer(), callback) // as above
			return
		}
		t.shop.ComeBack(o, callback)
	})
}
