package mock_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
)

// lateBooks are books in which something happens between the look at what is due and the claim of it.
type lateBooks struct {
	store.Books
	between func(ctx context.Context, s store.Store) error
}

func (b lateBooks) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.Books.Open(ctx, key)
	return lateStore{s, b.between}, err
}

type lateStore struct {
	store.Store
	between func(ctx context.Context, s store.Store) error
}

func (s lateStore) Claim(ctx context.Context, now time.Time) (store.Task, bool, error) {
	if err := s.between(ctx, s.Store); err != nil {
		return store.Task{}, false, err
	}
	return s.Store.Claim(ctx, now)
}

// A request may take back, or put off, what a movement of the clock has just found to be next: it goes on with what is
// next then.
func TestAdvanceGoesOnWhenItsNextTaskIsTakenBackOrPutOff(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(tx store.Tx, id string) error{
		"taken back": func(tx store.Tx, id string) error { return tx.Unschedule(store.Expire, id) },
		"put off": func(tx store.Tx, id string) error {
			c, err := tx.Checkout(id)
			return errors.Join(err, tx.Unschedule(store.Expire, id),
				tx.Schedule(store.Task{Kind: store.Expire, Subject: id, Due: c.CreatedAt.Add(100 * time.Hour)}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var first string
			done := false
			books := lateBooks{memory.Open(memory.Options{}), func(ctx context.Context, s store.Store) error {
				if first == "" || done {
					return nil
				}
				done = true
				return s.Update(ctx, func(tx store.Tx) error { return change(tx, first) })
			}}
			c := clientOf(t, mock.Start(t, mock.Config{Store: books}))
			c.post("/_mock/clock", `{"freeze":true}`)
			id := c.create("ORD-1", "http://127.0.0.1:1/callback")
			c.post("/_mock/clock", `{"advance":"1h"}`)
			other := c.create("ORD-2", "http://127.0.0.1:1/callback")
			first = id

			moved := c.post("/_mock/clock", `{"advance":"25h"}`)

			require.Equal(t, http.StatusOK, moved.status, "%v", moved.body)
			require.True(t, done)
			require.Equal(t, "ENROLLED", c.get("/api/checkout/"+id).text("status"))
			require.Equal(t, "EXPIRED", c.get("/api/checkout/"+other).text("resultCode"))
		})
	}
}
