package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// disturbances is how many there are: each once, two of them with -short, or as many as PAYPORTER_MOCK_CHAOS says.
func disturbances(t *testing.T) int {
	t.Helper()
	text := os.Getenv("PAYPORTER_MOCK_CHAOS")
	if text == "" {
		return extent.Of(5, 2, 2)
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "PAYPORTER_MOCK_CHAOS")
	return n
}

// chaos is three sandboxes on one database, under load, while things go wrong.
type chaos struct {
	store    string
	database *postgrestest.Server
	proxy    *postgrestest.Proxy
	shops    []*trader

	mu  sync.Mutex // guards all
	all [3]sandbox

	answers, failures atomic.Int64
}

// trader is a merchant of the chaos.
type trader struct {
	*answered
	shop   string
	frozen bool

	mu                  sync.Mutex     // guards all below
	refundsTried        map[string]int // by payment id
	refunds             map[string]int // by payment id: answered
	hoursTried, advance int            // by which the clock was advanced; answered
}

// TestNothingThatWasAnsweredIsLostInChaos kills and stops processes, ends PostgreSQL, and breaks or holds the network
// between them, while four merchants sell, two of them with frozen clocks. Then the books are compared with what was
// answered and with what the shops were told.
func TestNothingThatWasAnsweredIsLostInChaos(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "three processes and a PostgreSQL; a kill on a file stays")
	c := newChaos(t)
	stop := c.open(t)

	n := disturbances(t)
	random := rand.New(rand.NewPCG(3, 4))
	kinds := []string{"kill", "stop", "restart", "cut", "hang"}
	for i := range n {
		if i%len(kinds) == 0 {
			random.Shuffle(len(kinds), func(a, b int) { kinds[a], kinds[b] = kinds[b], kinds[a] })
		}
		c.await(t, &c.answers, 40)
		c.disturb(t, kinds[i%len(kinds)], random.IntN(len(c.all)))
	}
	c.await(t, &c.answers, 40)
	stop()

	for _, m := range c.shops {
		c.balance(t, m, n)
	}
	t.Logf("%d disturbances, %d answers, %d requests that failed", n, c.answers.Load(), c.failures.Load())
}

func newChaos(t *testing.T) *chaos {
	t.Helper()
	c := &chaos{database: postgrestest.Start(t)}
	c.proxy = postgrestest.NewProxy(t, c.database.Address("public"))
	c.store = c.proxy.Address + "&statement_timeout=2s"
	for i := range c.all {
		c.all[i] = c.start(t)
	}
	for i := range 4 {
		m := &trader{
			answered: newAnswered(fmt.Sprintf("test_chaos_%d", i)), frozen: i%2 == 0,
			refundsTried: map[string]int{}, refunds: map[string]int{},
		}
		m.shop = m.answered.shop(t)
		if m.frozen {
			merchant{c.all[0], m.key}.call(t, http.MethodPost, "/_mock/clock",
				`{"freeze":true,"set":"2026-01-31T12:00:00Z"}`, nil)
		}
		c.shops = append(c.shops, m)
	}
	return c
}

func (c *chaos) start(t *testing.T) sandbox {
	t.Helper()
	return serveStore(t, c.store, "--callback-timeout", "30s")
}

// open has all merchants sell until stop is called, which waits for what is under way.
func (c *chaos) open(t *testing.T) (stop func()) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	var selling sync.WaitGroup
	for _, m := range c.shops {
		for worker := range 2 {
			selling.Go(func() { c.sell(ctx, m, worker) })
		}
	}

	stop = func() {
		end()
		selling.Wait()
	}
	t.Cleanup(stop)
	return stop
}

// url is where the n-th process listens now.
func (c *chaos) url(n int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all[n%len(c.all)].url
}

// sell has a worker of a merchant order, pay, refund, and move a frozen clock, at one process after the other.
func (c *chaos) sell(ctx context.Context, m *trader, worker int) {
	for i := 0; ctx.Err() == nil; i++ {
		before := c.answers.Load()
		calling, stop := context.WithTimeout(ctx, 3*time.Second) // a process that is stopped answers nothing
		c.sellOnce(calling, m, c.url(i+worker), fmt.Sprintf("order %d %d", worker, i), i)
		stop()
		if c.answers.Load() == before {
			pause(ctx)
		}
	}
}

// pause is for how long a customer who had no answer waits.
func pause(ctx context.Context) {
	waiting, stop := context.WithTimeout(ctx, 20*time.Millisecond)
	defer stop()
	<-waiting.Done()
}

