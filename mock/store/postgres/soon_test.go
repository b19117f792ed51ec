package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// What is only recorded is not waited for until it is safe. A server that waits for a standby that never comes shows it:
// a commit that is waited for does not come back there.
func TestRecordsAreNotWaitedForUntilTheyAreSafe(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	address := server.Address("public")
	s := sharedStore(t, address)
	count := func(tx store.Tx) error { return tx.Add(1, "one") }

	holds := func(condition string) {
		t.Helper()
		require.Eventually(t, func() bool { return postgrestest.Holds(t, address, condition) },
			20*time.Second, 10*time.Millisecond)
	}
	wait := func(standby string) {
		t.Helper()
		postgrestest.Execute(t, address, "ALTER SYSTEM SET synchronous_standby_names = '"+standby+"'")
		postgrestest.Execute(t, address, "SELECT pg_reload_conf()")
		holds("current_setting('synchronous_standby_names') = '" + standby + "'")
	}
	wait("nobody")
	require.NoError(t, s.Update(store.Soon(t.Context()), count))

	waited := make(chan error, 1)
	go func() { waited <- s.Update(t.Context(), count) }()
	holds("EXISTS (SELECT 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'SyncRep')")
	wait("")
	require.NoError(t, <-waited)
}
