package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// A process that ends gives back what it has at once, although the connection of its beats was lost just then: it does
// not leave that to the others, which would take it for dead only after some seconds.
func TestProcessThatEndsGivesItsWorkBackWithoutItsConnection(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	b := postgres.Open(address + "&application_name=leaving")
	s, err := b.Open(t.Context(), "test_one")
	require.NoError(t, err)
	put(t, s, store.Clock{}, "d1")
	require.Equal(t, "d1", claim(t, t.Context(), s.(store.SharedStore)).Task.Subject)

	postgrestest.Execute(t, address,
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leaving'")
	require.NoError(t, b.Close())

	// Nobody has waited for a beat: whoever opens the books finds the claim of a process that is none.
	postgrestest.Execute(t, address, "DO $$ BEGIN ASSERT (SELECT count(*) FROM process) = 0, 'still there'; END $$")
}
