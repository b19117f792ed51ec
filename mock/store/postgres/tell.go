package postgres

import (
	"context"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// teller tells the other processes what this one has changed, after it has been committed. What is new while it tells
// goes together the next time, once for each merchant.
//
// It is not told in the transactions themselves: PostgreSQL commits those that tell something one after the other, in
// the whole server, and each of them waits for the disk. Whatever a process that ends at once has not told is found
// by the others within a few beats, as if it had been told while they could not hear.
type teller struct {
	some chan struct{} // there is something

	mu     sync.Mutex      // guards untold
	untold map[string]news // by key
}

func newTeller() *teller { return &teller{some: make(chan struct{}, 1), untold: map[string]news{}} }

// add has the news told.
func (t *teller) add(n news) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if before, ok := t.untold[n.key]; ok {
		n = before.and(n)
	}
	t.untold[n.key] = n
	select {
	case t.some <- struct{}{}:
	default: // it is known already
	}
}

// take are all news as they are told.
func (t *teller) take(from int64) (texts []string, taken map[string]news) {
	t.mu.Lock()
	defer t.mu.Unlock()
	taken, t.untold = t.untold, map[string]news{}
	for _, n := range taken {
		n.from = from
		if text := n.text(); len(text) <= mostText {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	return texts, taken
}

// giveBack has what could not be told be told the next time.
func (t *teller) giveBack(taken map[string]news) {
	for _, n := range taken {
		t.add(n)
	}
}

// tellOthers tells what is new until ctx ends.
func (p *process) tellOthers(ctx context.Context) {
	for {
		select {
		case <-p.news.some:
		case <-ctx.Done():
			return
		}
		if p.tellNew(ctx, p.books.pool) != nil {
			pause(ctx, reconnect)
		}
	}
}

// executor runs a statement.
type executor interface {
	Exec(ctx context.Context, text string, args ...any) (pgconn.CommandTag, error)
}

// tellNew tells what is new. Whoever listens is cut off when PostgreSQL ends, and looks for everything then, so what is
// told need not be on the disk.
func (p *process) tellNew(ctx context.Context, by executor) error {
	texts, taken := p.news.take(p.id.Load())
	if len(texts) == 0 {
		return nil
	}
	ctx, stop := p.books.limited(ctx)
	defer stop()
	_, err := by.Exec(ctx, `SELECT pg_notify($1, one), set_config('synchronous_commit', 'off', true)
		FROM unnest($2::text[]) AS one`, p.books.channel, texts)
	if err != nil {
		p.news.giveBack(taken)
	}
	return err
}
