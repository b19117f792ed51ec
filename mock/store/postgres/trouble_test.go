package postgres_test

import (
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
	return answerAs(t, s.APIKey, s, method, path, body)
}

// answerAs is what the sandbox answers the merchant with the key.
func answerAs(t *testing.T, key string, s *mock.Test, method, path, body string) (status int, retryAfter, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("X-API-KEY", key)
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

// Processes find each other again, too: what happens at one is told at the other, and its clock is the other's.
func TestProcessesComeBackTogetherWithPostgreSQL(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	var all [2]*mock.Test
	for i := range all {
		all[i] = mock.Start(t, mock.Config{Store: open(t, server.Address("public"))})
	}
	url, told := shop(t, http.StatusOK)
	both := &processes{t: t, all: all[:]}
	both.call(http.MethodPost, "/_mock/clock", `{"freeze":true}`)
	both.call(http.MethodPut, "/_mock/scenarios",
		`{"version":1,"scenarios":[{"name":"late","callback":{"deliveries":[{"after":"1h"}]}}]}`)
	id := both.order("o1", url)
	both.call(http.MethodPost, "/_mock/checkouts/"+id+"/pay", "")

	server.Stop(t)
	for range all {
		status, text := both.answer(http.MethodPost, "/_mock/clock", `{"advance":"2h"}`)
		require.Equal(t, http.StatusServiceUnavailable, status, text)
	}
	server.Resume(t)
	both.call(http.MethodPost, "/_mock/clock", `{"advance":"2h"}`)
	require.Equal(t, int64(1), told(id), "the task was not lost, and done once")

	waits := make(chan string, 1)
	go func() {
		_, _, text := answer(t, all[0], http.MethodGet, "/_mock/journal/wait?orderId=o2&timeout=20s", "")
		waits <- text
	}()
	status, _, text := answer(t, all[1], http.MethodPost, "/api/checkout", orderOf("o2", url))
	require.Equal(t, http.StatusOK, status, text)
	require.Contains(t, <-waits, `"kind":"create"`)
}

// A process that was cut off while others brought the tables to a version that it does not know changes nothing.
func TestTablesThatWereChangedMeanwhileAreLeftAlone(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	b := open(t, address)
	s, err := b.Open(t.Context(), "test_one")
	require.NoError(t, err)

	postgrestest.Execute(t, address, "UPDATE sandbox SET major = 3")
	require.ErrorContains(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.PutMerchant(store.Merchant{}) }),
		"a sandbox of another version uses the database")
	keys, err := b.Keys(t.Context())
	require.NoError(t, err)
	require.Empty(t, keys)
}
