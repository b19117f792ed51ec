package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
	"github.com/payporter-mock/payporter-mock/payment"
)

// fill puts so many checkouts that are over, a transaction each, and keeps no more than keep of them.
func fill(t *testing.T, s store.Store, count, keep int) {
	t.Helper()
	for i := range count {
		require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
			_, forgetErr := tx.Forget(keep - 1)
			id := fmt.Sprint(i)
			_, entryErr := tx.Append(store.Entry{Kind: store.EntryCreate, CheckoutID: id, Note: strings.Repeat("n", 500)})
			return errors.Join(forgetErr, entryErr, tx.PutCheckout(payment.Checkout{
				ID: id, State: payment.Paid, Order: payment.Order{OrderID: id, Description: strings.Repeat("d", 1000)},
				Payment: payment.Payment{ID: "p" + id},
			}))
		}))
	}
}

// sizeOf is how long the file is when its books have been closed.
func sizeOf(t *testing.T, file string, use func(store.Store)) int64 {
	t.Helper()
	b := open(t, file)
	s, err := b.Open(t.Context(), "test_one")
	require.NoError(t, err)
	use(s)
	require.NoError(t, b.Close())
	at, err := os.Stat(file)
	require.NoError(t, err)
	return at.Size()
}

func TestRetentionBoundsTheFile(t *testing.T) {
	t.Parallel()
	extent.Repeated(t, "thousands of transactions")
	file := filepath.Join(t.TempDir(), "books.db")
	first := sizeOf(t, file, func(s store.Store) { fill(t, s, 200, 50) })
	again := sizeOf(t, file, func(s store.Store) {
		for range 4 {
			require.NoError(t, s.Update(t.Context(), store.Tx.Reset)) // the journal has bounds of its own
			fill(t, s, 200, 50)
		}
	})
	require.Less(t, again, first*3/2)
}

func TestRoomIsGivenBack(t *testing.T) {
	t.Parallel()
	extent.Repeated(t, "thousands of transactions")
	file := filepath.Join(t.TempDir(), "books.db")
	full := sizeOf(t, file, func(s store.Store) { fill(t, s, 1500, 1500) })
	empty := sizeOf(t, file, func(s store.Store) {
		for range 3 {
			require.NoError(t, s.Update(t.Context(), store.Tx.Reset))
		}
	})
	require.Less(t, empty, full/3, "%d bytes before", full)
}

func TestAllJournalsTogetherAreBounded(t *testing.T) {
	t.Parallel()
	b := sqlite.Open(filepath.Join(t.TempDir(), "books.db"),
		sqlite.Options{Synchronous: sqlite.Normal, JournalBytes: 40_000})
	t.Cleanup(func() { _ = b.Close() })
	kept := func(s store.Store) (entries []store.Entry) {
		require.NoError(t, s.View(t.Context(), func(r store.Reader) (err error) {
			entries, err = r.Entries(store.EntryQuery{})
			return err
		}))
		return entries
	}
	var all []store.Store
	for i := range 3 {
		s, err := b.Open(t.Context(), fmt.Sprint("test_", i))
		require.NoError(t, err)
		fill(t, s, 30, 30)
		all = append(all, s)
	}

	// The journal that was written to last has kept most, the one that was not for longest nothing but its newest.
	require.Len(t, kept(all[0]), 1)
	require.EqualValues(t, 30, kept(all[0])[0].Seq)
	require.Len(t, kept(all[2]), 30)
	held := 0
	for _, s := range all {
		for _, e := range kept(s) {
			held += e.Size()
		}
	}
	require.LessOrEqual(t, held, 40_000)
	require.Greater(t, held, 30_000)
}
