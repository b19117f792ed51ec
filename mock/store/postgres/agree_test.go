package postgres_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// together makes sandboxes with these seeds at the same time, once all of them are among the processes of the database,
// and answers why each was refused.
func together(t *testing.T, address string, seeds ...uint64) []error {
	t.Helper()
	configs := make([]mock.Config, len(seeds))
	for i, seed := range seeds {
		configs[i] = mock.Config{Store: postgres.Open(address), Seed: seed}
	}

	refused := make([]error, len(seeds))
	var starting sync.WaitGroup
	for i, c := range configs {
		starting.Go(func() {
			s, err := mock.New(c)
			if refused[i] = err; err != nil {
				_ = c.Store.Close()
				return
			}
			t.Cleanup(s.Close)
		})
	}
	starting.Wait()
	return refused
}

// Processes that begin together bring new settings as one does: none waits for another one that has not begun either.
func TestProcessesThatBeginTogetherBringNewSettings(t *testing.T) {
	t.Parallel()
	for name, before := range map[string][]uint64{"an empty database": nil, "other settings before": {7}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := postgrestest.Address(t)
			for _, seed := range before {
				one := mock.Start(t, mock.Config{Store: postgres.Open(address), Seed: seed})
				one.Close()
			}
			require.Equal(t, []error{nil, nil, nil}, together(t, address, 8, 8, 8))
		})
	}
}

// Where they bring different settings, those of one are in force, and the others are refused with the difference.
func TestProcessesThatBeginTogetherWithDifferentSettings(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	one := mock.Start(t, mock.Config{Store: postgres.Open(address), Seed: 7})
	one.Close()

	won := 0
	for i, err := range together(t, address, 8, 9, 10) {
		if err == nil {
			won++
			continue
		}
		require.ErrorContains(t, err, fmt.Sprintf(" there and %d here: give all the same", 8+i))
		require.NotContains(t, err.Error(), "seed is 7 there", "nobody has these any more")
	}
	require.Equal(t, 1, won)
}

// A process that goes on after others took it for dead, and began with other settings, answers nothing by its own.
func TestProcessThatComesBackToOtherSettingsServesNothing(t *testing.T) {
	t.Parallel()
	address := addressWithTables(t)
	proxy := postgrestest.NewProxy(t, address)
	away := mock.Start(t, mock.Config{Store: open(t, proxy.Address+"&statement_timeout=1s"), Seed: 7})
	proxy.Hold()
	now := mock.Start(t, mock.Config{Store: open(t, address), Seed: 8})
	proxy.Release()

	require.Eventually(t, func() bool {
		status, _, text := answer(t, away, http.MethodGet, "/_mock/health", "")
		return status == http.StatusServiceUnavailable && strings.Contains(text, "seed is 8 there and 7 here")
	}, 30*time.Second, 20*time.Millisecond)
	status, retryAfter, text := answer(t, away, http.MethodPost, "/api/checkout", order)
	require.Equal(t, http.StatusServiceUnavailable, status, text)
	require.Equal(t, "1", retryAfter)
	require.Contains(t, text, "another sandbox uses the database with other settings")
	status, _, text = answer(t, now, http.MethodPost, "/api/checkout", order)
	require.Equal(t, http.StatusOK, status, text)
}
