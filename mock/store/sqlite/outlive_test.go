package sqlite_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// live runs a sandbox on the file while do calls it, and ends it.
func live(t *testing.T, file string, c mock.Config, do func(*testing.T, caller)) {
	t.Helper()
	t.Run("", func(t *testing.T) {
		c.Store = sqlite.Open(file, sqlite.Options{Synchronous: sqlite.Normal})
		do(t, caller{t, mock.Start(t, c).URL})
	})
}

// want is the body of a 200.
func (c caller) want(method, path, body string) string {
	c.t.Helper()
	status, answer, _ := c.call(method, path, body)
	require.Equal(c.t, http.StatusOK, status, "%s %s: %s", method, path, answer)
	return answer
}

// order creates a checkout and answers its id.
func (c caller) order(orderID, callback string) (id string) {
	c.t.Helper()
	answer := c.want(http.MethodPost, "/api/checkout",
		fmt.Sprintf(`{"orderId":%q,"amount":100.50,"currency":"TRY","callback":%q}`, orderID, callback))
	var made struct{ CheckoutID string }
	require.NoError(c.t, json.Unmarshal([]byte(answer), &made))
	return made.CheckoutID
}

const nowhere = "http://127.0.0.1:1/callback" // nothing listens there

func TestSandboxGoesOnWhereTheOneBeforeEnded(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	looks := []string{
		"/_mock/clock", "/_mock/checkouts", "/_mock/callbacks", "/_mock/journal?kind=create", "/_mock/scenarios",
		"/_mock/scenarios/next", "/_mock/coverage",
	}
	before := map[string]string{}
	var open, paid, payment string
	live(t, file, mock.Config{Seed: 1}, func(_ *testing.T, c caller) {
		c.want(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
		open, paid = c.order("open", nowhere), c.order("paid", nowhere)
		c.want(http.MethodPost, "/_mock/checkouts/"+paid+"/pay", "")
		c.want(http.MethodPost, "/_mock/clock", `{"advance":"1m"}`)
		c.want(http.MethodPut, "/_mock/scenarios", `{"version":1,"scenarios":[{"name":"mine","limit":3}]}`)
		c.want(http.MethodPost, "/_mock/scenarios/next", `{"scenario":"rate-limited","times":2}`)
		payment = c.want(http.MethodGet, "/api/checkout/"+paid, "")
		for _, path := range looks {
			before[path] = c.want(http.MethodGet, path, "")
		}
	})

	live(t, file, mock.Config{Seed: 1}, func(t *testing.T, c caller) {
		for _, path := range looks {
			require.Equal(t, before[path], c.want(http.MethodGet, path, ""), path)
		}
		require.Equal(t, payment, c.want(http.MethodGet, "/api/checkout/"+paid, ""))
		status, _, _ := c.create("next")
		require.Equal(t, http.StatusTooManyRequests, status, "the order for the next checkouts stands")
		c.want(http.MethodPost, "/_mock/checkouts/"+open+"/pay", "")
		c.want(http.MethodPost, "/_mock/clock", `{"advance":"48h"}`)
		require.Contains(t, c.want(http.MethodGet, "/_mock/callbacks?checkoutId="+paid, ""), `"EXHAUSTED"`)
	})
}

// What fell due while no sandbox ran is delivered when one does, a bounded number at a time.
func TestTimeThatPassedWhileItWasDownHasPassed(t *testing.T) {
	t.Parallel()
	const orders = 40
	var up atomic.Bool
	var now, most atomic.Int64
	var mu sync.Mutex // guards told
	told := map[string]int{}
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		under := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); under > old && !most.CompareAndSwap(old, under); old = most.Load() {
		}
		if !up.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		told[r.FormValue("checkoutId")]++
	}))
	t.Cleanup(shop.Close)

	file := filepath.Join(t.TempDir(), "books.db")
	var ids []string
	live(t, file, mock.Config{}, func(_ *testing.T, c caller) {
		for i := range orders {
			id := c.order(fmt.Sprint("order ", i), shop.URL)
			c.want(http.MethodPost, "/_mock/checkouts/"+id+"/pay", "")
			ids = append(ids, id)
		}
		c.want(http.MethodGet, fmt.Sprintf("/_mock/journal/wait?kind=callback&status=FAILED&count=%d", orders), "")
	})
	require.Empty(t, told)
	up.Store(true)
	letPass(t, file, time.Minute)

	live(t, file, mock.Config{}, func(_ *testing.T, c caller) {
		c.want(http.MethodGet, fmt.Sprintf("/_mock/journal/wait?kind=callback&status=DELIVERED&count=%d", orders), "")
	})
	require.Len(t, told, orders)
	for _, id := range ids {
		require.Equal(t, 1, told[id], id)
	}
	require.LessOrEqual(t, most.Load(), int64(16))
}

func TestFrozenClockStandsWhileItIsDown(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	live(t, file, mock.Config{}, func(_ *testing.T, c caller) {
		c.want(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
		c.want(http.MethodPost, "/_mock/checkouts/"+c.order("one", nowhere)+"/pay", "")
		c.want(http.MethodPost, "/_mock/clock", `{"advance":"0s"}`)
	})
	letPass(t, file, time.Hour)
	live(t, file, mock.Config{}, func(t *testing.T, c caller) {
		require.Contains(t, c.want(http.MethodGet, "/_mock/clock", ""), `"now":"2026-01-31T12:00:00Z"`)
		require.NotContains(t, c.want(http.MethodGet, "/_mock/callbacks", ""), `"number":2`)
	})
}

// letPass changes a running clock as the time that passes does.
func letPass(t *testing.T, file string, d time.Duration) {
	t.Helper()
	b := open(t, file)
	s, err := b.Open(t.Context(), mock.DefaultAPIKey)
	require.NoError(t, err)
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		m, err := tx.Merchant()
		if err != nil || m.Clock.Frozen {
			return err
		}
		m.Clock.Offset += d
		return tx.PutMerchant(m)
	}))
	require.NoError(t, b.Close())
}

func TestDashboardSaysWhatAKillMayTake(t *testing.T) {
	t.Parallel()
	kept, lost := sandbox(t, open(t, filepath.Join(t.TempDir(), "books.db"))), sandbox(t, nil)
	for _, path := range []string{"/_mock/ui/journal", "/_mock/ui/coverage"} {
		const said = "If the sandbox is killed, what was recorded in the last 250 ms may be missing here."
		require.Contains(t, kept.want(http.MethodGet, path, ""), said)
		require.NotContains(t, lost.want(http.MethodGet, path, ""), "killed", "all is gone then, as the README says")
	}
}
