package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// looks are what was seen of the other processes, by their numbers.
type looks map[int64]look

type look struct {
	beat int64
	same int // looks in a row that found this beat
}

// look answers the processes that are dead, with the beat that they stopped at, and whether any that was seen before is
// gone: whatever it has not told any more must be looked for.
func (p *process) look(ctx context.Context) (dead looks, gone bool, err error) {
	rows, err := p.connection.Query(ctx, `SELECT id, beat FROM process WHERE id <> $1`, p.id.Load())
	if err != nil {
		return nil, false, err
	}
	seen, dead := looks{}, looks{}
	var id, beat int64
	_, err = pgx.ForEachRow(rows, []any{&id, &beat}, func() error {
		now := look{beat: beat}
		if before, known := p.looks[id]; known && before.beat == beat {
			now.same = before.same + 1
		}
		seen[id] = now
		if now.same >= mostLooks {
			dead[id] = now
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}

	for id := range p.looks {
		_, there := seen[id]
		gone = gone || !there
	}
	p.looks = seen
	p.alone.Store(len(seen) == 0)
	return dead, gone, nil
}

// orphaned are the merchants that a process works on which is none any more.
const orphaned = `SELECT id FROM merchant WHERE mover <> 0 AND mover NOT IN (SELECT id FROM process)
	UNION SELECT merchant FROM task WHERE claimed <> 0 AND abs(claimed) NOT IN (SELECT id FROM process)`

// takeOver lets the work of dead processes wait for whoever is first. A process is taken away before its work is: what
// it claims in a transaction that still runs is seen, because that one has the row of the merchant.
func (p *process) takeOver(ctx context.Context, dead looks) error {
	for id, last := range dead {
		if _, err := p.connection.Exec(ctx, `DELETE FROM process WHERE id = $1 AND beat = $2`, id, last.beat); err != nil {
			return err
		}
	}
	rows, err := p.connection.Query(ctx, orphaned)
	if err != nil {
		return err
	}
	merchants, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}

	for _, merchant := range merchants {
		switch err := p.takeOverOf(ctx, merchant); {
		case codeOf(err) == lockTimeout: // the next beat tries this one again
			continue
		case err != nil:
			return err
		}
	}
	return nil
}

// takeOverOf lets a merchant's work wait again. Who has the row may have stopped in its transaction, which PostgreSQL
// ends soon; a beat does not wait for that.
func (p *process) takeOverOf(ctx context.Context, merchant int64) error {
	return pgx.BeginFunc(ctx, p.connection, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '300ms'`); err != nil {
			return err
		}
		var key string
		err := tx.QueryRow(ctx, `SELECT key FROM merchant WHERE id = $1 FOR UPDATE`, merchant).Scan(&key)
		if errors.Is(err, pgx.ErrNoRows) {
			_, err = tx.Exec(ctx, `DELETE FROM task WHERE merchant = $1`, merchant)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE task SET claimed = 0 WHERE merchant = $1 AND claimed <> 0
			AND abs(claimed) NOT IN (SELECT id FROM process)`, merchant); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE merchant SET mover = 0 WHERE id = $1
			AND mover NOT IN (SELECT id FROM process)`, merchant); err != nil {
			return err
		}
		// From nobody, so that this process hears it as well.
		_, err = tx.Exec(ctx, "SELECT pg_notify($1, $2)", p.books.channel, clockMoved(0, restoring.Replace(key)))
		return err
	})
}
