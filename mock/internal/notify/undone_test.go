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
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
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
			books, err := memory.Open(memory.Options{}).Open(t.Context(), "key")
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
