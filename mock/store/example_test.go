package store_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
)

// countingBooks are the books of a sandbox that count the transactions that have taken effect. What they do not say
// themselves, the books inside do.
type countingBooks struct {
	store.Books
	committed atomic.Int64
}

func (b *countingBooks) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.Books.Open(ctx, key)
	return countingStore{s, b}, err
}

type countingStore struct {
	store.Store
	books *countingBooks
}

func (s countingStore) Update(ctx context.Context, do func(store.Tx) error) error {
	err := s.Store.Update(ctx, do)
	if err == nil {
		s.books.committed.Add(1)
	}
	return err
}

// A sandbox keeps everything in the books that it is given. Whoever writes some runs storetest on them.
func ExampleBooks() {
	books := &countingBooks{Books: memory.Open(memory.Options{})}
	sandbox, err := mock.New(mock.Config{Store: books})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sandbox.Close()

	before := books.committed.Load()
	order := `{"orderId":"ORD-12345","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:1/callback"}`
	request := httptest.NewRequest(http.MethodPost, "/api/checkout", strings.NewReader(order))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-KEY", "test_key")
	request.Header.Set("X-API-SECRET", "test_secret")
	answer := httptest.NewRecorder()
	sandbox.Handler().ServeHTTP(answer, request)

	fmt.Println(answer.Code)
	fmt.Println("transactions committed:", books.committed.Load() > before)
	// Output:
	// 200
	// transactions committed: true
}
