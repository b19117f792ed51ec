package postgres_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	extent.Together(6)
	os.Exit(m.Run())
}

func TestBooks(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Books { return postgrestest.Books(t) })
}

// TestBooksThatAreOpenedAnew ends the process after some calls: each start of PostgreSQL's own processes takes long.
func TestBooksThatAreOpenedAnew(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "every process that opens the books waits for PostgreSQL; SQLite's books are opened anew, too")
	storetest.Run(t, func(t *testing.T) store.Books {
		address := postgrestest.Address(t)
		b := storetest.Reopened(func() store.Books { return seldom{postgres.OpenStill(address)} })
		t.Cleanup(func() { _ = b.Close() })
		return b
	})
}

// seldom are books that are opened anew at every fifth call.
type seldom struct{ store.Books }

// ImageBytes makes Reopened count to five.
func (seldom) ImageBytes() int { return 4 * 8 << 10 }

// Peek implements storetest.Peeker.
func (s seldom) Peek(ctx context.Context, key string) (store.Store, error) {
	return s.Books.(storetest.Peeker).Peek(ctx, key)
}
