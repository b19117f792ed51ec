package journal_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

// open makes a journal in empty books.
func open(t *testing.T) (*journal.Journal, store.Store) {
	t.Helper()
	books, err := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()).Open(t.Context(), "shop")
	require.NoError(t, err)
	return journal.New(books, slog.New(slog.DiscardHandler)), books
}

func reset(t *testing.T, s store.Store) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), store.Tx.Reset))
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	j, _ := open(t)
	j.Append(&store.Entry{Kind: store.EntryCreate})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found, ok, err := j.Wait(ctx, store.EntryQuery{}, 2)
	require.NoError(t, err)
	require.False(t, ok)
	require.Len(t, found, 1)
	found, ok, err = j.Wait(ctx, store.EntryQuery{}, 1)
	require.NoError(t, err)
	require.True(t, ok)
	require.Len(t, found, 1)
}

func TestChangedIsToldOfEveryChangeEvenOfAReset(t *testing.T) {
	t.Parallel()
	j, books := open(t)
	at, ok := j.Changed(ended(), 0)
	require.False(t, ok, "nothing has happened")
	require.Zero(t, at)
	j.Append(&store.Entry{Kind: store.EntryCreate})
	first, ok := j.Changed(ended(), at)
	require.True(t, ok)
	reset(t, books)
	j.Append(&store.Entry{Kind: store.EntryControl})
	second, ok := j.Changed(ended(), first)
	require.True(t, ok, "the journal is as long as before, and another one")
	_, ok = j.Changed(ended(), second)
	require.False(t, ok)

	told := make(chan bool)
	go func() {
		_, ok := j.Changed(t.Context(), second)
		told <- ok
	}()
	j.Append(&store.Entry{Kind: store.EntryControl})
	require.True(t, <-told)
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestPageGoesBackFromTheNewest(t *testing.T) {
	t.Parallel()
	j, _ := open(t)
	for i := range 5 {
		j.Append(&store.Entry{Kind: store.EntryCreate, OrderID: fmt.Sprint("o", i%2)})
	}
	numbers := func(found []store.Entry) (all []uint64) {
		for _, e := range found {
			all = append(all, e.Seq)
		}
		return all
	}
	page := func(q store.EntryQuery, before uint64, limit int) ([]store.Entry, bool) {
		found, more, err := j.Page(t.Context(), q, before, limit)
		require.NoError(t, err)
		return found, more
	}
	forgotten := func() bool {
		forgotten, err := j.Forgotten(t.Context())
		require.NoError(t, err)
		return forgotten
	}

	found, more := page(store.EntryQuery{}, 0, 2)
	require.Equal(t, []uint64{5, 4}, numbers(found))
	require.True(t, more)
	found, more = page(store.EntryQuery{}, 4, 3)
	require.Equal(t, []uint64{3, 2, 1}, numbers(found))
	require.False(t, more)
	found, _ = page(store.EntryQuery{OrderID: "o1"}, 0, 9)
	require.Equal(t, []uint64{4, 2}, numbers(found))
	require.False(t, forgotten())
	for range 10_000 {
		j.Append(&store.Entry{})
	}
	require.True(t, forgotten())
}

func TestClockThatWentBackMakesNoNegativeLatency(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	e := store.Entry{Time: noon}
	e.End(noon.Add(-time.Hour))
	require.Zero(t, e.LatencyMS)
	require.Equal(t, noon.Add(-time.Hour), e.EndedAt)
	e.End(noon.Add(1500 * time.Microsecond))
	require.InDelta(t, 1.5, e.LatencyMS, 0.0001)
}

// What began before a reset has no place in what is counted since, whenever it is recorded.
func TestMomentsBeginAnewWithAReset(t *testing.T) {
	t.Parallel()
	j, books := open(t)
	before := j.Moment()
	reset(t, books)
	first := j.Recorded(store.Entry{StartSeq: j.Moment(), Cause: before})
	late := j.Recorded(store.Entry{StartSeq: before})
	require.Equal(t, [3]store.Moment{1, 2, 0}, [3]store.Moment{first.StartSeq, first.EndSeq, first.Cause})
	require.Equal(t, [2]store.Moment{0, 3}, [2]store.Moment{late.StartSeq, late.EndSeq})
}
