package notify_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
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

// What was held before another process reset the merchant is not sent for what has its id since.
func TestHeldDeliveryOfAnotherTimeIsNotSent(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		resets uint64 // when it was held
		want   int64
	}{
		"the same books":            {1, 2},
		"those from before a reset": {0, 0},
	} {
		for _, together := range []bool{false, true} {
			t.Run(fmt.Sprint(what, ", together: ", together), func(t *testing.T) {
				t.Parallel()
				var got atomic.Int64
				shop := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
				t.Cleanup(shop.Close)
				books, q, clock := queueTo(t)
				now := clock.Now()
				require.NoError(t, books.Update(t.Context(), func(tx store.Tx) error {
					return errors.Join(tx.PutMerchant(store.Merchant{Resets: 1}),
						tx.PutDelivery(store.Delivery{ID: "d1", URL: shop.URL, Status: store.Pending, CreatedAt: now}),
						tx.PutDelivery(store.Delivery{ID: "d2", URL: shop.URL, Status: store.Pending, CreatedAt: now}))
				}))

				require.NoError(t, q.Deliver(t.Context(), []string{"d1", "d2"}, together, test.resets))
				q.Close(context.Background())
				require.Equal(t, test.want, got.Load())
			})
		}
	}
}
