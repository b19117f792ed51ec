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

// A running clock that is moved runs on from what the books say, although the movement was broken off on its way.
func TestClockIsThatOfTheBooksAfterAMovementThatFailed(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	books, err := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()).Open(ctx, "key")
	require.NoError(t, err)
	log, now := slog.New(slog.DiscardHandler), clock.New()
	record := journal.New(books, log)
	q := notify.NewQueue(notify.Config{
		Store: books, Clock: now, Journal: record, Log: log,
		Perform: func(_ context.Context, task store.Task) error {
			for range 1000 { // takes a while
				record.Moment()
			}
			leave()
			return books.Update(t.Context(), func(tx store.Tx) error { return tx.Finish(task.Kind, task.Subject) })
		},
	})
	require.NoError(t, books.Update(ctx, func(tx store.Tx) error {
		return errors.Join(tx.PutMerchant(store.Merchant{}),
			tx.Schedule(store.Task{Kind: store.Settle, Subject: "c1", Due: now.Now().Add(time.Hour)}))
	}))

	_, err = q.Advance(ctx, 2*time.Hour)

	require.ErrorIs(t, err, context.Canceled)
	var kept store.Merchant
	require.NoError(t, books.View(t.Context(), func(r store.Reader) (err error) {
		kept, err = r.Merchant()
		return err
	}))
	reopened := clock.New()
	reopened.Load(kept.Clock)
	before, got, after := now.Now(), reopened.Now(), now.Now()
	require.False(t, got.Before(before) || got.After(after), "%s is not between %s and %s", got, before, after)
}
