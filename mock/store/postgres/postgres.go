// Package postgres keeps the books of a sandbox in a PostgreSQL database, which outlives the process: a sandbox that
// is given the database goes on where the one before ended, whatever ended it. Any number of processes use it at the
// same time, and none owns a merchant.
//
// A transaction locks the row of its merchant, so that those of one merchant run one after the other and those of
// different merchants at the same time, in all processes. That is exact and never has to be repeated, as serializable
// ones would, and it is why a claim passes no locked task over: whoever claims one has the merchant to itself. The
// package decides nothing about payments, and knows no time.
package postgres

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// Options are the settings of books in a database. The zero value works.
type Options struct {
	JournalBytes int64 // about what all journals may hold together; zero: 256 MiB
}

// defaultJournalBytes is what all journals may hold together where nothing else is set.
const defaultJournalBytes = 256 << 20

// books are the books of all merchants in one schema of a database.
type books struct {
	tables.Metered
	failed       error // why they could not be opened; nil: they are open
	journalBytes int64

	at         *pgx.ConnConfig
	pool       *pgxpool.Pool
	most       int32         // connections of the pool
	limit      time.Duration // how long an answer is waited for; zero: for ever
	process    process
	refused    atomic.Pointer[error] // why it is no process of the database any more; nil: it is
	major      string                // a condition: the tables are of the major version of this program
	channel    string                // where processes tell each other of changes
	beats      int                   // how often was looked whether to count anew
	statements sync.Map              // how PostgreSQL writes a statement, by its text
	commits    atomic.Uint64         // that were waited for until they were safe
	wakers     tables.Wakers
	closing    sync.Once

	held atomic.Int64 // bytes of all journals, as far as they have been committed
	turn atomic.Int64 // of the journal that was written to last
}

// Open opens the books in the database at the address, such as postgres://user:password@host/database, and makes its
// tables where there are none; the database must exist. It takes at most one Options. What is wrong with the database
// is the error of every call, so mock.New tells it. No error names the password.
func Open(address string, options ...Options) store.Books {
	return open(address, false, migrations(), options)
}

func open(address string, still bool, steps []tables.Migration, options []Options) *books {
	var o Options
	for _, given := range options {
		o = given
	}

	b := &books{journalBytes: o.JournalBytes}
	b.process.still = still
	if b.journalBytes == 0 {
		b.journalBytes = defaultJournalBytes
	}
	b.failed = b.open(address, steps)
	return b
}

// ready answers why the books cannot be asked.
func (b *books) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if b.failed != nil {
		return b.failed
	}
	if refused := b.refused.Load(); refused != nil {
		return troubled(*refused)
	}
	if b.process.silent.Load() >= mostSilent {
		return troubled(errSilent)
	}
	return nil
}

// Health implements store.Healthy.
func (b *books) Health(ctx context.Context) store.Health {
	h := store.Health{Kind: "postgres"}
	err := b.view(ctx, func(s *session) error {
		var one int
		_, err := s.Row("SELECT 1", nil, &one)
		return err
	})
	if err != nil {
		h.Fault = tables.Told(err)
	}
	return h
}

// Open implements store.Books.
func (b *books) Open(ctx context.Context, key string) (store.Store, error) {
	m := &merchant{books: b, key: key}
	err := b.update(ctx, func(s *session) error {
		tx, err := m.begin(ctx, s)
		if err != nil {
			return err
		}
		return tx.Release(` AND (abs(claimed) = ? OR abs(claimed) NOT IN (SELECT id FROM process))`, tx.Tasks.Runs)
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
	var bytes int64
	err := b.update(ctx, func(s *session) error {
		bytes = 0
		found, err := b.standing(s, key)
		if err != nil || !found.Known() {
			return err
		}
		bytes, err = tables.Drop(s, found.Counters)
		return err
	})
	if err != nil {
		return err
	}

	b.held.Add(-bytes)
	b.wakers.Wake(map[string]struct{}{key: {}})
	return nil
}

// Close implements store.Books. It waits for what is under way.
func (b *books) Close() error {
	if b.failed != nil {
		return nil // nothing was opened
	}
	b.closing.Do(func() {
		b.process.stopTelling()
		b.pool.Close()
		b.process.leave()
	})
	return nil
}
