package mock_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// A merchant that one process forgets to make room is forgotten by all, and its secret by none.
func TestMerchantIsForgottenByAllProcesses(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	var passed atomic.Int64
	var all [2]*client
	for i := range all {
		all[i] = clientOf(t, mock.Start(t, mock.WithWall(
			mock.Config{KeepMerchants: 1, Store: postgres.Open(address)},
			func() time.Time { return time.Unix(passed.Load(), 0) },
		)))
	}
	first, other := all[0].as("test_first"), all[1].as("test_first")
	first.create("ORD-1", "http://127.0.0.1:1/callback")
	require.Len(t, other.orders(), 1)

	passed.Add(int64(time.Hour / time.Second))
	all[0].as("test_second").create("ORD-2", "http://127.0.0.1:1/callback")
	require.Empty(t, other.orders())
	require.Len(t, all[1].as("test_second").orders(), 1, "the other process knows it from here on")
	require.Equal(t, http.StatusTooManyRequests, other.post("/api/checkout", `{}`).status, "there is room for one")
	other.secret = "wrong"
	require.Equal(t, http.StatusUnauthorized, other.post("/api/checkout", `{}`).status)
}

// sharing starts two sandboxes that keep so many merchants, the second one on what wrap makes of its books, and
// answers what lets an hour pass, by which merchants are idle.
func sharing(t *testing.T, keep int, wrap func(store.Shared) store.Books) (one, other *client, hour func()) {
	t.Helper()
	address := postgrestest.Address(t)
	var passed atomic.Int64
	start := func(books store.Books) *client {
		return clientOf(t, mock.Start(t, mock.WithWall(
			mock.Config{KeepMerchants: keep, Store: books},
			func() time.Time { return time.Unix(passed.Load(), 0) },
		)))
	}
	one = start(postgres.Open(address))
	other = start(wrap(postgres.Open(address).(store.Shared)))
	return one, other, func() { passed.Add(int64(time.Hour / time.Second)) }
}

// A process hears of what the others forget as it hears of what they make: it keeps no more merchants than they do.
func TestProcessKeepsNoMerchantThatAnotherHasForgotten(t *testing.T) {
	t.Parallel()
	one, other, hour := sharing(t, 2, func(books store.Shared) store.Books { return books })
	for i := range 6 {
		hour()
		one.as(fmt.Sprintf("test_%d", i)).create("ORD-1", "http://127.0.0.1:1/callback")
	}
	kept := one.keys()
	require.Len(t, kept, 3, "the configured one and two more")
	require.EventuallyWithT(t, func(c *assert.CollectT) { require.Equal(c, kept, other.keys()) },
		20*time.Second, 10*time.Millisecond)
}

// deaf are books that are not told what other processes change.
type deaf struct{ store.Shared }

func (deaf) Watch(func(store.Change)) {}

// A process that is told of a forgetting looks at that merchant, and parts from it: nobody has to ask for its key.
func TestProcessPartsFromAMerchantWhenItIsToldThatItIsForgotten(t *testing.T) {
	t.Parallel()
	news := make(chan func(store.Change), 1)
	one, other, hour := sharing(t, 1, func(books store.Shared) store.Books { return toldByTest{books, news} })
	told := <-news
	one.as("test_a").create("ORD-1", "http://127.0.0.1:1/callback")
	require.Len(t, other.as("test_a").orders(), 1)
	hour()
	one.as("test_b").create("ORD-1", "http://127.0.0.1:1/callback")
	require.Equal(t, []any{"test_key", "test_a"}, other.keys())

	told(store.Change{Key: "test_a", Finished: true, Forgotten: true})

	require.Eventually(t, func() bool { return len(other.keys()) == 1 }, 20*time.Second, 10*time.Millisecond)
}

// toldByTest are books of which the test says what other processes change.
type toldByTest struct {
	store.Shared
	news chan<- func(store.Change)
}

func (b toldByTest) Watch(told func(store.Change)) { b.news <- told }

// A merchant that another process has forgotten already makes no room: who needs some forgets one that is there.
func TestMerchantThatAnotherProcessHasForgottenMakesNoRoom(t *testing.T) {
	t.Parallel()
	one, other, hour := sharing(t, 1, func(books store.Shared) store.Books { return deaf{books} })
	one.as("test_a").create("ORD-1", "http://127.0.0.1:1/callback")
	require.Len(t, other.as("test_a").orders(), 1)
	hour()
	one.as("test_b").create("ORD-1", "http://127.0.0.1:1/callback")
	require.Len(t, other.as("test_b").orders(), 1)
	hour()

	other.as("test_c").create("ORD-1", "http://127.0.0.1:1/callback")

	require.Equal(t, []any{"test_key", "test_c"}, other.keys())
	require.Equal(t, "1", fmt.Sprint(other.get("/_mock/merchants").body["forgotten"]))
	require.Empty(t, one.as("test_b").orders(), "it is forgotten by all")
}

// What could not be read when it was told of is read with the next news, whatever they are about.
func TestProcessLooksAgainForWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	news, asked := make(chan func(store.Change), 1), make(chan bool, 16)
	var fails atomic.Bool
	one, other, _ := sharing(t, 100, func(books store.Shared) store.Books {
		return unreadable{toldByTest{books, news}, &fails, asked}
	})
	told := <-news
	fails.Store(true)
	told(store.Change{Finished: true})
	for !<-asked { // it has asked at its start, too
	}
	one.as("test_a").create("ORD-1", "http://127.0.0.1:1/callback")
	one.as("test_b").create("ORD-1", "http://127.0.0.1:1/callback")
	fails.Store(false)

	told(store.Change{Key: "test_b", Finished: true})

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.ElementsMatch(c, []any{"test_key", "test_a", "test_b"}, other.keys())
	}, 20*time.Second, 10*time.Millisecond)
}

// unreadable are books whose keys cannot be read at times, and that tell when somebody has asked for them.
type unreadable struct {
	toldByTest
	fails *atomic.Bool
	asked chan<- bool // whether it failed
}

// Keys implements store.Books.
func (b unreadable) Keys(ctx context.Context) ([]string, error) {
	fails := b.fails.Load()
	defer func() { b.asked <- fails }()
	if fails {
		return nil, errors.New("not now")
	}
	return b.toldByTest.Keys(ctx)
}
