package notify_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

// groupless is books that cannot be asked for the rest of a group.
type groupless struct{ store.Store }

func (groupless) ClaimGroup(context.Context, time.Time, string) (store.Task, bool, error) {
	return store.Task{}, false, errors.New("connection lost")
}

func TestTaskIsDoneWhenTheRestOfItsGroupCannotBeClaimed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	books, err := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()).Open(ctx, "key")
	require.NoError(t, err)
	var done []string
	log, now := slog.New(slog.DiscardHandler), clock.New()
	q := notify.NewQueue(notify.Config{
		Store: groupless{books}, Clock: now, Journal: journal.New(books, log), Log: log,
		Perform: func(_ context.Context, task store.Task) error {
			done = append(done, task.Subject)
			return nil
		},
	})
	require.NoError(t, books.Update(ctx, func(tx store.Tx) error {
		due := now.Now().Add(time.Minute)
		return errors.Join(tx.PutMerchant(store.Merchant{}),
			tx.Schedule(store.Task{Kind: store.Settle, Subject: "first", Due: due, Group: "turn"}))
	}))

	_, err = q.Advance(ctx, time.Hour)

	require.NoError(t, err)
	require.Equal(t, []string{"first"}, done)
}

// unclaimable is books that say what is due, and never give it.
type unclaimable struct{ store.Store }

func (unclaimable) Claim(context.Context, time.Time) (store.Task, bool, error) {
	return store.Task{}, false, nil
}

func TestMovementEndsAtATaskThatCannotBeHad(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	books, err := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()).Open(ctx, "key")
	require.NoError(t, err)
	log, now := slog.New(slog.DiscardHandler), clock.New()
	q := notify.NewQueue(notify.Config{Store: unclaimable{books}, Clock: now, Journal: journal.New(books, log), Log: log})
	due := now.Now().Add(time.Minute)
	require.NoError(t, books.Update(ctx, func(tx store.Tx) error {
		return errors.Join(tx.PutMerchant(store.Merchant{}),
			tx.Schedule(store.Task{Kind: store.Settle, Subject: "first", Due: due}))
	}))

	_, err = q.Advance(ctx, time.Hour)

	require.ErrorContains(t, err, "cannot be had")
	require.True(t, now.Now().Before(due.Add(time.Minute)), "the clock goes no further")
}
