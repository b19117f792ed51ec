package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// background is for statements: a transaction is never broken off in the middle, its caller looks at its context
// before.
var background = context.Background()

// session is one transaction on one connection, or a single statement. One caller uses it at a time.
type session struct {
	books  *books
	tx     statements
	failed error // the first failure of the database
}

// statements is what runs statements: a transaction or a connection.
type statements interface {
	Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, text string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, text string, args ...any) pgx.Row
}

// Fail notes a failure of the database and answers it.
func (s *session) Fail(err error) error {
	if err != nil && s.failed == nil {
		s.failed = err
	}
	return err
}

// Exec runs a statement and answers how many rows it changed.
func (s *session) Exec(text string, args ...any) (int, error) {
	ctx, stop := s.books.limited(background)
	defer stop()
	tag, err := s.tx.Exec(ctx, s.books.statement(text), kept(args)...)
	return int(tag.RowsAffected()), s.Fail(err)
}

// Run runs a statement.
func (s *session) Run(text string, args ...any) error {
	_, err := s.Exec(text, args...)
	return err
}

// Row reads one row. found is false when there is none.
func (s *session) Row(text string, args []any, to ...any) (found bool, err error) {
	ctx, stop := s.books.limited(background)
	defer stop()
	err = s.tx.QueryRow(ctx, s.books.statement(text), kept(args)...).Scan(to...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	restore(to)
	return err == nil, s.Fail(err)
}

// Rows calls each for every row, until it answers that it has enough. each reads the row by scan.
func (s *session) Rows(text string, args []any, each func(scan func(...any) error) (more bool, err error)) error {
	ctx, stop := s.books.limited(background)
	defer stop()
	found, err := s.tx.Query(ctx, s.books.statement(text), kept(args)...)
	if err != nil {
		return s.Fail(err)
	}

	scan := func(to ...any) error {
		err := found.Scan(to...)
		restore(to)
		return err
	}
	more := true
	for more && err == nil && found.Next() {
		more, err = each(scan)
	}
	found.Close()
	return s.Fail(errors.Join(err, found.Err()))
}

// statement is the statement as PostgreSQL writes it: $1 for ?1, and for the first ?.
func (b *books) statement(text string) string {
	if known, ok := b.statements.Load(text); ok {
		return known.(string)
	}

	var out strings.Builder
	n := 0
	for i, sign := range text {
		out.WriteRune(sign)
		if sign != '?' {
			continue
		}
		if next := text[i+1:]; next == "" || next[0] < '1' || next[0] > '9' {
			n++
			out.WriteString(strconv.Itoa(n))
		}
	}
	written := strings.ReplaceAll(out.String(), "?", "$")
	b.statements.Store(text, written)
	return written
}

// A text in PostgreSQL has no zero byte, and what callers call a thing may have one.
var (
	escaping  = strings.NewReplacer("\x1a", "\x1as", "\x00", "\x1a0")
	restoring = strings.NewReplacer("\x1as", "\x1a", "\x1a0", "\x00")
)

// kept are the arguments as they can be kept. A text that is no UTF-8 has its bad bytes replaced.
func kept(args []any) []any {
	all := make([]any, len(args))
	for i, arg := range args {
		all[i] = arg
		if text, ok := arg.(string); ok {
			all[i] = strings.ToValidUTF8(escaping.Replace(text), "\uFFFD")
		}
	}
	return all
}

// restore makes texts that were read what they were.
func restore(to []any) {
	for _, place := range to {
		if text, ok := place.(*string); ok && strings.Contains(*text, "\x1a") {
			*text = restoring.Replace(*text)
		}
	}
}
