package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

var journalCases = map[string]func(*testing.T, store.Books){
	"an entry is found with all it has":     entryWhole,
	"entries are in their order and narrow": entryLists,
	"moments are numbered without gaps":     moments,
	"moments count anew after a reset":      momentsAfterReset,
	"changed waits for another version":     changed,
	"all who wait for a change are woken":   changedForAll,
	"changed ends with its context":         changedEnds,
	"a failed transaction wakes nobody":     changedNotByRollBack,
	"the version goes up with every change": versions,
}

func entriesOf(t *testing.T, s store.Store, q store.EntryQuery) []store.Entry {
	t.Helper()
	return read(t, s, func(r store.Reader) ([]store.Entry, error) { return r.Entries(q) })
}

func version(t *testing.T, s store.Store) uint64 {
	t.Helper()
	return read(t, s, func(r store.Reader) (uint64, error) { return r.Version() })
}

// record appends the entry and answers it as it was recorded.
func record(t *testing.T, s store.Store, e store.Entry) (recorded store.Entry) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		recorded, err = tx.Append(e)
		return err
	})
	return recorded
}

func moment(t *testing.T, s store.Store) (now store.Moment) {
	t.Helper()
	update(t, s, func(tx store.Tx) (err error) {
		now, err = tx.Moment()
		return err
	})
	return now
}

func entryWhole(t *testing.T, b store.Books) {
	s := one(t, b)
	whole := filled[store.Entry](t)
	recorded := record(t, s, whole)
	require.EqualValues(t, 1, recorded.Seq)

	require.Equal(t, whole.StartSeq, recorded.StartSeq)
	whole.Seq = 1
	require.Equal(t, whole, recorded)
	bare := record(t, s, store.Entry{Kind: store.EntryCreate, Time: noon})
	require.Equal(t, noon, bare.EndedAt)
	require.EqualValues(t, 1, bare.EndSeq)
	require.Equal(t, []store.Entry{recorded, bare}, entriesOf(t, s, store.EntryQuery{}))
}

func entryLists(t *testing.T, b store.Books) {
	s := one(t, b)
	before := version(t, s)
	answer := func(status int) *exchange.Message { return &exchange.Message{Status: status} }
	for _, e := range []store.Entry{
		{Kind: store.EntryCreate, CheckoutID: "c1", OrderID: "o1", Response: answer(200)},
		{Kind: store.EntryCreate, OrderID: "o2", Response: answer(400)},
		{Kind: store.EntryPayment, CheckoutID: "c1", OrderID: "o1", Status: "SUCCESS"},
		{Kind: store.EntryCallback, CheckoutID: "c1", Status: "DELIVERED", Response: answer(200)},
		{Kind: store.EntryStatus, CheckoutID: "c2", Warnings: []string{"odd"}, Response: answer(200)},
	} {
		e.Time = noon.Add(time.Duration(version(t, s)-before) * time.Second)
		record(t, s, e)
	}

	for _, c := range []struct {
		query store.EntryQuery
		want  []uint64
	}{
		{store.EntryQuery{}, []uint64{1, 2, 3, 4, 5}},
		{store.EntryQuery{NewestFirst: true}, []uint64{5, 4, 3, 2, 1}},
		{store.EntryQuery{Limit: 2}, []uint64{1, 2}},
		{store.EntryQuery{NewestFirst: true, Limit: 2}, []uint64{5, 4}},
		{store.EntryQuery{After: 3}, []uint64{4, 5}},
		{store.EntryQuery{After: 3, Limit: 1}, []uint64{4}},
		{store.EntryQuery{After: 5}, []uint64{}},
		{store.EntryQuery{After: 9}, []uint64{}},
		{store.EntryQuery{Before: 3}, []uint64{1, 2}},
		{store.EntryQuery{Before: 1}, []uint64{}},
		{store.EntryQuery{Before: 9, After: 4}, []uint64{5}},
		{store.EntryQuery{Before: 3, After: 4}, []uint64{}},
		{store.EntryQuery{Before: 4, NewestFirst: true, Limit: 2}, []uint64{3, 2}},
		{store.EntryQuery{CheckoutID: "c1"}, []uint64{1, 3, 4}},
		{store.EntryQuery{CheckoutID: "c1", NewestFirst: true, Limit: 1}, []uint64{4}},
		{store.EntryQuery{OrderID: "o1"}, []uint64{1, 3}},
		{store.EntryQuery{Kind: store.EntryCreate}, []uint64{1, 2}},
		{store.EntryQuery{Violation: true}, []uint64{2, 5}},
		{store.EntryQuery{Status: "SUCCESS"}, []uint64{3}},
		{store.EntryQuery{Status: "200"}, []uint64{1, 4, 5}},
		{store.EntryQuery{Search: "O1"}, []uint64{1, 3}},
		{store.EntryQuery{Search: "odd"}, []uint64{5}},
		{store.EntryQuery{Search: "c", NewestFirst: true, Limit: 1}, []uint64{5}},
		{store.EntryQuery{Since: noon.Add(2 * time.Second), Until: noon.Add(4 * time.Second)}, []uint64{3, 4}},
		{store.EntryQuery{Status: "200", Kind: store.EntryCreate, OrderID: "o1"}, []uint64{1}},
	} {
		got := []uint64{}
		for _, e := range entriesOf(t, s, c.query) {
			got = append(got, e.Seq)
		}
		require.Equal(t, c.want, got, "%+v", c.query)
	}
}

