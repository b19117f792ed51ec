package memory_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
)

func open(t testing.TB, b store.Books, key string) store.Store {
	s, err := b.Open(t.Context(), key)
	require.NoError(t, err)
	return s
}

func record(t testing.TB, s store.Store, entries ...store.Entry) {
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		for _, e := range entries {
			if _, err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	}))
}

func entriesOf(t testing.TB, s store.Store, q store.EntryQuery) (found []store.Entry) {
	require.NoError(t, s.View(t.Context(), func(r store.Reader) (err error) {
		found, err = r.Entries(q)
		return err
	}))
	return found
}

// large is an entry of about that many bytes.
func large(bytes int) store.Entry {
	return store.Entry{Request: &exchange.Message{Body: make([]byte, bytes)}}
}

func TestJournalForgetsTheOldestFirst(t *testing.T) {
	t.Parallel()
	s := open(t, memory.Open(memory.Options{}), "test_one")
	const written, kept = 25_000, 10_000
	for i := range written {
		record(t, s, store.Entry{Kind: store.EntryCreate, OrderID: fmt.Sprint(i)})
	}
	found := entriesOf(t, s, store.EntryQuery{})
	require.Len(t, found, kept)
	for i, e := range found {
		require.EqualValues(t, written-kept+i+1, e.Seq)
	}

	require.Len(t, entriesOf(t, s, store.EntryQuery{OrderID: fmt.Sprint(written - 1)}), 1)
	require.Empty(t, entriesOf(t, s, store.EntryQuery{OrderID: "0"}))
	require.Len(t, entriesOf(t, s, store.EntryQuery{After: written - 3}), 3)
	require.Len(t, entriesOf(t, s, store.EntryQuery{Before: written - kept + 4}), 3)
	require.Empty(t, entriesOf(t, s, store.EntryQuery{Before: 7, NewestFirst: true}))
	require.Len(t, entriesOf(t, s, store.EntryQuery{After: 7}), kept)
}

func TestJournalIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	s := open(t, memory.Open(memory.Options{}), "test_one")
	for range 3000 {
		record(t, s, store.Entry{Request: &exchange.Message{
			Body: make([]byte, 8<<10), Headers: map[string][]string{"X-Long": {strings.Repeat("x", 8<<10)}},
		}})
	}
	kept := len(entriesOf(t, s, store.EntryQuery{}))
	require.Less(t, kept*16<<10, 17<<20)
	require.Greater(t, kept, 900)
}

func TestFailedTransactionDropsNoEntryOfAFullJournal(t *testing.T) {
	t.Parallel()
	s := open(t, memory.Open(memory.Options{}), "test_one")
	for range 10_000 {
		record(t, s, store.Entry{})
	}
	errOnPurpose := errors.New("on purpose")
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		for range 100 {
			if _, err := tx.Append(large(1 << 20)); err != nil {
				return err
			}
		}
		return errOnPurpose
	}), errOnPurpose)

	found := entriesOf(t, s, store.EntryQuery{})
	require.Len(t, found, 10_000)
	require.EqualValues(t, 1, found[0].Seq)
	record(t, s, store.Entry{})
	require.Len(t, entriesOf(t, s, store.EntryQuery{}), 10_000, "only one has made room")
}

func TestJournalsShareABudget(t *testing.T) {
	t.Parallel()
	books := memory.Open(memory.Options{JournalBytes: 1 << 20})
	key := func(i int) string { return fmt.Sprintf("test_%d", i) }
	kept := func(i int) int { return len(entriesOf(t, open(t, books, key(i)), store.EntryQuery{})) }
	const journals, bytes = 20, 8 << 10
	for i := range journals {
		for range 50 {
			record(t, open(t, books, key(i)), large(bytes))
		}
		require.Equal(t, 50, kept(i), "who writes now is not the one that gives way")
	}

	sum := 0
	for i := range journals {
		require.Positive(t, kept(i), "the newest entry stays whatever others hold")
		sum += kept(i)
	}
	require.Less(t, sum*bytes, 1<<20+journals*2*bytes)
	require.Equal(t, 1, kept(0), "the longest idle gave way first")
}

func TestWhatIsGivenBackCanBeUsed(t *testing.T) {
	t.Parallel()
	books := memory.Open(memory.Options{JournalBytes: 1 << 20})
	fill := func(key string) store.Store {
		s := open(t, books, key)
		for range 50 {
			record(t, s, large(8<<10))
		}
		return s
	}
	reset, first := fill("test_reset"), fill("test_first")
	require.NoError(t, reset.Update(t.Context(), store.Tx.Reset))
	fill("test_second")
	require.Len(t, entriesOf(t, first, store.EntryQuery{}), 50, "the reset made room")

	require.NoError(t, books.Drop(t.Context(), "test_second"))
	fill("test_third")
	require.Len(t, entriesOf(t, first, store.EntryQuery{}), 50, "the drop made room")

	// Nobody makes room now. Who has written again is not the longest idle.
	record(t, first, store.Entry{})
	fill("test_fourth")
	require.Len(t, entriesOf(t, first, store.EntryQuery{}), 51)
	require.Less(t, len(entriesOf(t, open(t, books, "test_third"), store.EntryQuery{})), 50)
}

// Whoever makes room takes the locks of others one after the other, while those make room, too.
func TestManyMerchantsMakeRoomAtTheSameTime(t *testing.T) {
	t.Parallel()
	books := memory.Open(memory.Options{JournalBytes: 64 << 10})
	var done sync.WaitGroup
	for i := range 16 {
		done.Go(func() {
			key := fmt.Sprintf("test_%d", i%8)
			for n := range 200 {
				s, err := books.Open(t.Context(), key)
				if err != nil {
					return
				}
				_ = s.Update(t.Context(), func(tx store.Tx) error {
					_, err := tx.Append(large(4 << 10))
					return err
				})
				if n%50 == 49 {
					_ = books.Drop(t.Context(), key)
				}
			}
		})
	}
	done.Wait()

	record(t, open(t, books, "test_last"), store.Entry{})
	bytes := 0
	for i := range 8 {
		for _, e := range entriesOf(t, open(t, books, fmt.Sprintf("test_%d", i)), store.EntryQuery{}) {
			bytes += e.Size()
		}
	}
	require.Less(t, bytes, 64<<10+8*8<<10)
}
