package mock_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// What is measured of a store is there in the metrics, and of the parts that it has.
func TestMetricsTellOfTheStore(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	for kind, test := range map[string]struct {
		open  func(t testing.TB) store.Books
		parts []string
		pool  bool
	}{
		"sqlite": {
			open:  func(t testing.TB) store.Books { return sqlite.Open(filepath.Join(t.TempDir(), "books.db")) },
			parts: []string{"file", "wal"},
		},
		"postgres": {open: postgrestest.Books, parts: []string{"tables"}, pool: true},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := clientOf(t, mock.Start(t, mock.Config{Store: test.open(t)}))
			before := c.scrape()
			id := c.create("ORD-1", nowhere)
			c.get("/api/checkout/" + id)
			now := c.scrape()

			const took = "payporter_mock_store_transaction_seconds"
			for _, does := range []string{"read", "write"} {
				require.Greater(t, value(t, now, took, "kind", does), value(t, before, took, "kind", does), does)
			}
			for _, part := range test.parts {
				require.Greater(t, value(t, now, "payporter_mock_store_size_bytes", "part", part), 4000.0, part)
			}
			require.Len(t, now["payporter_mock_store_size_bytes"].GetMetric(), len(test.parts))
			require.Contains(t, now, "payporter_mock_store_conflicts_total")
			require.Contains(t, now, "payporter_mock_store_retries_total")

			_, pooled := now["payporter_mock_store_pool_connections"]
			require.Equal(t, test.pool, pooled)
			if pooled {
				require.Positive(t, value(t, now, "payporter_mock_store_pool_connections", "state", "idle"))
				require.GreaterOrEqual(t, value(t, now, "payporter_mock_store_pool_connections_max"), 4.0)
			}
		})
	}
}

// A transaction that PostgreSQL ends because others are in its way is counted, and how often it is tried again.
func TestConflictsInTheStoreAreCounted(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	address := postgrestest.Address(t)
	c := clientOf(t, mock.Start(t, mock.Config{Store: postgres.Open(address)}))
	id := c.create("ORD-1", nowhere)
	postgrestest.Execute(t, address, `CREATE SEQUENCE tries;
		CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('tries') < 3 THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER collide BEFORE UPDATE ON checkout FOR EACH ROW EXECUTE FUNCTION collide()`)
	paid := c.post("/_mock/checkouts/"+id+"/pay", "")
	require.Equal(t, http.StatusOK, paid.status, paid.raw)

	now := c.scrape()
	require.Equal(t, 2.0, value(t, now, "payporter_mock_store_conflicts_total"))
	require.Equal(t, 2.0, value(t, now, "payporter_mock_store_retries_total"))
}
