package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/payment"
)

// A transaction asks the database when it begins, for all that it reads, and when it ends, however much it writes.
func TestTransactionTakesFewExchanges(t *testing.T) {
	t.Parallel()
	proxy := postgrestest.NewProxy(t, postgrestest.Address(t))
	b := open(t, proxy.Address)
	opened, err := b.Open(t.Context(), "test_one")
	require.NoError(t, err)
	s := opened.(store.SharedStore)
	require.Eventually(t, func() bool { return postgres.IsAlone(b) }, 20*time.Second, 10*time.Millisecond,
		"it tells nobody what it has changed")
	counted := func(n int) {
		ctx := s.Lease(t.Context())
		for range n {
			require.NoError(t, s.Update(ctx, func(tx store.Tx) error {
				_, read := tx.Count("one")
				_, appended := tx.Append(store.Entry{Kind: store.EntryCreate})
				return errors.Join(read, tx.Add(1, "one", "two", "three"), appended)
			}))
		}
	}
	counted(5) // which prepares the statements

	const times, exchanges = 20, 3
	before := proxy.Exchanges()
	counted(times)
	took := proxy.Exchanges() - before
	require.GreaterOrEqual(t, took, times*exchanges, "the test sees what it is about")
	require.Less(t, took, times*(exchanges+1), "some are of connections that were idle for long")
}

// What is wrong with a statement that was sent together with others is told by the transaction, and nothing of it has
// taken effect.
func TestTransactionTellsWhatIsWrongWithAStatementThatWaited(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	s := sharedStore(t, address)
	put(t, s, store.Clock{})
	postgrestest.Execute(t, address, "ALTER TABLE scenario_set ADD CHECK (digest <> 'bad')")

	for name, after := range map[string]func(store.Tx) error{
		"at the end": func(store.Tx) error { return nil },
		"where something is read": func(tx store.Tx) error {
			_, err := tx.Count("good")
			return fmt.Errorf("what do answers, not the failure: %v", err)
		},
	} {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(tx.Add(1, "good"), tx.PutScenarios("bad", nil), tx.Add(1, "good"), after(tx))
		})
		require.ErrorIs(t, err, &payment.Error{Code: payment.Unavailable}, name)
		require.ErrorContains(t, err, "23514", name)
	}

	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		n, err := tx.Count("good")
		require.Zero(t, n)
		return errors.Join(err, tx.Add(1, "good"))
	}))
}
