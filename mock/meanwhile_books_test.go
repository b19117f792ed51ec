package mock_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
	"github.com/payporter-mock/payporter-mock/payment"
)

// meanwhileBooks are books in which something else comes first: the next transaction that reads a payment or a
// checkout in order to change something is taken back, meanwhile happens, and the transaction runs again.
type meanwhileBooks struct {
	store.Books
	meanwhile atomic.Pointer[func()] // nil: nothing happens
}

func newMeanwhileBooks(t *testing.T) *meanwhileBooks {
	return &meanwhileBooks{Books: storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind())}
}

// happens lets something happen in the middle of the next transaction. Done reports whether it has.
func (b *meanwhileBooks) happens(what func()) (done func() bool) {
	b.meanwhile.Store(&what)
	return func() bool { return b.meanwhile.Load() == nil }
}

func (b *meanwhileBooks) Open(ctx context.Context, key string) (store.Store, error) {
	s, err := b.Books.Open(ctx, key)
	return meanwhileStore{s, b}, err
}

type meanwhileStore struct {
	store.Store
	books *meanwhileBooks
}

var errMeanwhile = errors.New("another transaction came first")

func (s meanwhileStore) Update(ctx context.Context, do func(store.Tx) error) error {
	if s.books.meanwhile.Load() == nil {
		return s.Store.Update(ctx, do)
	}

	err := s.Store.Update(ctx, func(tx store.Tx) error {
		read := false
		err := do(meanwhileTx{tx, &read})
		if read {
			return errMeanwhile
		}
		return err
	})
	if !errors.Is(err, errMeanwhile) {
		return err
	}
	if what := s.books.meanwhile.Swap(nil); what != nil {
		(*what)()
	}
	return s.Store.Update(ctx, do)
}

// meanwhileTx notes that something was read.
type meanwhileTx struct {
	store.Tx
	read *bool
}

func (tx meanwhileTx) Payment(id string) (payment.Payment, error) {
	*tx.read = true
	return tx.Tx.Payment(id)
}

func (tx meanwhileTx) Checkout(id string) (payment.Checkout, error) {
	*tx.read = true
	return tx.Tx.Checkout(id)
}
