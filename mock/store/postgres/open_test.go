package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// refused wants that a sandbox is not made with the database, and why; no error names the password.
func refused(t *testing.T, address, why string) {
	t.Helper()
	b := postgres.Open(address)
	_, err := mock.New(mock.Config{Store: b})
	require.ErrorContains(t, err, why)
	require.NotContains(t, err.Error(), "unused")
	require.NoError(t, b.Close())
}

// open opens the books at the address until the test ends, as a newer program does that knows further steps of
// migration, where there are some.
func open(t *testing.T, address string, further ...string) store.Books {
	t.Helper()
	b := postgres.OpenNewer(address, further...)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestDatabaseThatCannotBeUsedIsRefusedInWords(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	for from, to := range map[string]string{
		"@/postgres": "@/nowhere", "search_path=books": "search_path=nowhere", "postgres:unused": "nobody:unused",
	} {
		why := map[string]string{
			"@/nowhere":           "the database does not exist: make it first, as by createdb",
			"search_path=nowhere": "the schema does not exist: make it first, or leave search_path out",
			"nobody:unused":       "refuses the user or the password: check both in the address",
		}[to]
		refused(t, strings.Replace(address, from, to, 1), why)
	}
	refused(t, "postgres://me:unused@127.0.0.1:1/books", "store postgres://127.0.0.1:1/books: cannot be reached: start "+
		"PostgreSQL, or mend the address")
	refused(t, "postgres://me:unused@127.0.0.1:none/books", "cannot parse")
}

// A PostgreSQL that is slow to answer the first connection, as on a machine on which much begins at once, is waited
// for; one that answers nothing is told, when the address says.
func TestStartWaitsForPostgreSQLThatIsSlow(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "a PostgreSQL that takes three seconds for its first answer")
	proxy := postgrestest.NewProxy(t, postgrestest.Address(t))
	proxy.Hold()
	began := time.Now()
	refused(t, proxy.Address+"&connect_timeout=1", "cannot be reached: start PostgreSQL, or mend the address")
	require.Less(t, time.Since(began), 8*time.Second)

	released := make(chan struct{})
	go func() {
		defer close(released)
		time.Sleep(3 * time.Second)
		proxy.Release()
	}()
	_, err := open(t, proxy.Address).Keys(t.Context())
	require.NoError(t, err)
	<-released
}

func TestTablesOfAnotherProgramAreRefused(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	postgrestest.Execute(t, address, "CREATE TABLE payment (theirs text)")
	refused(t, address, "has tables of another program: name another database, or a schema by ?search_path=NAME")
	postgrestest.Execute(t, address, "DROP TABLE payment")
	_, err := open(t, address).Keys(t.Context())
	require.NoError(t, err, "nothing half done was left")
}

func TestTablesOfANewerMajorVersionAreRefused(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	require.NoError(t, open(t, address).Close())
	postgrestest.Execute(t, address, "UPDATE sandbox SET version = 99")
	_, err := open(t, address).Keys(t.Context())
	require.NoError(t, err, "a newer version of the same major one can be used")
	postgrestest.Execute(t, address, "UPDATE sandbox SET major = 3")
	refused(t, address, "was written by a newer payporter-mock (version 99 of the tables, this one knows 3)")
}
