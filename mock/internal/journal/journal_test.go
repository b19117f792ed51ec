package journal_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
)

func TestJournalForgetsTheOldestFirst(t *testing.T) {
	t.Parallel()
	j := journal.New()
	const written = 25_000
	for i := range written {
		require.Equal(t, uint64(i+1), j.Append(journal.Entry{Kind: journal.Create, OrderID: fmt.Sprint(i)}).Seq)
	}
	kept := j.Newest(journal.Filter{}, 0)
	require.Len(t, kept, 10_000)
	for i, e := range kept {
		require.Equal(t, uint64(written-10_000+i+1), e.Seq)
	}
	require.Len(t, j.Newest(journal.Filter{OrderID: fmt.Sprint(written - 1)}, 0), 1)
	require.Empty(t, j.Newest(journal.Filter{OrderID: "0"}, 0))
}

func TestJournalIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	j := journal.New()
	for range 3000 {
		j.Append(journal.Entry{Request: &exchange.Message{
			Body: make([]byte, 8<<10), Headers: map[string][]string{"X-Long": {strings.Repeat("x", 8<<10)}},
		}})
	}
	kept := len(j.Newest(journal.Filter{}, 0))
	require.Less(t, kept*16<<10, 17<<20)
	require.Greater(t, kept, 900)
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	j := journal.New()
	j.Append(journal.Entry{Kind: journal.Create})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found, ok := j.Wait(ctx, journal.Filter{}, 2)
	require.False(t, ok)
	require.Len(t, found, 1)
	found, ok = j.Wait(ctx, journal.Filter{}, 1)
	require.True(t, ok)
	require.Len(t, found, 1)
}

func TestChangedIsToldOfEveryChangeEvenOfAReset(t *testing.T) {
	t.Parallel()
	j := journal.New()
	at, ok := j.Changed(ended(), 0)
	require.False(t, ok, "nothing has happened")
	require.Zero(t, at)
	j.Append(journal.Entry{Kind: journal.Create})
	first, ok := j.Changed(ended(), at)
	require.True(t, ok)
	j.Reset()
	j.Append(journal.Entry{Kind: journal.Control})
	second, ok := j.Changed(ended(), first)
	require.True(t, ok, "the journal is as long as before, and another one")
	_, ok = j.Changed(ended(), second)
	require.False(t, ok)

	told := make(chan bool)
	go func() {
		_, ok := j.Changed(t.Context(), second)
		told <- ok
	}()
	j.Append(journal.Entry{Kind: journal.Control})
	require.True(t, <-told)
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestPageGoesBackFromTheNewest(t *testing.T) {
	t.Parallel()
	j := journal.New()
	for i := range 5 {
		j.Append(journal.Entry{Kind: journal.Create, OrderID: fmt.Sprint("o", i%2)})
	}
	numbers := func(found []journal.Entry) (all []uint64) {
		for _, e := range found {
			all = append(all, e.Seq)
		}
		return all
	}
	found, more := j.Page(journal.Filter{}, 0, 2)
	require.Equal(t, []uint64{5, 4}, numbers(found))
	require.True(t, more)
	found, more = j.Page(journal.Filter{}, 4, 3)
	require.Equal(t, []uint64{3, 2, 1}, numbers(found))
	require.False(t, more)
	found, _ = j.Page(journal.Filter{OrderID: "o1"}, 0, 9)
	require.Equal(t, []uint64{4, 2}, numbers(found))
	require.False(t, j.Forgotten())
	for range 10_000 {
		j.Append(journal.Entry{})
	}
	require.True(t, j.Forgotten())
}

func TestJournalsShareABudget(t *testing.T) {
	t.Parallel()
	budget := journal.NewBudget(1 << 20)
	entry := journal.Entry{Request: &exchange.Message{Body: make([]byte, 8<<10)}}
	journals := make([]*journal.Journal, 20)
	for i := range journals {
		journals[i] = journal.Within(budget)
		for range 50 {
			journals[i].Append(entry)
		}
	}
	kept := func(j *journal.Journal) int { return len(j.Newest(journal.Filter{}, 0)) }
	sum := 0
	for _, j := range journals {
		require.Positive(t, kept(j), "the newest entry stays whatever others hold")
		sum += kept(j)
	}
	require.Less(t, sum*8<<10, 1<<20+20*16<<10)
	for _, j := range journals[:5] {
		j.Reset()
	}
	for _, j := range journals[5:10] {
		j.Leave()
	}
	last := journals[19]
	for range 50 {
		last.Append(entry)
	}
	require.Equal(t, 50, min(50, kept(last)), "what others gave back can be used")
}

func TestClockThatWentBackMakesNoNegativeLatency(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	e := journal.Entry{Time: noon}
	e.End(noon.Add(-time.Hour))
	require.Zero(t, e.LatencyMS)
	require.Equal(t, noon.Add(-time.Hour), e.EndedAt)
	e.End(noon.Add(1500 * time.Microsecond))
	require.InDelta(t, 1.5, e.LatencyMS, 0.0001)
}

// What began before a reset has no place in what is counted since, whenever it is recorded.
func TestMomentsBeginAnewWithAReset(t *testing.T) {
	t.Parallel()
	j := journal.New()
	before := j.Moment()
	j.Reset()
	first := j.Append(journal.Entry{StartSeq: j.Moment(), Cause: before})
	late := j.Append(journal.Entry{StartSeq: before})
	require.Equal(t, [3]journal.Moment{1, 2, 0}, [3]journal.Moment{first.StartSeq, first.EndSeq, first.Cause})
	require.Equal(t, [2]journal.Moment{0, 3}, [2]journal.Moment{late.StartSeq, late.EndSeq})
}
