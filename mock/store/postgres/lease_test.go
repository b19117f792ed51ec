package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/payment"
)

// sharedStore are the books of a merchant, as one more process sees them.
func sharedStore(t *testing.T, address string) store.SharedStore {
	t.Helper()
	s, err := open(t, address).Open(t.Context(), "test_one")
	require.NoError(t, err)
	return s.(store.SharedStore)
}

var due = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func show(store.Clock) time.Time { return due }

// put makes the merchant, with tasks that are due.
func put(t *testing.T, s store.Store, clock store.Clock, tasks ...string) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		faults := []error{tx.PutMerchant(store.Merchant{Clock: clock})}
		for _, id := range tasks {
			faults = append(faults, tx.Schedule(store.Task{Kind: store.Deliver, Subject: id, Due: due}))
		}
		return errors.Join(faults...)
	}))
}

func claim(t *testing.T, ctx context.Context, s store.SharedStore) store.Claim {
	t.Helper()
	c, err := s.ClaimBy(ctx, show, nil)
	require.NoError(t, err)
	return c
}

// Whoever was taken for dead changes nothing under the lease that it had, and claims anew under the next.
func TestLeaseThatIsLostChangesNothing(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	s := sharedStore(t, address)
	put(t, s, store.Clock{}, "d1", "d2")
	leased := s.Lease(t.Context())
	require.Equal(t, "d1", claim(t, leased, s).Task.Subject)

	postgrestest.Execute(t, address, "DELETE FROM process")
	err := s.Update(leased, func(tx store.Tx) error { return tx.Unschedule(store.Deliver, "d1") })
	require.ErrorIs(t, err, store.ErrLost)
	require.ErrorIs(t, err, &payment.Error{Code: payment.Unavailable})
	_, err = s.ClaimBy(leased, show, nil)
	require.ErrorIs(t, err, store.ErrLost)
	_, err = s.Lead(leased)
	require.ErrorIs(t, err, store.ErrLost)

	var got []string
	require.Eventually(t, func() bool {
		c, err := s.ClaimBy(s.Lease(t.Context()), show, nil)
		if err == nil && c.OK {
			got = append(got, c.Task.Subject)
		}
		return len(got) == 2
	}, 20*time.Second, 10*time.Millisecond, "it has a lease again, and its claim was given back")
	require.ElementsMatch(t, []string{"d1", "d2"}, got)
}

func TestFrozenClockLetsOneProcessRunTasksAtATime(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	one, other := sharedStore(t, address), sharedStore(t, address)
	put(t, one, store.Clock{Frozen: true, At: due}, "d1", "d2", "d3")
	require.True(t, claim(t, t.Context(), one).OK)
	c := claim(t, t.Context(), other)
	require.True(t, c.Blocked)
	require.Equal(t, store.Clock{Frozen: true, At: due}, c.Clock)

	require.NoError(t, one.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.Finish(store.Deliver, "d1"), tx.PutMerchant(store.Merchant{}))
	}))
	require.Equal(t, "d2", claim(t, t.Context(), other).Task.Subject)
	require.Equal(t, "d3", claim(t, t.Context(), one).Task.Subject, "a running clock lets all run")
}

func TestWhoeverLeadsClaimsAloneAndWaitsForTheOthers(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	one, other := sharedStore(t, address), sharedStore(t, address)
	put(t, one, store.Clock{}, "d1", "d2")
	require.Equal(t, "d1", claim(t, t.Context(), other).Task.Subject)
	release, err := one.Lead(one.Lease(t.Context()))
	require.NoError(t, err)
	require.True(t, claim(t, t.Context(), other).Blocked)
	require.Equal(t, "d2", claim(t, t.Context(), one).Task.Subject)

	// Neither can be had as long as the other process has its claim, and this one leads.
	require.NoError(t, other.Update(t.Context(), func(tx store.Tx) error {
		return tx.Hold(store.Task{Kind: store.Deliver, Subject: "d1", Due: due})
	}))
	soon, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	require.ErrorIs(t, one.Settled(soon), context.DeadlineExceeded, "what is held is not settled")
	_, err = other.Lead(soon)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	require.NoError(t, other.Update(t.Context(), func(tx store.Tx) error { return tx.Finish(store.Deliver, "d1") }))
	require.NoError(t, one.Settled(t.Context()))
	release()
	release, err = other.Lead(other.Lease(t.Context()))
	require.NoError(t, err)
	release()
}
