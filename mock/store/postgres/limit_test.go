package postgres_test

import (
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/payment"
)

// A PostgreSQL that hangs, or that a network is cut off from without a word, answers nothing: calls end all the same,
// and the sandbox goes on by itself as soon as answers come.
func TestSandboxEndsWaitingForPostgreSQLThatHangs(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "three times as many calls as connections wait; that PostgreSQL comes back stays")
	address := addressWithTables(t)
	proxy := postgrestest.NewProxy(t, address)
	s := mock.Start(t, mock.Config{Store: open(t, proxy.Address+"&statement_timeout=1s")})
	status, _, text := answer(t, s, http.MethodPost, "/api/checkout", order)
	require.Equal(t, http.StatusOK, status, text)

	require.NotEqual(t, "0", idle(t, s))
	proxy.Hold()
	began := time.Now()
	var asking sync.WaitGroup
	for range 12 { // three times what the pool has connections
		asking.Go(func() {
			status, retryAfter, text := answer(t, s, http.MethodPost, "/api/checkout", order)
			if status != http.StatusServiceUnavailable || retryAfter != "1" {
				t.Errorf("got %d, Retry-After %q: %s", status, retryAfter, text)
			}
		})
	}
	asking.Wait()
	require.Equal(t, "0", idle(t, s), "the figures of the pool are those of now, although nothing is answered")
	t.Logf("all were answered after %s", time.Since(began))
	require.Less(t, time.Since(began), 30*time.Second)

	proxy.Release()
	began = time.Now()
	require.Eventually(t, func() bool {
		status, _, _ := answer(t, s, http.MethodPost, "/api/checkout", order)
		return status == http.StatusOK
	}, 20*time.Second, 10*time.Millisecond)
	t.Logf("it went on after %s", time.Since(began))
}

// addressWithTables is for tests whose statements end soon: making the tables may take longer.
func addressWithTables(t *testing.T) string {
	t.Helper()
	address := postgrestest.Address(t)
	require.NoError(t, open(t, address).Close())
	return address
}

// idle is how many connections wait for work, as the metrics of the sandbox say.
func idle(t *testing.T, s *mock.Test) string {
	t.Helper()
	_, _, text := answer(t, s, http.MethodGet, "/metrics", "")
	found := regexp.MustCompile(`(?m)^payporter_mock_store_pool_connections{state="idle"} (.+)$`).FindStringSubmatch(text)
	require.Len(t, found, 2, text)
	return found[1]
}

// Where the answer to a commit is lost, a process may have claimed or held a task that it does not know of. It waits
// again, although the process lives.
func TestTaskWhoseClaimHadNoAnswerWaitsAgain(t *testing.T) {
	t.Parallel()
	task := store.Task{Kind: store.Deliver, Subject: "d1", Due: due}
	for name, lose := range map[string]func(*postgrestest.Proxy, store.SharedStore) error{
		"claimed": func(proxy *postgrestest.Proxy, s store.SharedStore) error {
			proxy.CutAfterCommit(2) // the first one is of a transaction that only reads
			_, err := s.ClaimBy(t.Context(), show, nil)
			return err
		},
		"claimed by time": func(proxy *postgrestest.Proxy, s store.SharedStore) error {
			proxy.CutAfterCommit(2)
			_, _, err := s.Claim(t.Context(), due)
			return err
		},
		"held": func(proxy *postgrestest.Proxy, s store.SharedStore) error {
			proxy.CutAfterCommit(1)
			return s.Update(t.Context(), func(tx store.Tx) error { return tx.Hold(task) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := postgrestest.NewProxy(t, postgrestest.Address(t))
			s := sharedStore(t, proxy.Address)
			put(t, s, store.Clock{}, "d1")
			require.ErrorIs(t, lose(proxy, s), &payment.Error{Code: payment.Unavailable})
			c, err := s.ClaimBy(t.Context(), show, nil)
			require.NoError(t, err)
			require.False(t, c.OK, "the commit was done: the test sees what it is about")

			require.Eventually(t, func() bool {
				c, err := s.ClaimBy(t.Context(), show, nil)
				return err == nil && c.OK && c.Task.Subject == "d1"
			}, 20*time.Second, 10*time.Millisecond)
		})
	}
}

// A database whose answers to beats are late, and that answers all else, is one that is busy: everybody goes on.
func TestLateBeatsAreNoSilenceWhileOthersAreAnswered(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "it waits for beats that have no answer")
	address := postgrestest.Address(t)
	s := sharedStore(t, address)
	postgrestest.Hold(t, address, "LOCK TABLE process")

	const fewBeats = 7 * time.Second // each takes two, and a pause
	for began := time.Now(); time.Since(began) < fewBeats; time.Sleep(50 * time.Millisecond) {
		require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.Add(1, "one") }))
	}
}
