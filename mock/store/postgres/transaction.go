package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// mostTries bounds how often a transaction runs that PostgreSQL ended because others were in its way.
const mostTries = 5

// view runs do in a transaction that only reads and sees one state of the books.
func (b *books) view(ctx context.Context, do func(*session) error) error {
	began := b.Began()
	defer func() { b.Ended(store.Read, began) }()
	return b.transact(ctx, []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}, do)
}

// What begins a transaction that changes something, and one that is not waited for until it is on the disk: where
// PostgreSQL itself ends at once, that one may be missing afterwards, and never one that was waited for later.
var (
	changing     = []string{"BEGIN ISOLATION LEVEL READ COMMITTED"}
	changingSoon = []string{"BEGIN ISOLATION LEVEL READ COMMITTED", "SET LOCAL synchronous_commit = off"}
)

// update runs do in one transaction and comes back when that has been committed, or taken back because do answered an
// error or panicked.
func (b *books) update(ctx context.Context, do func(*session) error) (err error) {
	began := b.Began()
	defer func() { b.Ended(store.Write, began) }()
	begin, soon := changing, store.IsSoon(ctx)
	if soon {
		begin = changingSoon
	}
	for tries := 1; ; tries++ {
		err = b.transact(ctx, begin, do)
		if err == nil && !soon {
			b.commits.Add(1)
		}
		code := codeOf(err)
		if code == deadlock || code == serialization || code == lockTimeout {
			b.Conflict()
		}
		if tries == mostTries || code != deadlock && code != serialization {
			return err
		}
		b.Retry()
	}
}

// transact runs do in a transaction. A failure of the database is answered whatever do answers.
func (b *books) transact(ctx context.Context, begin []string, do func(*session) error) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	w, err := b.newWork(ctx, begin)
	if err != nil {
		return fault(ctx, err)
	}
	defer w.end()

	s := &session{books: b, work: w}
	err = do(s)
	if s.failed != nil {
		return fault(ctx, s.failed)
	}
	if err != nil {
		return err
	}
	return fault(ctx, w.commit())
}

// acquire takes a connection of the pool. The pool waits for a free one, and for the answer of one that was idle.
func (b *books) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, stop := b.limited(ctx)
	defer stop()
	return b.pool.Acquire(ctx)
}

// ask runs a single statement, which is a transaction of its own and only reads.
func (b *books) ask(ctx context.Context, do func(*session) error) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	began := b.Began()
	defer func() { b.Ended(store.Read, began) }()
	for tries := b.most; ; tries-- {
		connection, err := b.acquire(ctx)
		if err != nil {
			return fault(ctx, err)
		}
		s := &session{books: b, single: connection}
		err = do(s)
		lost := connection.Conn().IsClosed()
		connection.Release()
		switch {
		case lost && tries > 0 && !tookTooLong(err): // PostgreSQL has ended the connection meanwhile
			b.Retry()
		case s.failed != nil:
			return fault(ctx, s.failed)
		default:
			return err
		}
	}
}

// fault is the failure of the database in words.
func fault(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return err
	}
	return troubled(err)
}
