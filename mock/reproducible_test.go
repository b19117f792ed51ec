package mock_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// What a sandbox does follows from its seed and its calls, whatever the books are like: plain ones, some that repeat
// every transaction, some that are closed and opened between any two calls.
func TestEveryScenarioIsTheSameOnAllBooks(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	inEveryLife(t, func(t *testing.T, alive func(store.Books) *world, life life, _ int) {
		record := func(books store.Books) string {
			w := alive(books)
			life.live(w)
			defer w.srv.CloseNow()
			return w.record()
		}
		plain := record(memory.Open(memory.Options{}))
		require.Contains(t, plain, life.made)
		require.Equal(t, plain, record(storetest.Replaying(memory.Open(memory.Options{}))), "replaying")
		image := new(memory.Image)
		reopened := storetest.Reopened(func() store.Books { return memory.OpenImage(image) })
		require.Equal(t, plain, record(reopened), "reopened")
	})
}

// A sandbox may end after any transaction. Another one on the same books goes on, and in the end nothing is missing.
func TestNothingIsLostWhenASandboxEndsAfterAnyTransaction(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	some := extent.Of[int64](1, 7, 21) // with -short not each transaction, and other ones in each scenario
	inEveryLife(t, func(t *testing.T, alive func(store.Books) *world, life life, number int) {
		whole := alive(memory.Open(memory.Options{}))
		life.live(whole)
		transactions := whole.books.done.Load()
		want := whole.outcome()
		whole.srv.CloseNow()

		for last := int64(number) % some; last < transactions; last += some {
			w := alive(memory.Open(memory.Options{}))
			w.books.left.Store(last)
			life.live(w)
			require.True(t, w.died, "the sandbox ended after transaction %d of %d", last, transactions)
			require.Equal(t, want, w.outcome(), "the sandbox ended after transaction %d of %d", last, transactions)
			w.srv.CloseNow()
		}
	})
}

// inEveryLife runs a test of every shipped scenario in every life, at the same time. Every second scenario has a shop
// that takes callbacks and webhooks. The others have one that takes none; payments by API have it only where the
// scenario is about webhooks, because their many tries take long. alive is a merchant whose sandbox has the books;
// number is the scenario's.
func inEveryLife(t *testing.T, test func(t *testing.T, alive func(store.Books) *world, life life, number int)) {
	for i, scenario := range scenarios.Library().Scenarios() {
		for n, life := range lives {
			if extent.Quick() && n != i%len(lives) {
				continue // each scenario is lived through once, in turns
			}
			t.Run(scenario.Name+", "+life.name, func(t *testing.T) {
				t.Parallel()
				shop := answering(t, i%2 == 0 || life.takes && scenario.Webhook == nil)
				alive := func(books store.Books) *world {
					return &world{t: t, scenario: scenario, shop: shop, books: immortal(books)}
				}
				test(t, alive, life, i)
			})
		}
	}
}

// onlyOnPlainBooks leaves a test out that brings all its books with it: it is the same with every flag -store.
func onlyOnPlainBooks(t *testing.T) {
	t.Helper()
	if storetest.Wrapped() {
		t.Skip("the test has books of its own")
	}
}

// answering is a shop that takes every callback, or none.
func answering(t *testing.T, takes bool) string {
	return receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		if !takes {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
}