func (c *chaos) sellOnce(ctx context.Context, m *trader, base, orderID string, i int) {
	payment := m.order(ctx, base, m.shop, orderID, func() { c.answers.Add(1) })
	if payment == "" {
		c.failures.Add(1)
		return
	}
	if i%3 == 0 {
		m.refund(ctx, base, payment)
	}
	if m.frozen && i%5 == 0 {
		m.move(ctx, base)
	}
}

// refund gives a part of the payment back.
func (m *trader) refund(ctx context.Context, base, payment string) {
	m.count(func() { m.refundsTried[payment]++ })
	if _, ok := postAs(ctx, m.key, base+"/api/payment/"+payment+"/refund", `{"amount":20.10,"currency":"TRY"}`); ok {
		m.count(func() { m.refunds[payment]++ })
	}
}

// move lets an hour pass.
func (m *trader) move(ctx context.Context, base string) {
	m.count(func() { m.hoursTried++ })
	if _, ok := postAs(ctx, m.key, base+"/_mock/clock", `{"advance":"1h"}`); ok {
		m.count(func() { m.advance++ })
	}
}

func (m *trader) count(what func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	what()
}

// await waits for so many more.
func (c *chaos) await(t *testing.T, of *atomic.Int64, more int64) {
	t.Helper()
	least := of.Load() + more
	require.Eventually(t, func() bool { return of.Load() >= least }, 2*patience, 10*time.Millisecond,
		"%d answers, %d failures before", c.answers.Load(), c.failures.Load())
}

// disturb has one thing go wrong, and mends it once that has been noticed.
func (c *chaos) disturb(t *testing.T, kind string, n int) {
	t.Helper()
	switch kind {
	case "kill":
		c.all[n].kill()
		again := c.start(t)
		c.mu.Lock()
		c.all[n] = again
		c.mu.Unlock()
	case "stop":
		require.NoError(t, c.all[n].cmd.Process.Signal(syscall.SIGSTOP))
		c.await(t, &c.failures, 4)
		c.await(t, &c.answers, 60)
		require.NoError(t, c.all[n].cmd.Process.Signal(syscall.SIGCONT))
	case "restart":
		c.database.Stop(t)
		c.await(t, &c.failures, 10)
		c.database.Resume(t)
	case "cut":
		c.proxy.Cut()
	case "hang":
		c.proxy.Hold()
		c.await(t, &c.failures, 10)
		c.proxy.Release()
	}
}

// balance compares the books of a merchant with what was answered, with what its shop was told, and with itself.
func (c *chaos) balance(t *testing.T, m *trader, n int) {
	t.Helper()
	books := merchant{c.all[0], m.key}
	if m.frozen {
		var clock struct{ Now time.Time }
		books.call(t, http.MethodGet, "/_mock/clock", "", &clock)
		hours := int(clock.Now.Sub(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)).Hours())
		require.GreaterOrEqual(t, hours, m.advance, "a movement of the clock was answered and is lost")
		require.LessOrEqual(t, hours, m.hoursTried)
	}
	require.Eventually(t, func() bool {
		_, ok := postAs(t.Context(), m.key, books.sandbox.url+"/_mock/clock", `{"advance":"48h"}`)
		return ok
	}, 2*patience, 100*time.Millisecond)
	m.answered.balance(t, books, len(m.orders)-len(m.created))

	twice := 0
	for id, told := range m.heard() {
		require.LessOrEqual(t, told, 1+n, "checkout %s was told more often than things went wrong", id)
		if told > 1 {
			twice++
		}
	}
	for payment, tried := range m.refundsTried {
		m.refunded(t, books, payment, m.refunds[payment], tried)
	}
	t.Logf("%s: %d checkouts and %d payments were answered, %d refunds tried, %d callbacks repeated", m.key,
		len(m.created), len(m.paid), len(m.refundsTried), twice)
}

// refunded wants the refunds of a payment that were answered, and no more than were asked for.
func (m *trader) refunded(t *testing.T, books merchant, payment string, least, most int) {
	t.Helper()
	var list struct{ Payments []json.RawMessage }
	books.call(t, http.MethodGet, "/_mock/payments?parentPaymentId="+payment, "", &list)
	require.GreaterOrEqual(t, len(list.Payments), least, "a refund of %s was answered and is lost", payment)
	require.LessOrEqual(t, len(list.Payments), most)
}
