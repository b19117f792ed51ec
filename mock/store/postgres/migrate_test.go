package postgres_test

import (
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// Tables of the first version are brought to this one with all they hold; what their one process was doing waits again.
func TestTablesOfTheFirstVersionAreMigrated(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	first, err := os.ReadFile("migrations/0001_books.sql")
	require.NoError(t, err)
	postgrestest.Execute(t, address, string(first))
	postgrestest.Execute(t, address, `UPDATE sandbox SET version = 1, holder = 'gone';
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
