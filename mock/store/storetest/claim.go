package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

var claimCases = map[string]func(*testing.T, store.Books){
	"a claimed task comes again when the key is opened":   claimedComesAgain,
	"a claimed task that is done does not come again":     claimedIsDone,
	"a task that is held comes when the key is opened":    heldTask,
	"finish leaves a task that waits alone":               finishLeavesWaiting,
	"a failed transaction leaves claimed tasks as before": claimedRolledBack,
}

func claimedComesAgain(t *testing.T, b store.Books) {
	s := one(t, b)
	schedule(t, s, deliver("d1", noon), deliver("d2", noon), deliver("d3", noon), deliver("d4", noon.Add(-time.Hour)))
	for range 3 {
		_, ok, err := s.Claim(t.Context(), noon)
		require.NoError(t, err)
		require.True(t, ok)
	}
	require.Equal(t, []string{"d3"}, subjects(claimAll(t, s)))
	require.Empty(t, claimAll(t, s))

	require.Equal(t, []string{"d4", "d1", "d2", "d3"}, subjects(claimAll(t, one(t, b))), "each in its old place")
	require.Empty(t, claimAll(t, s))
}

func claimedIsDone(t *testing.T, b store.Books) {
	s := one(t, b)
	for _, id := range []string{"scheduled", "unscheduled", "finished", "left"} {
		schedule(t, s, deliver(id, noon))
	}

	require.Len(t, claimAll(t, s), 4)
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.Schedule(deliver("scheduled", noon)), tx.Unschedule(store.Deliver, "unscheduled"),
			tx.Finish(store.Deliver, "finished"), tx.Finish(store.Expire, "left"),
		)
	})
	require.Equal(t, []string{"scheduled"}, subjects(claimAll(t, s)))
	require.Equal(t, []string{"left", "scheduled"}, subjects(claimAll(t, one(t, b))))
}

func heldTask(t *testing.T, b store.Books) {
	s := one(t, b)
	schedule(t, s, deliver("d1", noon))
	update(t, s, func(tx store.Tx) error {
		return errors.Join(
			tx.Hold(deliver("d1", noon.Add(-time.Hour))), tx.Hold(deliver("d2", noon)), tx.Hold(deliver("d3", noon)),
		)
	})
	require.Nil(t, nextDue(t, s))
	require.Empty(t, claimAll(t, s), "it has replaced the one that waited")
	update(t, s, func(tx store.Tx) error { return tx.Finish(store.Deliver, "d3") })

	again := one(t, b)
	require.Equal(t, noon.Add(-time.Hour), *nextDue(t, again))
	require.Equal(t, []string{"d1", "d2"}, subjects(claimAll(t, again)))
}

func finishLeavesWaiting(t *testing.T, b store.Books) {
	s := one(t, b)
	schedule(t, s, deliver("d1", noon))
	update(t, s, func(tx store.Tx) error {
		return errors.Join(tx.Finish(store.Deliver, "d1"), tx.Finish(store.Deliver, "unknown"))
	})
	require.Equal(t, []string{"d1"}, subjects(claimAll(t, s)))
}

func claimedRolledBack(t *testing.T, b store.Books) {
	s := one(t, b)
	for _, id := range []string{"d1", "d2", "d3", "d4", "waits"} {
		schedule(t, s, deliver(id, noon))
	}

	for range 4 {
		_, _, err := s.Claim(t.Context(), noon)
		require.NoError(t, err)
	}

	require.ErrorIs(t, s.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(
			tx.Schedule(deliver("d1", noon)), tx.Unschedule(store.Deliver, "d2"), tx.Finish(store.Deliver, "d3"),
			tx.Hold(deliver("d4", noon.Add(time.Hour))), tx.Hold(deliver("waits", noon)), tx.Hold(deliver("new", noon)),
			errOnPurpose,
		)
	}), errOnPurpose)
	require.Equal(t, []string{"waits"}, subjects(claimAll(t, s)))
	require.Equal(t, []string{"d1", "d2", "d3", "d4", "waits"}, subjects(claimAll(t, one(t, b))))
}
