package mock_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// mortalBooks fail from some transaction on, as they do for a process that has ended.
type mortalBooks struct {
	store.Books
	left atomic.Int64 // transactions that still succeed; negative: all
	done atomic.Int64 // those that did
	dead atomic.Bool
}

var errEnded = errors.New("the process has ended")

func immortal(books store.Books) *mortalBooks {
	m := &mortalBooks{Books: books}
	m.left.Store(-1)
	return m
}

// Close leaves the books to the next sandbox.
func (*mortalBooks) Close() error { return nil }

func (m *mortalBooks) Open(ctx context.Context, key string) (store.Store, error) {
	if m.dead.Load() {
		return nil, errEnded
	}
	books, err := m.Books.Open(ctx, key)
	return &mortalStore{Store: books, books: m}, err
}

// transaction counts one that changes something.
func (m *mortalBooks) transaction() error {
	if m.left.Load() == 0 {
		m.dead.Store(true)
	}
	if m.dead.Load() {
		return errEnded
	}
	m.left.Add(-1)
	m.done.Add(1)
	return nil
}

type mortalStore struct {
	store.Store
	books *mortalBooks
}

func (s *mortalStore) Update(ctx context.Context, do func(store.Tx) error) error {
	if err := s.books.transaction(); err != nil {
		return err
	}
	return s.Store.Update(ctx, do)
}

func (s *mortalStore) View(ctx context.Context, do func(store.Reader) error) error {
	if s.books.dead.Load() {
		return errEnded
	}
	return s.Store.View(ctx, do)
}

func (s *mortalStore) Claim(ctx context.Context, now time.Time) (store.Task, bool, error) {
	if due, err := s.due(ctx, now); !due || err != nil {
		return store.Task{}, false, err
	}
	return s.Store.Claim(ctx, now)
}

func (s *mortalStore) ClaimGroup(ctx context.Context, now time.Time, group string) (store.Task, bool, error) {
	if due, err := s.due(ctx, now); !due || err != nil {
		return store.Task{}, false, err
	}
	return s.Store.ClaimGroup(ctx, now, group)
}

// due reports whether a claim finds something: only then it is a transaction.
func (s *mortalStore) due(ctx context.Context, now time.Time) (due bool, err error) {
	err = s.View(ctx, func(r store.Reader) error {
		at, ok, err := r.NextDue()
		due = ok && !at.After(now)
		return err
	})
	if due && err == nil {
		err = s.books.transaction()
	}
	return due, err
}
