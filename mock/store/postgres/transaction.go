package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// mostTries bounds how often a transaction runs that PostgreSQL ended because others were in its way.
const mostTries = 5

// view runs do in a transaction that only reads and sees one state of the books.
func (b *books) view(ctx context.Context, do func(*session) error) error {
	began := b.Began()
	defer func() { b.Ended(store.Read, began) }()
	return b.transact(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, do)
}

// update runs do in one transaction and comes back when that has been committed, or taken back because do answered an
// error or panicked.
func (b *books) update(ctx context.Context, do func(*session) error) (err error) {
	began := b.Began()
	defer func() { b.Ended(store.Write, began) }()
	for tries := 1; ; tries++ {
		err = b.transact(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, do)
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
func (b *books) transact(ctx context.Context, o pgx.TxOptions, do func(*session) error) error {
	if err := b.ready(ctx); err != nil {
		return err
	}
	connection, tx, err := b.beginTx(ctx, o)
	if err != nil {
		return fault(ctx, err)
	}
	defer connection.Release()
	defer b.rollback(tx)
	s := &session{books: b, tx: tx}
	err = do(s)
	if s.failed != nil {
		return fault(ctx, s.failed)
	}
	if err != nil {
		return err
	}
	return fault(ctx, b.commit(tx))
}

func (b *books) commit(tx pgx.Tx) error {
	ctx, stop := b.limited(background)
	defer stop()
	return commitFault(tx.Commit(ctx))
}

// rollback does nothing after a commit.
func (b *books) rollback(tx pgx.Tx) {
	ctx, stop := b.limited(background)
	defer stop()
	_ = tx.Rollback(ctx)
}

// acquire takes a connection of the pool. The pool waits for a free one, and for the answer of one that was idle.
func (b *books) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, stop := b.limited(ctx)
	defer stop()
	return b.pool.Acquire(ctx)
}

func (b *books) begin(connection *pgxpool.Conn, o pgx.TxOptions) (pgx.Tx, error) {
	ctx, stop := b.limited(background)
	defer stop()
	return connection.BeginTx(ctx, o)
}

// beginTx begins a transaction. Connections that PostgreSQL has ended meanwhile are left for others: nothing has
// happened on them yet.
func (b *books) beginTx(ctx context.Context, o pgx.TxOptions) (*pgxpool.Conn, pgx.Tx, error) {
	for tries := b.most; ; tries-- {
		connection, err := b.acquire(ctx)
		if err != nil {
			return nil, nil, err
		}
		tx, err := b.begin(connection, o)
		if err == nil {
			return connection, tx, nil
		}
		lost := connection.Conn().IsClosed()
		connection.Release()
		if !lost || tries == 0 || tookTooLong(err) {
			return nil, nil, err
		}
		b.Retry()
	}
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
		s := &session{books: b, tx: connection}
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
