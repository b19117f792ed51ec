package postgres_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// answer is what the sandbox answers.
func answer(t *testing.T, s *mock.Test, method, path, body string) (status int, retryAfter, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("X-API-KEY", s.APIKey)
	request.Header.Set("X-API-SECRET", s.APISecret)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header.Get("Retry-After"), string(read)
}

const order = `{"orderId":"o1","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:1/callback"}`

func TestSandboxComesBackWithPostgreSQL(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	s := mock.Start(t, mock.Config{Store: open(t, server.Address("public"))})
	status, _, text := answer(t, s, http.MethodPost, "/api/checkout", order)
	require.Equal(t, http.StatusOK, status, text)

	server.Stop(t)
	for path, method := range map[string]string{"/api/checkout": http.MethodPost, "/_mock/health": http.MethodGet} {
		status, retryAfter, text := answer(t, s, method, path, order)
		require.Equal(t, http.StatusServiceUnavailable, status, path)
		require.Equal(t, "1", retryAfter, path)
		require.Contains(t, text, "PostgreSQL cannot be reached", path)
		require.NotContains(t, text, "unused", path)
	}

	server.Resume(t)
	status, _, text = answer(t, s, http.MethodPost, "/api/checkout", order)
	require.Equal(t, http.StatusOK, status, text)
	status, _, text = answer(t, s, http.MethodGet, "/_mock/health", "")
	require.Equal(t, http.StatusOK, status, text)
	status, _, text = answer(t, s, http.MethodGet, "/_mock/checkouts", "")
	require.Equal(t, http.StatusOK, status, text)
	require.Equal(t, 2, strings.Count(text, `"checkoutId":`), "what was answered is there: %s", text)
}

// Whoever has lost the schema without noticing changes nothing in it.
func TestSandboxWhoseSchemaAnotherHasTakenChangesNothing(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	first := open(t, address)
	s, err := first.Open(t.Context(), "test_one")
	require.NoError(t, err)

	postgrestest.Execute(t, address, `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_namespace n
		ON n.nspname = current_schema() WHERE locktype = 'advisory' AND objsubid = 2
		AND objid::bigint = CASE WHEN hashtext(n.nspname) < 0 THEN hashtext(n.nspname)::bigint + 4294967296
		ELSE hashtext(n.nspname) END`)
	second := open(t, address)
	_, err = second.Keys(t.Context())
	require.NoError(t, err)

	put := func(ctx context.Context, s store.Store) error {
		return s.Update(ctx, func(tx store.Tx) error { return tx.PutMerchant(store.Merchant{}) })
	}
	require.ErrorContains(t, put(t.Context(), s), "another sandbox uses the database")
	require.Contains(t, store.HealthOf(t.Context(), first).Fault, "another sandbox uses the database")
	keys, err := second.Keys(t.Context())
	require.NoError(t, err)
	require.Empty(t, keys)
}
