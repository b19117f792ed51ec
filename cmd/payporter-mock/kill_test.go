package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// kills is how often a sandbox is killed: 20 times, 3 or 2 with -short, or as often as PAYPORTER_MOCK_KILLS says.
func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("PAYPORTER_MOCK_KILLS")
	if text == "" {
		return extent.Of(20, 3, 2)
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "PAYPORTER_MOCK_KILLS")
	return n
}

// answered is what sandboxes have answered a merchant, which none may forget, whatever ends it.
type answered struct {
	key string

	mu      sync.Mutex      // guards all below
	orders  map[string]bool // by order id: tried to create
	created map[string]bool // by checkout id
	paid    map[string]bool // by checkout id
	told    map[string]int  // by checkout id: callbacks that the shop got
}

func newAnswered(key string) *answered {
	return &answered{
		key: key, orders: map[string]bool{}, created: map[string]bool{}, paid: map[string]bool{}, told: map[string]int{},
	}
}

func (a *answered) note(what map[string]bool, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	what[id] = true
}

// heard is how often the shop got a callback of each checkout so far.
func (a *answered) heard() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.told)
}

// shop takes callbacks.
func (a *answered) shop(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.told[r.FormValue("checkoutId")]++
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestNothingThatWasAnsweredIsLostByAKill kills sandboxes that have one store after another, while shops create
// checkouts and customers pay. In PostgreSQL three have it at the same time. What was answered is there afterwards,
// and every payment has been told.
func TestNothingThatWasAnsweredIsLostByAKill(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		nothingIsLost(t, "sqlite:"+filepath.Join(t.TempDir(), "books.db"), 1)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		extent.NotQuick(t, "three processes and a PostgreSQL; a kill on a file stays")
		nothingIsLost(t, postgrestest.Address(t), 3)
	})
}

func nothingIsLost(t *testing.T, store string, processes int) {
	t.Helper()
	const workers = 4
	n := kills(t)
	seen := newAnswered("test_key")
	shop := seen.shop(t)

	random := rand.New(rand.NewPCG(1, 2))
	for round := 0; round < n; round += processes {
		var serving sync.WaitGroup
		for i := range processes {
			p, answers := serveStore(t, store), 1+random.IntN(60)
			serving.Go(func() { seen.load(t, p, shop, round+i, workers, answers) })
		}
		serving.Wait()
	}

	last := serve(t, "--store", store, "--seed", "1")
	m := merchant{last, "test_key"}
	m.call(t, http.MethodPost, "/_mock/clock", `{"advance":"1m"}`, nil)
	seen.balance(t, m, (n+processes)*workers)
	t.Logf("%d kills: %d checkouts and %d payments were answered, %d checkouts had a callback",
		n, len(seen.created), len(seen.paid), len(seen.told))
}

// serveStore runs a sandbox that is going to be killed.
func serveStore(t *testing.T, store string, flags ...string) sandbox {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	p, err := start(nil, program, append([]string{
		"serve", "--addr", "127.0.0.1:0", "--log-format", "json", "--seed", "1", "--store", store,
	}, flags...)...)
	require.NoError(t, err)
	t.Cleanup(p.kill)
	return sandboxOf(t, p)
}

// sandboxOf is the sandbox that a process has said it is.
func sandboxOf(t *testing.T, p *process) sandbox {
	t.Helper()
	var line struct{ URL string }
	require.NoError(t, json.Unmarshal([]byte(p.Announced), &line), p.Announced)
	return sandbox{process: p, url: line.URL}
}

