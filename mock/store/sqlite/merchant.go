package sqlite

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// merchant is the books of one API key. It holds nothing but the key: all else is in the file.
type merchant struct {
	books *books
	key   string
}

// counters is what a row of the table merchant counts. A transaction reads it when it begins and writes it when it
// ends.
type counters struct {
	id          int64 // of the row; zero: there is none
	number      int64
	checkouts   int64
	overNumber  int64
	orderRuns   int64
	families    int64
	requestRuns int64
	unusedSets  bool
	taskNumber  int64
	seq         int64
	entries     int64
	entryBytes  int64
	version     int64
	moment      int64
	journalTurn int64
}

func (s *session) readCounters(key string) (c counters, err error) {
	_, err = s.row(`SELECT id, number, checkouts, over_number, order_runs, families, request_runs, unused_sets,
		task_number, seq, entries, entry_bytes, version, moment, journal_turn FROM merchant WHERE key = ?`, []any{key},
		&c.id, &c.number, &c.checkouts, &c.overNumber, &c.orderRuns, &c.families, &c.requestRuns, &c.unusedSets,
		&c.taskNumber, &c.seq, &c.entries, &c.entryBytes, &c.version, &c.moment, &c.journalTurn)
	return c, err
}

func (s *session) writeCounters(c *counters) error {
	return s.run(`UPDATE merchant SET number = ?, checkouts = ?, over_number = ?, order_runs = ?, families = ?,
		request_runs = ?, unused_sets = ?, task_number = ?, seq = ?, entries = ?, entry_bytes = ?, version = ?,
		moment = ?, journal_turn = ? WHERE id = ?`,
		c.number, c.checkouts, c.overNumber, c.orderRuns, c.families, c.requestRuns, c.unusedSets, c.taskNumber, c.seq,
		c.entries, c.entryBytes, c.version, c.moment, c.journalTurn, c.id)
}

// Update implements store.Store.
func (m *merchant) Update(ctx context.Context, do func(store.Tx) error) error {
	if err := m.books.ready(ctx); err != nil {
		return err
	}
	return m.books.writer.update(func(s *session, b *batch) error {
		if err := ctx.Err(); err != nil { // it may have waited for others
			return err
		}
		tx, err := m.begin(s, b)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		return tx.end()
	})
}

// View implements store.Store.
func (m *merchant) View(ctx context.Context, do func(store.Reader) error) error {
	return m.books.view(ctx, func(s *session) error {
		found, err := s.readCounters(m.key)
		if err != nil {
			return err
		}
		return do(reader{session: s, counters: &found})
	})
}

// Claim implements store.Store.
func (m *merchant) Claim(ctx context.Context, now time.Time) (store.Task, bool, error) {
	return m.claim(ctx, now, nil)
}

// ClaimGroup implements store.Store.
func (m *merchant) ClaimGroup(ctx context.Context, now time.Time, group string) (store.Task, bool, error) {
	return m.claim(ctx, now, &group)
}

// claim claims the next task if it is due, and of the group where one is given. Nothing is written where none is due.
func (m *merchant) claim(ctx context.Context, now time.Time, group *string) (task store.Task, ok bool, err error) {
	err = m.View(ctx, func(r store.Reader) error {
		due, waits, err := r.NextDue()
		ok = waits && !due.After(now)
		return err
	})
	if err != nil || !ok {
		return store.Task{}, false, err
	}

	err = m.books.writer.update(func(s *session, b *batch) error {
		tx, err := m.begin(s, b)
		if err == nil {
			task, ok, err = tx.claimDue(now, group)
		}
		return err
	})
	if err != nil {
		return store.Task{}, false, err
	}
	return task, ok, nil
}

// Changed implements store.Store.
func (m *merchant) Changed(ctx context.Context, version uint64) (uint64, error) {
	return store.AwaitChange(ctx, m, version, func() <-chan struct{} { return m.books.wakers.next(m.key) })
}

// Merchant implements store.Reader.
func (r reader) Merchant() (record store.Merchant, err error) {
	var text *string
	_, err = r.session.row(`SELECT body FROM merchant WHERE id = ?`, []any{r.counters.id}, &text)
	switch {
	case err != nil:
		return record, err
	case text == nil:
		return record, store.ErrNotFound
	}
	return record, r.session.fail(decode(*text, &record))
}

// PutMerchant implements store.Tx.
func (tx *transaction) PutMerchant(record store.Merchant) error {
	record.Secret, record.Next = orNil(record.Secret), orNil(record.Next)
	text, err := encode(record)
	if err != nil {
		return err
	}
	tx.counters.unusedSets = true
	return tx.session.run(`UPDATE merchant SET body = ? WHERE id = ?`, text, tx.counters.id)
}

// orNil makes an empty slice nil.
func orNil[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return s
}
