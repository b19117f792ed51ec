package mock_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// look is what a read of the configured merchant's books answers.
func look(t *testing.T, books store.Books, do func(store.Reader) error) error {
	t.Helper()
	s, err := books.Open(t.Context(), mock.DefaultAPIKey)
	require.NoError(t, err)
	return s.View(t.Context(), do)
}

func hasRun(orderID string) func(store.Reader) error {
	return func(r store.Reader) error {
		_, err := r.Run(store.OrderRun(orderID))
		return err
	}
}

func TestOrdersThatNeverGetACheckoutAreForgotten(t *testing.T) {
	t.Parallel()
	books := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind())
	api := clientOf(t, start(t, mock.Config{Store: books, KeepCheckouts: 1}))
	refusal := "version: 1\nscenarios: [{name: down, create: {respond: {status: 503, times: 2}}}]\n"
	require.Equal(t, http.StatusOK, api.put(refusal).status)
	orderID := func(i int) string { return fmt.Sprint("ORD-", i) }
	for i := range store.FewestRuns + 2 {
		require.Equal(t, http.StatusServiceUnavailable, api.post("/api/checkout",
			order(orderID(i), "http://127.0.0.1:1/")).status)
	}

	require.ErrorIs(t, look(t, books, hasRun(orderID(0))), store.ErrNotFound)
	require.ErrorIs(t, look(t, books, hasRun(orderID(1))), store.ErrNotFound)
	require.NoError(t, look(t, books, hasRun(orderID(2))))

	last := orderID(store.FewestRuns + 1)
	require.NoError(t, look(t, books, hasRun(last)))
	require.Equal(t, http.StatusOK, api.post("/_mock/reset", "").status)
	require.ErrorIs(t, look(t, books, hasRun(last)), store.ErrNotFound)
}

func TestScenariosThatNothingUsesAreForgotten(t *testing.T) {
	t.Parallel()
	books := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind())
	api := clientOf(t, start(t, mock.Config{Store: books}))
	has := func(file string) error {
		set, err := scenarios.Parse("", []byte(file))
		require.NoError(t, err)
		return look(t, books, func(r store.Reader) error {
			_, err := r.Scenarios(set.Digest())
			return err
		})
	}
	first, followed, last := scenarioFile(1, "amount: 1"), scenarioFile(2, "amount: 100.5"), scenarioFile(3, "amount: 1")

	require.Equal(t, http.StatusOK, api.put(first).status)
	require.NoError(t, has(first))
	require.Equal(t, http.StatusOK, api.put(followed).status)
	require.ErrorIs(t, has(first), store.ErrNotFound)
	api.create("ORD-1", "http://127.0.0.1:1/")
	require.Equal(t, http.StatusOK, api.put(last).status)

	require.NoError(t, has(followed), "a checkout follows it")
	require.NoError(t, has(last))
}
