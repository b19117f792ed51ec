package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// work is a transaction on a connection of the pool. A statement whose answer nobody needs waits, and goes to
// PostgreSQL together with the next one whose answer is needed, or with the commit. What begins the transaction waits
// as well. So a transaction takes few exchanges, each of which costs both sides about as much as a statement.
//
// What is wrong with a statement that waited is the error of whatever it went with. PostgreSQL passes over all that
// was sent behind such a statement, a commit included.
type work struct {
	books      *books
	connection *pgxpool.Conn // nil: none could be had any more
	begin      []string      // the statements that begin the transaction
	begun      bool          // PostgreSQL has been told
	waiting    []statement   // not sent yet
	behind     []statement   // that are sent behind the next one whose answer is needed
}

// statement is one as PostgreSQL writes it, with its arguments.
type statement struct {
	text string
	args []any
	read func(pgx.Rows) error // reads what it answers; nil: nobody needs it
}

// newWork takes a connection for a transaction.
func (b *books) newWork(ctx context.Context, begin []string) (*work, error) {
	connection, err := b.acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &work{books: b, connection: connection, begin: begin}, nil
}

// later has a statement wait for the next exchange.
func (w *work) later(s statement) { w.waiting = append(w.waiting, s) }

// along has a statement sent behind the next one whose answer is needed, in the same exchange.
func (w *work) along(s statement) { w.behind = append(w.behind, s) }

// exchange sends what waits and one more statement, whose answer is needed.
func (w *work) exchange(s statement) error {
	all := append(append(w.waiting, s), w.behind...)
	w.waiting, w.behind = nil, nil
	if w.begun {
		return w.send(all)
	}

	if w.connection == nil {
		return pgx.ErrTxClosed
	}
	beginning := make([]statement, len(w.begin), len(w.begin)+len(all))
	for i, text := range w.begin {
		beginning[i].text = text
	}
	all = append(beginning, all...)
	for tries := w.books.most; ; tries-- {
		err := w.send(all)
		lost := !w.begun && w.connection.Conn().IsClosed()
		if !lost || tries == 0 || tookTooLong(err) {
			return err
		}

		// PostgreSQL has ended the connection meanwhile. It is left for others: nothing has happened on it yet.
		w.books.Retry()
		w.connection.Release()
		if w.connection, err = w.books.acquire(background); err != nil {
			return err
		}
	}
}

// send sends the statements together, and has what they answer read.
func (w *work) send(all []statement) (err error) {
	ctx, stop := w.books.limited(background)
	defer stop()
	if one := all[0]; len(all) == 1 {
		return one.readFrom(w.connection.Query(ctx, one.text, one.args...))
	}

	batch := &pgx.Batch{}
	for _, s := range all {
		batch.Queue(s.text, s.args...)
	}
	answers := w.connection.SendBatch(ctx, batch)
	for _, s := range all {
		if err = s.readFrom(answers.Query()); err != nil {
			break
		}
		w.begun = true
	}
	if closed := answers.Close(); err == nil {
		err = closed
	}
	return err
}

// readFrom reads what the statement answers to its end.
func (s statement) readFrom(answer pgx.Rows, err error) error {
	if err == nil && s.read != nil {
		err = s.read(answer)
	}
	answer.Close()
	if err == nil {
		err = answer.Err()
	}
	return err
}

// commit sends what waits, and ends the transaction.
func (w *work) commit() error {
	n := len(w.waiting)
	if !w.begun && n == 0 {
		return nil // nothing was asked
	}
	if !w.begun { // by an exchange of its own, so that a connection that was lost is noticed before the commit
		last := w.waiting[n-1]
		w.waiting = w.waiting[:n-1]
		if err := w.exchange(last); err != nil {
			return err
		}
	}

	return commitFault(w.exchange(statement{text: "COMMIT", read: func(answer pgx.Rows) error {
		answer.Close()
		if answer.Err() == nil && answer.CommandTag().String() == "ROLLBACK" {
			return pgx.ErrTxCommitRollback
		}
		return nil
	}}))
}

// end takes back what was not committed, and gives the connection back.
func (w *work) end() {
	if w.connection == nil {
		return
	}
	defer w.connection.Release()
	if c := w.connection.Conn(); !c.IsClosed() && c.PgConn().TxStatus() != 'I' {
		ctx, stop := w.books.limited(background)
		defer stop()
		_, _ = c.Exec(ctx, "ROLLBACK") // where that fails the pool ends the connection, and the transaction with it
	}
}
