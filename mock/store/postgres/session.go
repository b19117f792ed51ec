package postgres

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// background is for statements: a transaction is never broken off in the middle, its caller looks at its context
// before.
var background = context.Background()

// session is one transaction, or a single statement. One caller uses it at a time.
type session struct {
	books  *books
	work   *work      // nil: each statement is sent at once by single
	single statements // a connection, or a transaction that others end
	failed error      // the first failure of the database
}

// statements is what runs statements.
type statements interface {
	Query(ctx context.Context, text string, args ...any) (pgx.Rows, error)
}

// Fail notes a failure of the database and answers it.
func (s *session) Fail(err error) error {
	if err != nil && s.failed == nil {
		s.failed = err
	}
	return err
}

// Exec runs a statement and answers how many rows it changed.
func (s *session) Exec(text string, args ...any) (changed int, err error) {
	err = s.query(text, args, func(found pgx.Rows) error {
		found.Close()
		changed = int(found.CommandTag().RowsAffected())
		return nil
	})
	return changed, err
}

// Run runs a statement. In a transaction it may be sent later: what is wrong with it is told then.
func (s *session) Run(text string, args ...any) error {
	if s.work == nil {
		_, err := s.Exec(text, args...)
		return err
	}
	s.work.later(s.statement(text, args))
	return nil
}

// Row reads one row. found is false when there is none.
func (s *session) Row(text string, args []any, to ...any) (found bool, err error) {
	err = s.query(text, args, func(rows pgx.Rows) error {
		if found = rows.Next(); !found {
			return nil
		}
		err := rows.Scan(to...)
		restore(to)
		return err
	})
	return found && err == nil, err
}

// Rows calls each for every row, until it answers that it has enough. each reads the row by scan.
func (s *session) Rows(text string, args []any, each func(scan func(...any) error) (more bool, err error)) error {
	return s.query(text, args, func(found pgx.Rows) (err error) {
		scan := func(to ...any) error {
			err := found.Scan(to...)
			restore(to)
			return err
		}
		more := true
		for more && err == nil && found.Next() {
			more, err = each(scan)
		}
		return err
	})
}

// query runs a statement, after all that were to be sent later, and reads what it answers.
func (s *session) query(text string, args []any, read func(pgx.Rows) error) error {
	asked := s.statement(text, args)
	asked.read = read
	if s.work != nil {
		return s.Fail(s.work.exchange(asked))
	}
	ctx, stop := s.books.limited(background)
	defer stop()
	return s.Fail(asked.readFrom(s.single.Query(ctx, asked.text, asked.args...)))
}

// statement is a statement as it is sent.
func (s *session) statement(text string, args []any) statement {
	return statement{text: s.books.statement(text), args: kept(args)}
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

// kept are the arguments as they can be kept.
func kept(args []any) []any {
	all := make([]any, len(args))
	for i, arg := range args {
		all[i] = arg
		if text, ok := arg.(string); ok {
			all[i] = keptText(text)
		}
	}
	return all
}

// keptText is a text as it can be kept. One that is no UTF-8 has its bad bytes replaced.
func keptText(text string) string {
	// Nearly no text has one, and long ones are looked through sooner than replaced.
	if strings.IndexByte(text, '\x00') >= 0 || strings.IndexByte(text, '\x1a') >= 0 {
		text = escaping.Replace(text)
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// restore makes texts that were read what they were.
func restore(to []any) {
	for _, place := range to {
		if text, ok := place.(*string); ok && strings.Contains(*text, "\x1a") {
			*text = restoring.Replace(*text)
		}
	}
}
