// Package sqlite keeps the books of a sandbox in one SQLite file, which outlives the process: a sandbox that is given
// the file goes on where the one before ended, whatever ended it. One process uses a file at a time.
//
// Every transaction is on the disk before it is answered; those that come at the same time share one sync. The package
// decides nothing about payments, and knows no time.
package sqlite

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// Options are the settings of books in a file. The zero value works.
type Options struct {
	Synchronous  Synchronous // default Full
	JournalBytes int64       // about what all journals may hold together; zero: 256 MiB
}

// Synchronous says when what was answered is safe from a loss of power. From the end of the process it always is.
type Synchronous string

// When the disk is waited for.
const (
	Full   Synchronous = "full"   // before every answer
	Normal Synchronous = "normal" // now and then: a loss of power may take the last answers, and leaves the file whole
)

// defaultJournalBytes is what all journals may hold together where nothing else is set.
const defaultJournalBytes = 256 << 20

// books are the books of all merchants in one file.
type books struct {
	tables.Metered
	file   string // as it was named
	path   string // where it is
	failed error  // why it could not be opened; nil: it is open
	image  int64  // how long the file was when it was opened

	opened    *opened
	closing   sync.Once
	writer    writer
	readers   chan *session // as many as may read at a time; nil ones are not connected yet
	wakers    tables.Wakers
	unread    atomic.Pointer[error] // why the last read failed; nil: it did not
	unchecked int                   // batches that freed room since it was given back. The writer's lock guards it.
}

// Open opens the books in the file, and makes it where there is none; its folder must exist. It takes at most one
// Options. What is wrong with the file is the error of every call, so mock.New tells it.
func Open(file string, options ...Options) store.Books {
	var o Options
	for _, given := range options {
		o = given
	}
	if o.JournalBytes == 0 {
		o.JournalBytes = defaultJournalBytes
	}
	b := &books{file: file}
	b.failed = b.open(o, migrations())
	return b
}

// ready answers why the books cannot be asked.
func (b *books) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.failed
}

// view runs do in a transaction that only reads.
func (b *books) view(ctx context.Context, do func(*session) error) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	began := b.Began()
	defer func() { b.Ended(store.Read, began) }()
	s, err := b.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { b.readers <- s }()

	b.writer.settle()
	s.failed = nil
	if err := s.Run("BEGIN"); err != nil {
		return b.noteRead(err)
	}
	defer func() { _ = s.Run("ROLLBACK") }() // nothing was changed
	err = do(s)
	if s.failed != nil {
		return b.noteRead(s.failed)
	}
	b.unread.Store(nil)
	return err
}

// noteRead remembers why the file cannot be read, and answers it in words.
func (b *books) noteRead(cause error) error {
	if inTheWay(cause) {
		b.Conflict()
	}
	err := troubled(cause)
	b.unread.Store(&err)
	return err
}

// Health implements store.Healthy. A file that could not be written is tried again.
func (b *books) Health(ctx context.Context) store.Health {
	h := store.Health{Kind: "sqlite"}
	err := b.ready(ctx)
	if err == nil {
		err = b.writer.state()
	}

	if unread := b.unread.Load(); err == nil && unread != nil {
		err = *unread
	}
	if err != nil {
		h.Fault = tables.Told(err)
	}
	return h
}

// Open implements store.Books.
func (b *books) Open(ctx context.Context, key string) (store.Store, error) {
	if err := b.ready(ctx); err != nil {
		return nil, err
	}

	m := &merchant{books: b, key: key}
	err := b.update(false, func(s *session, _ *batch) error {
		tx, err := m.begin(s)
		if err == nil {
			err = tx.Release(" AND claimed > 0") // as it always is then: by a range, an index finds them
		}
		if err == nil {
			b.writer.learnLocked(key, tx)
		}
		return err
	})
	if err != nil {
		return nil, err
	}

	return m, nil
}

// Peek gives the books of the key as they are: claimed tasks stay claimed.
func (b *books) Peek(ctx context.Context, key string) (store.Store, error) {
	if err := b.ready(ctx); err != nil {
		return nil, err
	}
	return &merchant{books: b, key: key}, nil
}

// ImageBytes is how long the file was when it was opened.
func (b *books) ImageBytes() int { return int(b.image) }

// Keys implements store.Books.
func (b *books) Keys(ctx context.Context) ([]string, error) {
	return tables.Read(ctx, b.view, tables.Keys)
}

// OwnerOf implements store.Books.
func (b *books) OwnerOf(ctx context.Context, id string) (string, error) {
	return tables.Read(ctx, b.view, func(s tables.Session) (string, error) { return tables.OwnerOf(s, id) })
}

// Drop implements store.Books.
func (b *books) Drop(ctx context.Context, key string) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	return b.update(false, func(s *session, batch *batch) error {
		known, err := b.writer.knownIfAnyLocked(s, key)
		if err != nil || !known.Known() {
			return err
		}
		bytes, err := tables.Drop(s, known.Counters)
		if err != nil {
			return err
		}
		batch.journalBytes -= bytes
		batch.woken[key], batch.freed = struct{}{}, true
		b.writer.forgetLocked(key)
		return nil
	})
}
