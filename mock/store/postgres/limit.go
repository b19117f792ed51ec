package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// grace is how much longer than PostgreSQL lets a statement run its answer may take.
const grace = 3 * time.Second

// readLimit sets how long an answer is waited for. Where PostgreSQL ends no statement, there is no limit.
func (b *books) readLimit(ctx context.Context, c *pgx.Conn) error {
	limit, err := milliseconds(ctx, c, "statement_timeout")
	if err == nil && limit > 0 {
		b.limit = limit + grace
	}
	return err
}

// milliseconds is a time that is set at a connection; zero: none.
func milliseconds(ctx context.Context, c *pgx.Conn, name string) (time.Duration, error) {
	var text string
	if err := c.QueryRow(ctx, `SELECT setting FROM pg_settings WHERE name = $1`, name).Scan(&text); err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	return time.Duration(n) * time.Millisecond, err
}

// limited bounds one exchange with PostgreSQL, which may hang or be cut off: nothing else would end it then.
func (b *books) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if b.limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, b.limit)
}

// tookTooLong reports whether PostgreSQL was waited for in vain. To ask it again at once would take as long.
func tookTooLong(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// mostSilent is how many beats in a row have no answer, and no commit has one, until nothing else is asked. One alone may
// be a busy machine's.
const mostSilent = 2

// errSilent is the failure of books whose database is not asked, because it answers nothing.
var errSilent = errors.New("the database answers nothing")

// noteSilence counts the beats that had no answer while no commit had one, either. A failure that came at once is none:
// then every call fails at once. A database that is slow with beats and commits what others change is one that is busy;
// one that can only be read is of no use.
func (p *process) noteSilence(err error) {
	commits := p.books.commits.Load()
	if tookTooLong(err) && commits == p.commits {
		p.silent.Add(1)
	} else {
		p.silent.Store(0)
	}
	p.commits = commits
}

// errUnknown is in the chain of a failed commit that may have been done all the same.
var errUnknown = errors.New("nobody knows whether the transaction was committed")

// commitFault marks the failure of a commit that PostgreSQL has not answered, or that it was ended in.
func commitFault(err error) error {
	code := codeOf(err)
	if err == nil || errors.Is(err, pgx.ErrTxCommitRollback) || code != "" && !strings.HasPrefix(code, "57P") {
		return err
	}
	return errors.Join(err, errUnknown)
}
