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
	"github.com/payporter-mock/payporter-mock/payment"
)

// A task that came to nothing comes again, but not for what has its subject's id after a reset.
func TestTaskIsPutBackOnlyWhereItWasClaimed(t *testing.T) {
	t.Parallel()
	later := time.Now().Add(time.Hour).UTC()
	for what, test := range map[string]struct {
		resets uint64 // when the task was claimed
		want   time.Time
	}{
		"the same books":            {1, later.Add(time.Hour)},
		"those from before a reset": {0, later},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			books, err := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()).Open(t.Context(), "key")
			require.NoError(t, err)
			task := store.Task{Kind: store.Expire, Subject: "c1", Due: later}
			require.NoError(t, books.Update(t.Context(), func(tx store.Tx) error {
				return errors.Join(tx.PutMerchant(store.Merchant{Resets: 1}),
					tx.PutCheckout(payment.Checkout{ID: "c1", State: payment.Open}), tx.Schedule(task))
			}))
			log := slog.New(slog.DiscardHandler)
			q := notify.NewQueue(notify.Config{Store: books, Clock: clock.New(), Journal: journal.New(books, log), Log: log})

			claimed := task
			claimed.Due = later.Add(time.Hour)
			q.PutBack(t.Context(), claimed, test.resets, errors.New("on purpose"))
			q.Close(context.Background())

			var tasks []store.Task
			require.NoError(t, books.View(t.Context(), func(r store.Reader) (err error) {
				tasks, err = r.Scheduled("c1")
				return err
			}))
			require.Len(t, tasks, 1)
			require.Equal(t, test.want, tasks[0].Due)
		})
	}
}

// resetBefore is books that another process resets between the last look at them and the next claim.
type resetBefore struct{ store.Store }

func (resetBefore) Lease(ctx context.Context) context.Context { return ctx }

func (resetBefore) Record(context.Context) (store.Merchant, error) { return store.Merchant{}, nil }

func (b resetBefore) ClaimBy(
	ctx context.Context, show func(store.Clock) time.Time, _ *string,
) (c store.Claim, err error) {
	c.Resets = 1
	c.Task, c.OK, err = b.Claim(ctx, show(store.Clock{}))
	return c, err
}

func (resetBefore) Lead(context.Context) (release func(), err error) { return func() {}, nil }

func (resetBefore) Settled(context.Context) error { return nil }

// What is claimed after another process has reset the merchant belongs to the new books, and comes again there.
func TestTaskIsPutBackIntoTheBooksItWasClaimedFrom(t *testing.T) {
	t.Parallel()
	books, err := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind()).Open(t.Context(), "key")
	require.NoError(t, err)
	log, now := slog.New(slog.DiscardHandler), clock.New()
	due := now.Now().Add(-time.Minute)
	require.NoError(t, books.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(tx.PutMerchant(store.Merchant{Resets: 1}),
			tx.PutCheckout(payment.Checkout{ID: "c1", State: payment.Open}),
			tx.Schedule(store.Task{Kind: store.Expire, Subject: "c1", Due: due}))
	}))
	done := make(chan string, 100)
	q := notify.NewQueue(notify.Config{
		Store: books, Shared: resetBefore{books}, Clock: now, Journal: journal.New(books, log), Log: log,
		Perform: func(_ context.Context, task store.Task) error {
			done <- task.Subject
			return errors.New("on purpose")
		},
	})
	t.Cleanup(func() { q.Close(context.Background()) })

	q.Notify(due)
	for range 2 {
		select {
		case task := <-done:
			require.Equal(t, "c1", task)
		case <-time.After(20 * time.Second):
			require.FailNow(t, "the task did not come again")
		}
	}
}
