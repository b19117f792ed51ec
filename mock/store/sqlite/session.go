package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// session is one connection to the file. One caller uses it at a time. Its statements are prepared once.
type session struct {
	connection *sql.Conn
	statements map[string]*sql.Stmt
	failed     error        // the first failure of the medium since it was cleared
	first      func() error // is called before the next statement; nil: there is nothing to do
	transaction
}

// transaction is what the one that runs has done so far.
type transaction struct {
	used    bool // it has run a statement
	read    bool // it has read rows
	saved   bool // it runs under a savepoint
	changed bool // it has changed something
}

// background is for statements: a transaction is never broken off in the middle, its caller looks at its context
// before.
var background = context.Background()

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	connection, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{connection: connection, statements: map[string]*sql.Stmt{}}, nil
}

// close gives the connection back. What goes wrong then changes nothing in the file.
func (s *session) close() {
	for _, statement := range s.statements {
		_ = statement.Close()
	}
	_ = s.connection.Close()
}

// Fail notes a failure of the medium and answers it.
func (s *session) Fail(err error) error {
	if err != nil && !errors.Is(err, sql.ErrNoRows) && s.failed == nil {
		s.failed = err
	}
	return err
}

// planOnce keeps the engine from planning a statement anew with every value that a column is compared with: it does so
// where it sees the parameter itself, and not behind a plus, which changes no value.
var planOnce = strings.NewReplacer("= ?", "= +?", "> ?", "> +?", "< ?", "< +?")

// prepared is the statement, once what comes before the first one of a transaction is done.
func (s *session) prepared(text string) (*sql.Stmt, error) {
	if first := s.first; first != nil {
		s.first = nil
		if err := first(); err != nil {
			return nil, err
		}
	}
	if known, ok := s.statements[text]; ok {
		return known, nil
	}
	statement, err := s.connection.PrepareContext(background, planOnce.Replace(text))
	if err != nil {
		return nil, s.Fail(err)
	}
	s.statements[text] = statement
	return statement, nil
}

// Exec runs a statement and answers how many rows it changed.
func (s *session) Exec(text string, args ...any) (int, error) {
	s.changed = true
	return s.exec(text, args...)
}

// control runs a statement that begins or ends a transaction.
func (s *session) control(text string) error {
	_, err := s.exec(text)
	return err
}

func (s *session) exec(text string, args ...any) (int, error) {
	statement, err := s.prepared(text)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(background, args...)
	if err != nil {
		return 0, s.Fail(err)
	}
	n, err := result.RowsAffected()
	return int(n), s.Fail(err)
}

// Run runs a statement.
func (s *session) Run(text string, args ...any) error {
	_, err := s.Exec(text, args...)
	return err
}

// Row reads one row. found is false when there is none.
func (s *session) Row(text string, args []any, to ...any) (found bool, err error) {
	s.read = true
	statement, err := s.prepared(text)
	if err != nil {
		return false, err
	}
	err = s.Fail(statement.QueryRowContext(background, args...).Scan(to...))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Rows calls each for every row, until it answers that it has enough. each reads the row by scan.
func (s *session) Rows(text string, args []any, each func(scan func(...any) error) (more bool, err error)) error {
	s.read = true
	statement, err := s.prepared(text)
	if err != nil {
		return err
	}
	found, err := statement.QueryContext(background, args...)
	if err != nil {
		return s.Fail(err)
	}

	more := true
	for more && err == nil && found.Next() {
		more, err = each(found.Scan)
	}
	return s.Fail(errors.Join(err, found.Err(), found.Close()))
}
