package mock_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// A merchant that one process forgets to make room is forgotten by all, and its secret by none.
func TestMerchantIsForgottenByAllProcesses(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	var passed atomic.Int64
	var all [2]*client
	for i := range all {
		all[i] = clientOf(t, mock.Start(t, mock.WithWall(
			mock.Config{KeepMerchants: 1, Store: postgres.Open(address)},
			func() time.Time { return time.Unix(passed.Load(), 0) },
		)))
	}
	first, other := all[0].as("test_first"), all[1].as("test_first")
	first.create("ORD-1", "http://127.0.0.1:1/callback")
	require.Len(t, other.orders(), 1)

	passed.Add(int64(time.Hour / time.Second))
	all[0].as("test_second").create("ORD-2", "http://127.0.0.1:1/callback")
	require.Empty(t, other.orders())
	require.Equal(t, http.StatusTooManyRequests, other.post("/api/checkout", `{}`).status, "there is room for one")
	other.secret = "wrong"
	require.Equal(t, http.StatusUnauthorized, other.post("/api/checkout", `{}`).status)
}
