package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// minor is a step that a newer program of the same major version makes. It changes every table, in an order in which no
// transaction takes them.
const minor = `ALTER TABLE entry ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE checkout ADD COLUMN later TEXT NOT NULL DEFAULT '';
	SELECT pg_sleep(0.2);
	ALTER TABLE payment ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE delivery ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE run ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE count ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE task ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE process ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE merchant ADD COLUMN later TEXT NOT NULL DEFAULT '';
	ALTER TABLE sandbox ADD COLUMN later TEXT NOT NULL DEFAULT '';
	CREATE TABLE later (id BIGINT PRIMARY KEY)`

const major = "-- major\n" + `ALTER TABLE sandbox ADD COLUMN latest TEXT NOT NULL DEFAULT ''`

// serving starts a sandbox on the books, with the address that all have.
func serving(t *testing.T, books store.Books) *mock.Test {
	t.Helper()
	return mock.Start(t, mock.Config{Store: books, PublicURL: publicURL})
}

// orders has merchants create checkouts at the sandbox and pay them until stop is called, which wants that all was
// answered and answers how often.
func orders(t *testing.T, at *mock.Test) (answered *atomic.Int64, stop func()) {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	answered = new(atomic.Int64)
	var ordering sync.WaitGroup
	for worker := range 3 {
		ordering.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				body := orderOf(fmt.Sprintf("o%d %d", worker, i), "http://127.0.0.1:1/callback")
				status, _, text := answerAs(t, fmt.Sprintf("test_%d", worker), at, http.MethodPost, "/api/checkout", body)
				if status != http.StatusOK {
					t.Errorf("%d: %s", status, text)
				}
				answered.Add(1)
			}
		})
	}
	return answered, func() {
		end()
		ordering.Wait()
	}
}

// In a rolling update a newer process changes the tables while older ones serve. All serve from then on, as one.
func TestProcessesOfTwoMinorVersionsServeSideBySide(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	older := serving(t, open(t, address))
	answered, stop := orders(t, older)
	more(t, answered)
	newer := serving(t, postgres.OpenNewer(address, minor))
	more(t, answered)
	stop()
	require.True(t, postgrestest.Holds(t, address, "(SELECT version FROM sandbox) = 4"), "the tables were changed")

	again := serving(t, open(t, address))
	p := &processes{t: t, all: []*mock.Test{older, newer, again}}
	p.call(http.MethodPost, "/_mock/clock", `{"freeze":true,"set":"`+noon+`"}`)
	url, told := shop(t, http.StatusInternalServerError)
	var ids []string
	for i := range 4 {
		ids = append(ids, p.order(fmt.Sprintf("side by side %d", i), url))
		p.call(http.MethodPost, "/_mock/checkouts/"+ids[i]+"/pay", "")
	}
	p.call(http.MethodPost, "/_mock/clock", `{"advance":"48h"}`)
	for _, id := range ids {
		require.Equal(t, int64(9), told(id), "each attempt once, whichever version made it")
		for range p.all {
			require.Contains(t, p.call(http.MethodGet, "/_mock/callbacks?checkoutId="+id, ""), `"status":"EXHAUSTED"`)
		}
	}
}

// more waits until some more were answered.
func more(t *testing.T, answered *atomic.Int64) {
	t.Helper()
	least := answered.Load() + 20
	require.Eventually(t, func() bool { return answered.Load() >= least }, 20*time.Second, time.Millisecond)
}

// A new major version waits for older processes in vain, and leaves them alone; once it has the tables, they are
// refused.
func TestProcessOfANewMajorVersionIsRefusedBesideOlderOnes(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	older := serving(t, open(t, address))
	serves := func(s *mock.Test) {
		t.Helper()
		status, _, text := answer(t, s, http.MethodPost, "/api/checkout", order)
		require.Equal(t, http.StatusOK, status, text)
	}
	books := postgres.OpenNewer(address+"&lock_timeout=300ms", minor, major)
	_, err := mock.New(mock.Config{Store: books, PublicURL: publicURL})
	require.ErrorContains(t, err, "a sandbox of another version uses the database: end that one, or give this one a "+
		"schema of its own")
	require.NoError(t, books.Close())
	serves(older)
	require.True(t, postgrestest.Holds(t, address, "(SELECT version FROM sandbox) = 3"), "nothing half done was left")

	older.Close()
	newest := serving(t, postgres.OpenNewer(address, minor, major))
	serves(newest)
	refused(t, address, "was written by a newer payporter-mock (version 5 of the tables, this one knows 3): use that, or "+
		"another database")
	serves(newest)
	status, _, text := answer(t, newest, http.MethodGet, "/_mock/checkouts", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 2, strings.Count(text, `"checkoutId":`)-1, "what the older one answered is there: %s", text)
}

// A transaction of an older process and the migration of a newer one may each wait for a table that the other has. The
// newer process then changes the tables after all, and the transaction of the older one is done.
func TestMigrationThatIsInTheWayOfATransactionIsTriedAgain(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	s := sharedStore(t, address)
	put(t, s, store.Clock{})
	opened := make(chan error, 1)
	tried := false
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if !tried {
			tried = true
			go func() {
				_, err := open(t, address, minor).Keys(t.Context())
				opened <- err
			}()
			awaitsMerchants(t, address)
		}
		_, err := tx.Checkouts(store.CheckoutQuery{}) // the other table
		return errors.Join(err, tx.PutMerchant(store.Merchant{Seed: 7}))
	})
	require.NoError(t, err)
	require.NoError(t, <-opened)
	record, err := s.Record(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(7), record.Seed)
}

// awaitsMerchants waits until a migration waits for the table of merchants.
func awaitsMerchants(t *testing.T, address string) {
	t.Helper()
	require.Eventually(t, func() bool {
		return postgrestest.Holds(t, address, `EXISTS (SELECT FROM pg_locks WHERE relation = 'merchant'::regclass
			AND mode = 'AccessExclusiveLock' AND NOT granted)`)
	}, 20*time.Second, 10*time.Millisecond)
}
