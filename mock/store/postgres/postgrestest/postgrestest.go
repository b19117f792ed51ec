// Package postgrestest gives tests books in schemas of their own, in a PostgreSQL that runs as long as the test
// binary. Only packages whose sandboxes take the flag -store import it, so that the others do not link the driver.
package postgrestest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

// Kind is what -store=postgres stands for: each test has a schema of its own.
func Kind() storetest.Kind { return storetest.Kind{Name: "postgres", Open: Books} }

// shared is the server of the test binary, and how many schemas were made in it.
var shared struct {
	once   sync.Once
	server *Server
	err    error
	made   atomic.Int64
}

// Books are empty books in a schema of their own.
func Books(t testing.TB) store.Books {
	t.Helper()
	b := postgres.Open(Address(t))
	t.Cleanup(func() { _ = b.Close() }) // closed already by the sandbox, mostly
	return b
}

// Address is that of an empty schema.
func Address(t testing.TB) string {
	t.Helper()
	programs := found(t)
	shared.once.Do(func() { shared.server, shared.err = begin(programs) })
	require.NoError(t, shared.err)

	schema := fmt.Sprintf("books%d", shared.made.Add(1))
	Execute(t, shared.server.Address("public"), "CREATE SCHEMA "+schema)
	return shared.server.Address(schema)
}

// Execute runs statements in the schema at the address, beside whoever uses it.
func Execute(t testing.TB, address, statements string) {
	t.Helper()
	c := connect(t, address)
	_, err := c.Exec(t.Context(), statements)
	require.NoError(t, err)
	require.NoError(t, c.Close(t.Context()))
}

// Holds reports whether a condition holds in the schema at the address.
func Holds(t testing.TB, address, condition string) (holds bool) {
	t.Helper()
	c := connect(t, address)
	require.NoError(t, c.QueryRow(t.Context(), "SELECT "+condition).Scan(&holds))
	require.NoError(t, c.Close(t.Context()))
	return holds
}

// Hold runs statements in a transaction that goes on until the test ends.
func Hold(t testing.TB, address, statements string) {
	t.Helper()
	c := connect(t, address)
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	for _, text := range []string{"BEGIN", statements} {
		_, err := c.Exec(t.Context(), text)
		require.NoError(t, err)
	}
}

func connect(t testing.TB, address string) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	delete(config.RuntimeParams, "pool_max_conns") // for pools
	c, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	return c
}

// parameter is a place for a value in a statement.
var parameter = regexp.MustCompile(`\$[0-9]+`)

// Plans are how the server finds the rows of each of the statements, whatever its values, in the schema at the address.
func Plans(t testing.TB, address string, statements []string) (plans []string) {
	t.Helper()
	c := connect(t, address)
	run := func(text string) {
		_, err := c.Exec(t.Context(), text)
		require.NoError(t, err, text)
	}
	run("SET plan_cache_mode = force_generic_plan")
	for _, text := range statements {
		run("PREPARE planned AS " + text)
		values := ""
		if all := parameter.FindAllString(text, -1); len(all) > 0 {
			slices.Sort(all)
			values = "(NULL" + strings.Repeat(", NULL", len(slices.Compact(all))-1) + ")"
		}
		rows, err := c.Query(t.Context(), "EXPLAIN (COSTS OFF) EXECUTE planned"+values)
		require.NoError(t, err, text)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err, text)
		plans = append(plans, strings.Join(lines, "\n"))
		run("DEALLOCATE planned")
	}
	require.NoError(t, c.Close(t.Context()))
	return plans
}
