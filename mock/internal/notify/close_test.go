package notify_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
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

// What a sandbox could not deliver before its end comes as it was planned: those of a group in their turn.
func TestDeliveriesThatCloseBreaksOffKeepTheirGroup(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 2)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(shop.Close)
	books, q, now := queueTo(t)
	due := now.Now()
	ids := []string{"d1", "d2"}
	require.NoError(t, books.Update(t.Context(), func(tx store.Tx) error {
		faults := []error{tx.PutMerchant(store.Merchant{})}
		for _, id := range ids {
			faults = append(faults,
				tx.PutDelivery(store.Delivery{ID: id, URL: shop.URL, Status: store.Pending, CreatedAt: due, NextAttemptAt: &due}),
				tx.Schedule(store.Task{Kind: store.Deliver, Subject: id, Due: due, Group: "turn"}))
		}
		return errors.Join(faults...)
	}))

	q.Notify(due)
	<-arrived
	ended, end := context.WithCancel(t.Context())
	end()
	q.Close(ended)

	for _, id := range ids {
		var tasks []store.Task
		require.NoError(t, books.View(t.Context(), func(r store.Reader) (err error) {
			tasks, err = r.Scheduled(id)
			return err
		}))
		require.Equal(t, []store.Task{{Kind: store.Deliver, Subject: id, Due: due, Group: "turn"}}, tasks)
	}
}

// queueTo makes a queue that sends to shops on this machine, its books, and its clock.
func queueTo(t *testing.T) (store.Store, *notify.Queue, *clock.Clock) {
	t.Helper()
	guard, err := notify.NewGuard(nil, true)
	require.NoError(t, err)
	sender := notify.NewSender(notify.SenderConfig{Guard: guard, Version: "test", CallbackTimeout: time.Minute})
	t.Cleanup(sender.Close)
	books, err := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()).Open(t.Context(), "key")
	require.NoError(t, err)
	log, now := slog.New(slog.DiscardHandler), clock.New()
	q := notify.NewQueue(notify.Config{
		Store: books, Clock: now, Journal: journal.New(books, log), Sender: sender, Plan: notify.Documented(), Log: log,
	})
	return books, q, now
}