func moments(t *testing.T, b store.Books) {
	s := one(t, b)
	began, other := moment(t, s), moment(t, s)
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Moment()
		_, err2 := tx.Append(store.Entry{})
		return errors.Join(err, err2, errOnPurpose)
	}), errOnPurpose)

	first := record(t, s, store.Entry{StartSeq: began, Cause: other})
	second := record(t, s, store.Entry{StartSeq: other, EndSeq: moment(t, s)})
	require.Equal(t, []store.Moment{1, 3, 2}, []store.Moment{first.StartSeq, first.EndSeq, first.Cause})
	require.Equal(t, []store.Moment{2, 4}, []store.Moment{second.StartSeq, second.EndSeq})
	require.EqualValues(t, 5, moment(t, s))
}

func momentsAfterReset(t *testing.T, b store.Books) {
	s := one(t, b)
	began := moment(t, s)
	record(t, s, store.Entry{StartSeq: began})
	before := version(t, s)
	update(t, s, store.Tx.Reset)
	require.Greater(t, version(t, s), before)

	late := record(t, s, store.Entry{StartSeq: began, Cause: began})
	require.Zero(t, late.StartSeq, "it began before")
	require.Zero(t, late.Cause)
	require.EqualValues(t, 1, late.Seq)
	require.EqualValues(t, 1, late.EndSeq)
	next := record(t, s, store.Entry{StartSeq: moment(t, s)})
	require.EqualValues(t, 2, next.StartSeq)
}

// waiting waits for another version in the background.
func waiting(t *testing.T, s store.Store, version uint64) <-chan uint64 {
	answers := make(chan uint64, 1)
	go func() {
		now, err := s.Changed(t.Context(), version)
		if err == nil {
			answers <- now
		}
	}()
	return answers
}

func receive(t *testing.T, answers <-chan uint64) uint64 {
	t.Helper()
	select {
	case now := <-answers:
		return now
	case <-time.After(time.Minute):
		require.Fail(t, "nobody was woken")
		return 0
	}
}

func changed(t *testing.T, b store.Books) {
	s := one(t, b)
	require.Zero(t, version(t, s))
	first := waiting(t, s, 0)
	record(t, s, store.Entry{})
	now := receive(t, first)
	require.Equal(t, version(t, s), now)

	// Who is behind need not wait, and what is no entry is no change.
	behind, err := s.Changed(t.Context(), 0)
	require.NoError(t, err)
	require.Equal(t, now, behind)
	second := waiting(t, s, now)
	update(t, s, func(tx store.Tx) error { return tx.PutCheckout(checkout("c1", "o1")) })
	require.Empty(t, second)
	update(t, s, store.Tx.Reset)
	require.Greater(t, receive(t, second), now)
}

// changedForAll records an entry only once all readers have seen the one before, so that they mostly wait already.
func changedForAll(t *testing.T, b store.Books) {
	s := one(t, b)
	const readers, entries = 3, 40
	seen, errs := make(chan uint64, readers), make(chan error, readers)
	for range readers {
		go func() { errs <- follow(t.Context(), s, entries, seen) }()
	}

	for n := range entries {
		for range 10 {
			require.EqualValues(t, n, version(t, s)) // gives the readers time to wait
		}
		record(t, s, store.Entry{})
		for range readers {
			require.EqualValues(t, n+1, receive(t, seen))
		}
	}
	for range readers {
		require.NoError(t, <-errs)
	}
}

// follow waits for so many changes and says of each that it has seen it.
func follow(ctx context.Context, s store.Store, changes int, seen chan<- uint64) error {
	version := uint64(0)
	for range changes {
		now, err := s.Changed(ctx, version)
		if err != nil {
			return err
		}
		version = now
		seen <- now
	}
	return nil
}

func changedEnds(t *testing.T, b store.Books) {
	s := one(t, b)
	ctx, cancel := context.WithCancel(t.Context())

	ended := make(chan error, 1)
	go func() {
		_, err := s.Changed(ctx, 0)
		ended <- err
	}()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	_, err := s.Changed(ctx, 0)
	require.ErrorIs(t, err, context.Canceled)
}

func changedNotByRollBack(t *testing.T, b store.Books) {
	s := one(t, b)
	record(t, s, store.Entry{})

	now := version(t, s)
	woken := waiting(t, s, now)
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Append(store.Entry{})
		return errors.Join(err, tx.Reset(), errOnPurpose)
	}), errOnPurpose)
	require.Empty(t, woken)
	require.Equal(t, now, version(t, s))
	record(t, s, store.Entry{})
	require.Greater(t, receive(t, woken), now)
}

func versions(t *testing.T, b store.Books) {
	s := one(t, b)
	seen := version(t, s)
	for range 3 {
		record(t, s, store.Entry{})
		now := version(t, s)
		require.Greater(t, now, seen)
		update(t, s, store.Tx.Reset)
		seen = version(t, s)
		require.Greater(t, seen, now)
	}
}
