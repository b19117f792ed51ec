package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// hesitant is a shop that takes the first callback of each checkout only when it is released, and others at once.
type hesitant struct {
	url      string
	released chan struct{}

	mu   sync.Mutex // guards all below
	told map[string]int
	last time.Time // when the last second callback came
}

func newHesitant(t *testing.T) *hesitant {
	t.Helper()
	h := &hesitant{released: make(chan struct{}), told: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if h.note(r.FormValue("checkoutId")) == 1 {
			<-h.released
		}
	}))
	h.url = server.URL
	t.Cleanup(server.Close)
	return h
}

func (h *hesitant) note(id string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.told[id]++; h.told[id] > 1 {
		h.last = time.Now()
	}
	return h.told[id]
}

// count is how many checkouts had so many callbacks at least.
func (h *hesitant) count(least int) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, told := range h.told {
		if told >= least {
			n++
		}
	}
	return n
}

// What a process was doing when it was killed or stopped, another one does; the log says how soon. One that goes on records
// nothing that was done meanwhile.
func TestWorkOfAProcessThatEndsOrStopsIsTakenOver(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"killed": syscall.SIGKILL, "stopped": syscall.SIGSTOP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if signal == syscall.SIGSTOP {
				extent.NotQuick(t, "three more processes; that one is killed stays")
			}
			address, shop := postgrestest.Address(t), newHesitant(t)
			var all [3]sandbox
			for i := range all {
				all[i] = serveStore(t, address, "--callback-timeout", "30s") // a busy machine takes long for the orders
			}
			survivor := merchant{all[2], "test_key"}

			const orders = 12
			for i := range orders {
				text, ok := post(t.Context(), all[i%3].url+"/api/checkout", fmt.Sprintf(
					`{"orderId":"o%d","amount":100.50,"currency":"TRY","callback":%q}`, i, shop.url))
				require.True(t, ok, i)
				var made struct{ CheckoutID string }
				require.NoError(t, json.Unmarshal(text, &made))
				_, ok = post(t.Context(), all[i%3].url+"/_mock/checkouts/"+made.CheckoutID+"/pay", "")
				require.True(t, ok, i)
			}
			require.Eventually(t, func() bool { return shop.count(1) == orders }, patience, time.Millisecond)

			for _, one := range all[:2] {
				require.NoError(t, one.cmd.Process.Signal(signal))
			}
			began := time.Now()
			close(shop.released)
			survivor.call(t, http.MethodPost, "/_mock/clock", `{"advance":"1s"}`, nil) // which waits for all of it

			if signal == syscall.SIGSTOP {
				for _, one := range all[:2] {
					require.NoError(t, one.cmd.Process.Signal(syscall.SIGCONT))
				}
				for _, one := range all[:2] {
					require.Eventually(t, func() bool {
						status, _ := request(t, http.MethodPost, one.url+"/_mock/clock", "application/json", `{"advance":"1s"}`,
							"X-API-KEY", "test_key")
						return status == http.StatusOK
					}, patience, 100*time.Millisecond)
				}
			}
			shop.requireOnceEach(t, survivor, orders)
			if twice := shop.count(2); twice > 0 {
				t.Logf("%d attempts of two processes were repeated, the last after %s", twice, shop.last.Sub(began))
			}
		})
	}
}

// requireOnceEach wants that each checkout was told in one attempt, as far as the books say, and in two at most as the
// shop saw it.
func (h *hesitant) requireOnceEach(t *testing.T, m merchant, orders int) {
	t.Helper()
	var list struct {
		Callbacks []struct {
			Status   string
			Attempts []struct{ Number int }
		}
	}
	m.call(t, http.MethodGet, "/_mock/callbacks?limit=100", "", &list)
	require.Len(t, list.Callbacks, orders)
	for _, one := range list.Callbacks {
		require.Equal(t, "DELIVERED", one.Status)
		require.Len(t, one.Attempts, 1)
	}
	var journal struct{ Entries []entry }
	m.call(t, http.MethodGet, "/_mock/journal?kind=callback&limit=100", "", &journal)
	require.Len(t, journal.Entries, orders)
	require.Zero(t, h.count(3))
}

func TestProcessWithOtherSettingsIsRefused(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	serveStore(t, address)
	program, err := binary()
	require.NoError(t, err)
	_, err = start(nil, program, "serve", "--addr", "127.0.0.1:0", "--store", address, "--seed", "2", "--payer", "auto")
	require.ErrorContains(t, err, "exit status 1")
	require.ErrorContains(t, err, "payer is page there and auto here; seed is 1 there and 2 here: give all the same")
}
