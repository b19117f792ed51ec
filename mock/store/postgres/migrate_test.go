package postgres_test

import (
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// firstTables makes the tables as the first version had them.
func firstTables(t *testing.T, address string) {
	t.Helper()
	first, err := os.ReadFile("migrations/0001_books.sql")
	require.NoError(t, err)
	postgrestest.Execute(t, address, string(first))
	postgrestest.Execute(t, address, `UPDATE sandbox SET version = 1`)
}

// Tables of the first version are brought to this one with all they hold; what their one process was doing waits
// again.
func TestTablesOfTheFirstVersionAreMigrated(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	firstTables(t, address)
	postgrestest.Execute(t, address, `UPDATE sandbox SET holder = 'gone';
		INSERT INTO merchant (key, body) VALUES ('test_one', '{"Seed":7}');
		INSERT INTO task (merchant, kind, subject, due, number, claimed, body) SELECT id, 'deliver', 'd1',
			'2026-01-31T12:00:00.000000000Z', 1, 1, '{"Kind":"deliver","Subject":"d1","Due":"2026-01-31T12:00:00Z"}'
		FROM merchant`)

	s := sharedStore(t, address)
	record, err := s.Record(t.Context())
	require.NoError(t, err)
	require.Equal(t, store.Merchant{Seed: 7}, record)
	require.Equal(t, "d1", claim(t, t.Context(), s).Task.Subject)
}

// Of processes that begin at the same time with an empty schema, one makes the tables.
func TestProcessesThatBeginTogetherMakeTheTablesOnce(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	var opening sync.WaitGroup
	for range 3 {
		opening.Go(func() {
			if _, err := open(t, address).Open(t.Context(), "test_one"); err != nil {
				t.Error(err)
			}
		})
	}
	opening.Wait()
}

// What keeps the tables from being changed is said, and it is not always another version.
func TestLocksOfTheTablesAreToldApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ lock, why string }{
		"a migration": {
			`SELECT pg_advisory_xact_lock(hashtext('payporter-mock migration'), hashtext(current_schema()))`,
			"another process is changing the tables: wait until it has ended, and start this one again",
		},
		"a backup": {
			`LOCK TABLE sandbox IN ACCESS SHARE MODE; LOCK TABLE task IN ACCESS SHARE MODE`,
			"the tables are locked by a program that is none of these, such as a backup: wait until that has ended",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := postgrestest.Address(t)
			firstTables(t, address)
			postgrestest.Hold(t, address, c.lock)
			b := postgres.Open(address + "&lock_timeout=100ms")
			_, err := mock.New(mock.Config{Store: b})
			require.ErrorContains(t, err, c.why)
			require.NotContains(t, err.Error(), "another version")
			require.NoError(t, b.Close())
		})
	}
}