// load has workers create and pay until the sandbox has answered so often; then it is killed.
func (a *answered) load(t *testing.T, s sandbox, shop string, round, workers, answers int) {
	t.Helper()
	var count atomic.Int64
	enough := make(chan struct{})
	answer := func() {
		if count.Add(1) == int64(answers) {
			close(enough)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	var done sync.WaitGroup
	for worker := range workers {
		done.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				a.order(ctx, s.url, shop, fmt.Sprintf("order %d %d %d", round, worker, i), answer)
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(patience):
		t.Errorf("round %d: %d answers of %d within %s\n%s", round, count.Load(), answers, patience, &s.stderr)
	}
	s.kill()
	cancel()
	done.Wait()
}

// order creates a checkout and has its customer pay, and answers the payment's id. Whatever the sandbox does not
// answer may have happened or not.
func (a *answered) order(ctx context.Context, base, shop, orderID string, answer func()) (paymentID string) {
	a.note(a.orders, orderID)
	body := fmt.Sprintf(`{"orderId":%q,"amount":100.50,"currency":"TRY","callback":%q}`, orderID, shop)
	text, ok := postAs(ctx, a.key, base+"/api/checkout", body)
	var made struct{ CheckoutID string }
	if !ok || json.Unmarshal(text, &made) != nil {
		return ""
	}
	a.note(a.created, made.CheckoutID)
	answer()

	text, ok = postAs(ctx, a.key, base+"/_mock/checkouts/"+made.CheckoutID+"/pay", "")
	if !ok {
		return ""
	}
	a.note(a.paid, made.CheckoutID)
	answer()
	var paid struct{ Payment struct{ PaymentID string } }
	_ = json.Unmarshal(text, &paid) // an answer without one has none
	return paid.Payment.PaymentID
}

// post answers the body of a 200.
func post(ctx context.Context, address, body string) (text []byte, ok bool) {
	return postAs(ctx, "test_key", address, body)
}

func postAs(ctx context.Context, key, address, body string) (text []byte, ok bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return nil, false
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-KEY", key)
	request.Header.Set("X-API-SECRET", "test_secret")
	response, err := client.Do(request)
	if err != nil {
		return nil, false
	}
	defer func() { _ = response.Body.Close() }()
	text, err = io.ReadAll(response.Body)
	return text, err == nil && response.StatusCode == http.StatusOK
}

// balance compares what the books have with what was answered and with what the shop was told. Beyond what was
// answered there may be one checkout for each request that was under way at a kill.
func (a *answered) balance(t *testing.T, m merchant, unanswered int) {
	t.Helper()
	checkouts := allCheckouts(t, m)
	for id := range a.created {
		require.Contains(t, checkouts, id, "a checkout was answered and is lost")
	}
	for id := range a.paid {
		require.Equal(t, "SUCCESS", checkouts[id].Payment.Status, "the payment of checkout %s was answered and is lost", id)
	}
	require.LessOrEqual(t, len(checkouts), len(a.created)+unanswered)

	for id, c := range checkouts {
		require.True(t, a.orders[c.OrderID], "nobody ordered %q", c.OrderID)
		var list struct {
			Callbacks []struct {
				Status   string
				Attempts []struct{ HTTPStatus int }
			}
		}
		m.call(t, http.MethodGet, "/_mock/callbacks?checkoutId="+id, "", &list)
		if c.Payment.Status != "SUCCESS" {
			require.Empty(t, list.Callbacks, id)
			require.Zero(t, a.heard()[id], id)
			continue
		}
		require.Len(t, list.Callbacks, 1, id)
		require.Equal(t, "DELIVERED", list.Callbacks[0].Status, id)
		require.GreaterOrEqual(t, a.heard()[id], len(list.Callbacks[0].Attempts), "an attempt at %s that the shop "+
			"did not see", id)
	}
}

// bookedCheckout is what the tests look at of a checkout.
type bookedCheckout struct {
	CheckoutID, OrderID string
	Payment             struct{ Status string }
}

func allCheckouts(t *testing.T, m merchant) map[string]bookedCheckout {
	t.Helper()
	all := map[string]bookedCheckout{}
	before := ""
	for {
		var page struct{ Checkouts []bookedCheckout }
		m.call(t, http.MethodGet, "/_mock/checkouts?limit=100"+before, "", &page)
		for _, c := range page.Checkouts {
			require.NotContains(t, all, c.CheckoutID)
			all[c.CheckoutID] = c
		}
		if len(page.Checkouts) < 100 {
			return all
		}
		before = "&before=" + page.Checkouts[99].CheckoutID
	}
}

func TestSecondSandboxOnAFileIsRefused(t *testing.T) {
	t.Parallel()
	store := "sqlite:" + filepath.Join(t.TempDir(), "books.db")
	serve(t, "--store", store)
	program, err := binary()
	require.NoError(t, err)
	_, err = start(nil, program, "serve", "--addr", "127.0.0.1:0", "--store", store)
	require.ErrorContains(t, err, "exit status 1")
	require.ErrorContains(t, err, "another sandbox uses it: end that one, or give this one a file of its own")
}
