package storetest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Peeker are books that can be looked at without what Open does for a process that begins: Peek gives the books of the
// key and leaves claimed tasks claimed. Reopened needs it.
type Peeker interface {
	Peek(ctx context.Context, key string) (store.Store, error)
}

// imageSizer are books that say how much is read when they are opened.
type imageSizer interface {
	ImageBytes() int
}

// Reopened gives books that are closed and opened again between any two calls, as if a process ended after each. Each
// open gives the same books anew; they are a Peeker, or Reopened panics.
//
// Books that say by a method ImageBytes how much is read when they are opened are opened again at every n-th call
// only, n being one more than their number of 8 KiB, so that big books do not take minutes.
//
// They are safe for concurrent use, and no two calls run at the same time.
func Reopened(open func() store.Books) store.Books {
	b := &reopenedBooks{open: open, changed: make(chan struct{})}
	b.openAnew()
	return b
}

type reopenedBooks struct {
	open func() store.Books

	mu      sync.Mutex // guards all below; held for a whole call
	books   store.Books
	left    int           // calls until they are opened anew
	changed chan struct{} // closed after a call that may have changed a journal
}

const imageStep = 8 << 10

func (b *reopenedBooks) openAnew() {
	b.books = b.open()
	if _, ok := b.books.(Peeker); !ok {
		panic(fmt.Sprintf("storetest: Reopened needs books with a method Peek, and %T has none", b.books))
	}
	b.left = 1
	if sized, ok := b.books.(imageSizer); ok {
		b.left += sized.ImageBytes() / imageStep
	}
}

// call does something with the books, and opens them anew before it when it is time.
func (b *reopenedBooks) call(do func(store.Books) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left--; b.left < 0 {
		if err := b.books.Close(); err != nil {
			return err
		}
		b.openAnew()
		b.left--
	}
	return do(b.books)
}

// change is a call after which a journal may be another one.
func (b *reopenedBooks) change(do func(store.Books) error) error {
	defer b.wake()
	return b.call(do)
}

func (b *reopenedBooks) wake() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *reopenedBooks) nextChange() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}

// Open implements store.Books.
func (b *reopenedBooks) Open(ctx context.Context, key string) (store.Store, error) {
	err := b.call(func(books store.Books) error {
		_, err := books.Open(ctx, key)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &reopenedStore{b, key}, nil
}

// Peek implements Peeker.
func (b *reopenedBooks) Peek(_ context.Context, key string) (store.Store, error) {
	return &reopenedStore{b, key}, nil
}

// Keys implements store.Books.
func (b *reopenedBooks) Keys(ctx context.Context) (keys []string, err error) {
	err = b.call(func(books store.Books) error {
		keys, err = books.Keys(ctx)
		return err
	})
	return keys, err
}

// OwnerOf implements store.Books.
func (b *reopenedBooks) OwnerOf(ctx context.Context, id string) (key string, err error) {
	err = b.call(func(books store.Books) error {
		key, err = books.OwnerOf(ctx, id)
		return err
	})
	return key, err
}

// Drop implements store.Books.
func (b *reopenedBooks) Drop(ctx context.Context, key string) error {
	return b.change(func(books store.Books) error { return books.Drop(ctx, key) })
}

// Close implements store.Books.
func (b *reopenedBooks) Close() error {
	return b.call(func(books store.Books) error { return books.Close() })
}

// reopenedStore finds the books of its key again at each call.
type reopenedStore struct {
	books *reopenedBooks
	key   string
}

func (s *reopenedStore) call(ctx context.Context, do func(store.Store) error) error {
	return s.books.call(func(b store.Books) error {
		found, err := b.(Peeker).Peek(ctx, s.key)
		if err != nil {
			return err
		}
		return do(found)
	})
}

// Update implements store.Store.
func (s *reopenedStore) Update(ctx context.Context, do func(store.Tx) error) error {
	defer s.books.wake()
	return s.call(ctx, func(found store.Store) error { return found.Update(ctx, do) })
}

// View implements store.Store.
func (s *reopenedStore) View(ctx context.Context, do func(store.Reader) error) error {
	return s.call(ctx, func(found store.Store) error { return found.View(ctx, do) })
}

// Claim implements store.Store.
func (s *reopenedStore) Claim(ctx context.Context, now time.Time) (task store.Task, ok bool, err error) {
	err = s.call(ctx, func(found store.Store) error {
		task, ok, err = found.Claim(ctx, now)
		return err
	})
	return task, ok, err
}

// ClaimGroup implements store.Store.
func (s *reopenedStore) ClaimGroup(
	ctx context.Context, now time.Time, group string,
) (task store.Task, ok bool, err error) {
	err = s.call(ctx, func(found store.Store) error {
		task, ok, err = found.ClaimGroup(ctx, now, group)
		return err
	})
	return task, ok, err
}

// Changed implements store.Store. It looks again after each call that may have changed a journal.
func (s *reopenedStore) Changed(ctx context.Context, version uint64) (uint64, error) {
	return store.AwaitChange(ctx, s, version, s.books.nextChange)
}
