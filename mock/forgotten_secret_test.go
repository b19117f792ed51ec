package mock_test

import (
	"context"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
	"github.com/payporter-mock/payporter-mock/payment"
)

// earlier are books in which something happens before the next transaction of a merchant that changes something. They
// are not told of it.
type earlier struct {
	deaf
	what atomic.Pointer[func()] // nil: nothing
}

func (b *earlier) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.deaf.Open(ctx, key)
	if err != nil || key != "test_a" {
		return s, err
	}
	return earlierStore{s.(store.SharedStore), b}, nil
}

type earlierStore struct {
	store.SharedStore
	books *earlier
}

func (s earlierStore) Update(ctx context.Context, do func(store.Tx) error) error {
	if what := s.books.what.Swap(nil); what != nil {
		(*what)()
	}
	return s.SharedStore.Update(ctx, do)
}

// A request whose merchant another process forgets meanwhile is refused, and its secret is not the key's.
func TestSecretOfARequestThatIsRefusedIsNotKept(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	books := &earlier{}
	one, other, hour := sharing(t, 1, func(shared store.Shared) store.Books {
		books.deaf = deaf{shared}
		return books
	})
	require.Equal(t, http.StatusOK, one.as("test_a").post("/_mock/clock", `{"freeze": true}`).status, "no secret yet")
	a := other.as("test_a")
	require.Empty(t, a.orders())
	hour()

	forget := func() { one.as("test_b").create("ORD-1", nowhere) }
	books.what.Store(&forget)
	a.secret = "of the request that is refused"
	refused := a.post("/api/checkout", order("ORD-1", nowhere))
	require.Nil(t, books.what.Load())
	require.Equal(t, http.StatusTooManyRequests, refused.status, refused.raw)
	require.Contains(t, refused.raw, "this key's merchant was forgotten meanwhile")

	hour()
	a.secret = "of the first one that is answered"
	a.create("ORD-1", nowhere)
	require.Equal(t, []string{"ORD-1"}, a.orders())
}

// A key that was forgotten and then configured has a merchant again: another sandbox on the same books, for which it is
// a key like any other, goes on with what it has.
func TestForgottenKeyThatIsConfiguredComesBack(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	file := filepath.Join(t.TempDir(), "books.db")
	var passed atomic.Int64
	sandbox := func(c mock.Config) (*mock.Test, *client) {
		c.KeepMerchants, c.Store = 1, sqlite.Open(file)
		s := mock.Start(t, mock.WithWall(c, func() time.Time { return time.Unix(passed.Load(), 0) }))
		return s, clientOf(t, s)
	}
	first, own := sandbox(mock.Config{})
	own.as("test_a").create("ORD-1", nowhere)
	passed.Add(int64(time.Hour / time.Second))
	own.as("test_b").create("ORD-1", nowhere)
	require.Equal(t, []any{"test_key", "test_b"}, own.keys())
	first.Close()

	second, configured := sandbox(mock.Config{APIKey: "test_a", APISecret: payment.Secret(own.as("test_a").secret)})
	configured.create("ORD-2", nowhere)
	second.Close()

	_, own = sandbox(mock.Config{})
	require.Equal(t, []string{"ORD-2"}, own.as("test_a").orders())
}
