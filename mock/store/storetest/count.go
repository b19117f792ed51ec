package storetest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

var countCases = map[string]func(*testing.T, store.Books){
	"counts go up, and down to zero":       counts,
	"counts are listed by prefix":          countsByPrefix,
	"counts are forgotten by prefix":       countsForgotten,
	"what was never counted is not listed": countsOfNothing,
	"a failed transaction counts nothing":  countsRolledBack,
}

func count(t *testing.T, s store.Store, name string) uint64 {
	t.Helper()
	return read(t, s, func(r store.Reader) (uint64, error) { return r.Count(name) })
}

func countsOf(t *testing.T, s store.Store, prefix string) map[string]uint64 {
	t.Helper()
	return read(t, s, func(r store.Reader) (map[string]uint64, error) { return r.Counts(prefix) })
}

func counts(t *testing.T, b store.Books) {
	s := one(t, b)
	require.Zero(t, count(t, s, "a"))
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.Add(2, "a", "b", "a"), tx.Add(1, "b"), tx.Add(1)) })
	require.EqualValues(t, 4, count(t, s, "a"))
	require.EqualValues(t, 3, count(t, s, "b"))
	update(t, s, func(tx store.Tx) error { return tx.Add(-1, "a", "b") })
	require.Equal(t, map[string]uint64{"a": 3, "b": 2}, countsOf(t, s, ""))

	update(t, s, func(tx store.Tx) error { return errors.Join(tx.Add(-5, "a", "never"), tx.Add(2, "a")) })
	require.Equal(t, map[string]uint64{"a": 2, "b": 2}, countsOf(t, s, ""), "none falls below zero")
}

func countsByPrefix(t *testing.T, b store.Books) {
	s := one(t, b)
	update(t, s, func(tx store.Tx) error { return tx.Add(1, "limit/a", "limit/b", "limits", "coverage/%_", "é") })
	require.Equal(t, map[string]uint64{"limit/a": 1, "limit/b": 1}, countsOf(t, s, "limit/"))
	require.Equal(t, map[string]uint64{"limit/a": 1, "limit/b": 1, "limits": 1}, countsOf(t, s, "limit"))
	require.Equal(t, map[string]uint64{"coverage/%_": 1}, countsOf(t, s, "coverage/%"))
	require.Equal(t, map[string]uint64{}, countsOf(t, s, "%"))
	require.Equal(t, map[string]uint64{}, countsOf(t, s, "Limit"))
	require.Len(t, countsOf(t, s, ""), 5)
}

func countsForgotten(t *testing.T, b store.Books) {
	s := one(t, b)
	update(t, s, func(tx store.Tx) error { return tx.Add(3, "limit/a", "limit/b", "limits") })
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.DropCounts("limit/"), tx.Add(1, "limit/b")) })
	require.Equal(t, map[string]uint64{"limit/b": 1, "limits": 3}, countsOf(t, s, ""))
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.Add(1, "limits"), tx.DropCounts(""), tx.Add(7, "limits"), errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, map[string]uint64{"limit/b": 1, "limits": 3}, countsOf(t, s, ""))
	update(t, s, func(tx store.Tx) error { return tx.DropCounts("") })
	require.Empty(t, countsOf(t, s, ""))
}

func countsOfNothing(t *testing.T, b store.Books) {
	s := one(t, b)
	update(t, s, func(tx store.Tx) error { return errors.Join(tx.Add(0, "a"), tx.Add(1, "b"), tx.Add(-1, "b")) })
	require.Equal(t, map[string]uint64{}, countsOf(t, s, ""))
	require.Zero(t, count(t, s, "b"))
}

func countsRolledBack(t *testing.T, b store.Books) {
	s := one(t, b)
	update(t, s, func(tx store.Tx) error { return tx.Add(2, "a") })
	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.Add(1, "a", "new", "a"), tx.Add(-9, "a"), tx.Add(4, "new"), errOnPurpose)
	}), errOnPurpose)
	require.Equal(t, map[string]uint64{"a": 2}, countsOf(t, s, ""))
}
