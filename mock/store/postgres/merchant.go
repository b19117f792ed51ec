package postgres

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// merchant is the books of one API key. All that it says is in the database.
type merchant struct {
	books *books
	key   string
	busy  atomic.Bool // the last look found a task that was due, so that another one is likely
}

// standing reads and locks the row of the key, if the tables are still of the version of this program.
func (b *books) standing(s *session, key string) (tables.Standing, error) {
	return tables.ReadStanding(s, key, b.major+" FOR UPDATE")
}

// begin makes a transaction of the key, and its row if there is none. A lease in ctx must still be the process's.
func (m *merchant) begin(ctx context.Context, s *session) (*tables.Transaction, error) {
	id, lease, lives := m.books.process.id.Load(), leaseOf(ctx), true
	standing := func() (tables.Standing, error) {
		if lease != 0 {
			fence(s, lease, &lives)
		}
		return m.books.standing(s, m.key)
	}
	found, err := standing()
	if err == nil && !found.Known() {
		if err = s.Run(`INSERT INTO merchant (key) VALUES (?) ON CONFLICT (key) DO NOTHING`, m.key); err == nil {
			found, err = standing()
		}
	}
	switch {
	case err != nil:
		return nil, err
	case !found.Known():
		return nil, s.Fail(errTaken)
	case !lives:
		m.books.process.beatNow()
		return nil, store.ErrLost
	case lease != 0:
		id = lease
	}
	return tables.Begin(s, found, tables.Claimer{Runs: id, Holds: -id}), nil
}

// end writes down what the transaction has counted, and keeps the bounds of the journals. It answers by how much all
// journals have grown.
func (m *merchant) end(tx *tables.Transaction) (grown int64, err error) {
	if err := tx.WriteAdded(); err != nil {
		return 0, err
	}
	counters, journal := tx.Changed()
	switch {
	case !counters:
		return 0, nil
	case !journal:
		return 0, tables.WriteCounters(tx.Session, tx.Counters)
	}

	if turn := m.books.turn.Load(); tx.Counters.Turn() < turn || turn == 0 {
		tx.Counters.SetTurn(m.books.turn.Add(1))
	}
	if err := tx.BoundJournal(); err != nil {
		return 0, err
	}
	if err := tables.WriteCounters(tx.Session, tx.Counters); err != nil {
		return 0, err
	}
	freed, err := m.boundJournals(tx)
	return tx.Grown() - freed, err
}

// news is what the other processes are told of what the transaction has changed. ok is false where it is nothing.
func (m *merchant) news(tx *tables.Transaction) (n news, ok bool) {
	_, journal := tx.Changed()
	ok = journal || tx.Tasks.Gone || tx.Forgotten || !tx.Tasks.Earliest.IsZero()
	return news{due: tx.Tasks.Earliest, finished: tx.Tasks.Gone, forgotten: tx.Forgotten, key: m.key}, ok
}

// boundJournals bounds what all journals hold together. Where it is too much, those that were not written to for
// longest forget their oldest entries: somewhat more than is needed, so that it is not done for every entry. Merchants
// that are in a transaction are passed over, so that no two wait for each other.
func (m *merchant) boundJournals(tx *tables.Transaction) (freed int64, err error) {
	most, held := m.books.journalBytes, m.books.held.Load()+tx.Grown()
	if held <= most {
		return 0, nil
	}
	return tables.MakeRoom(tx.Session, held-(most-most/32), " FOR UPDATE SKIP LOCKED")
}

// Update implements store.Store.
func (m *merchant) Update(ctx context.Context, do func(store.Tx) error) error {
	p := &m.books.process
	var grown int64
	var told news
	var tells, woken, holds bool
	err := m.books.update(ctx, func(s *session) error {
		tells, holds = false, false
		tx, err := m.begin(ctx, s)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		grown, err = m.end(tx)
		_, woken = tx.Changed()
		told, tells = m.news(tx)
		holds = tx.Tasks.Held
		return err
	})
	if holds {
		p.renounceAfter(err)
	}
	if done := err == nil || errors.Is(err, errUnknown); tells && done && !p.alone.Load() {
		p.news.add(told)
	}
	if err != nil || !woken {
		return err
	}

	m.books.held.Add(grown)
	m.books.wakers.Wake(map[string]struct{}{m.key: {}})
	return nil
}

// View implements store.Store.
func (m *merchant) View(ctx context.Context, do func(store.Reader) error) error {
	return m.books.view(ctx, func(s *session) error { return tables.View(s, m.key, do) })
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
	if ok, err = tables.IsDue(ctx, m, now); err != nil || !ok {
		return store.Task{}, false, err
	}

	err = m.books.update(ctx, func(s *session) error {
		tx, err := m.begin(ctx, s)
		if err == nil {
			task, ok, err = tx.ClaimDue(now, group)
		}
		return err
	})
	if ok {
		m.books.process.renounceAfter(err)
	}
	if err != nil {
		return store.Task{}, false, err
	}
	return task, ok, nil
}

// Changed implements store.Store.
func (m *merchant) Changed(ctx context.Context, version uint64) (uint64, error) {
	return store.AwaitChange(ctx, m, version, func() <-chan struct{} { return m.books.wakers.Next(m.key) })
}
