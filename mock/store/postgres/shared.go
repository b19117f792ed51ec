package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// Watch implements store.Shared.
func (b *books) Watch(told func(store.Change)) { b.process.told.Store(&told) }

// Record implements store.Shared.
func (b *books) Record(ctx context.Context, key string) (record store.Merchant, err error) {
	err = b.ask(ctx, func(s *session) error {
		record, err = tables.RecordOf(s, key)
		return err
	})
	return record, err
}

// leased is under what a context has the number of the process that its calls are made by.
type leased struct{}

// leaseOf is the lease of the context; zero: none.
func leaseOf(ctx context.Context) int64 {
	lease, _ := ctx.Value(leased{}).(int64)
	return lease
}

// fence finds out, with the next statement whose answer is needed, whether the process was taken for dead. It stands
// behind the lock of the merchant's row, so that whoever took the process's work away has either seen what it claimed
// or is seen here.
func fence(s *session, lease int64, lives *bool) {
	asked := s.statement(`SELECT 1 FROM process WHERE id = ?`, []any{lease})
	asked.read = func(found pgx.Rows) error {
		*lives = found.Next()
		return nil
	}
	s.work.along(asked)
}

// Lease implements store.SharedStore.
func (m *merchant) Lease(ctx context.Context) context.Context {
	return context.WithValue(ctx, leased{}, m.books.process.id.Load())
}

// Record implements store.SharedStore.
func (m *merchant) Record(ctx context.Context) (store.Merchant, error) {
	return m.books.Record(ctx, m.key)
}

// ClaimBy implements store.SharedStore.
func (m *merchant) ClaimBy(
	ctx context.Context, show func(store.Clock) time.Time, group *string,
) (c store.Claim, err error) {
	if !m.busy.Load() {
		clock, waits, err := m.waits(ctx, show)
		if err != nil || !waits {
			return store.Claim{Clock: clock}, err
		}
	}

	err = m.books.update(ctx, func(s *session) error {
		c = store.Claim{}
		tx, err := m.begin(ctx, s)
		if err != nil {
			return err
		}
		record, err := tx.Merchant()
		if err != nil {
			return err
		}
		c.Clock, c.Resets = record.Clock, record.Resets
		if c.Blocked, err = blocked(tx, record.Clock.Frozen); err != nil || c.Blocked {
			return err
		}
		c.Task, c.OK, err = tx.ClaimDue(show(record.Clock), group)
		return err
	})
	m.busy.Store(c.OK && err == nil)
	if c.OK {
		m.books.process.renounceAfter(err)
	}
	return c, err
}

// waits reports whether a task is due by the merchant's clock, without a lock.
func (m *merchant) waits(
	ctx context.Context, show func(store.Clock) time.Time,
) (clock store.Clock, waits bool, err error) {
	err = m.View(ctx, func(r store.Reader) error {
		record, err := r.Merchant()
		if err != nil {
			return err
		}
		clock = record.Clock
		due, ok, err := r.NextDue()
		waits = ok && !due.After(show(record.Clock))
		return err
	})
	return clock, waits, err
}

// blocked reports whether another process moves the merchant's clock, or, while that is frozen, runs a task.
func blocked(tx *tables.Transaction, frozen bool) (bool, error) {
	var one int
	return tx.Session.Row(`SELECT 1 FROM merchant WHERE id = ?1 AND mover NOT IN (0, ?2) UNION ALL
		SELECT 1 FROM task WHERE ?3 AND merchant = ?1 AND claimed > 0 AND claimed <> ?2 LIMIT 1`,
		[]any{tx.Counters.ID(), tx.Tasks.Runs, frozen}, &one)
}

// lookAgain is how long who waits for another process trusts that it is told.
const lookAgain = 250 * time.Millisecond

// await tries until it has come true, after every change of the merchant's books.
func (m *merchant) await(ctx context.Context, try func() (bool, error)) error {
	for {
		changed := m.books.wakers.Next(m.key)
		done, err := try()
		if done || err != nil {
			return err
		}

		waiting, stop := context.WithTimeout(ctx, lookAgain)
		select {
		case <-changed:
		case <-waiting.Done():
		}
		stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// Lead implements store.SharedStore. It stands in the merchant's row rather than in an advisory lock of a connection:
// a process that is stopped would keep that one.
func (m *merchant) Lead(ctx context.Context) (release func(), err error) {
	p := &m.books.process
	p.keeps(m.key)
	err = m.await(ctx, func() (taken bool, err error) {
		err = m.books.update(ctx, func(s *session) error {
			tx, err := m.begin(ctx, s)
			if err != nil {
				return err
			}
			changed, err := s.Exec(`UPDATE merchant SET mover = ?1 WHERE id = ?2 AND mover IN (0, ?1)`,
				tx.Tasks.Runs, tx.Counters.ID())
			taken = changed > 0
			return err
		})
		return taken, err
	})
	if err != nil {
		p.leaves(m.key) // it may lead all the same: nobody knows what became of its last transaction
		return nil, err
	}

	ctx = context.WithoutCancel(ctx)
	return func() {
		if m.release(ctx) != nil {
			p.leaves(m.key) // the next beats try again
		}
	}, nil
}

// release lets others lead.
func (m *merchant) release(ctx context.Context) error {
	id := m.books.process.id.Load()
	if lease := leaseOf(ctx); lease != 0 {
		id = lease
	}
	return m.books.update(ctx, func(s *session) error {
		if err := s.Run(`UPDATE merchant SET mover = 0 WHERE key = ? AND mover = ?`, m.key, id); err != nil {
			return err
		}
		return s.Run(`SELECT pg_notify(?, ?)`, m.books.channel, clockMoved(id, m.key))
	})
}

// clockMoved tells that all must look again at what is due, because the time may be another one.
func clockMoved(by int64, key string) string {
	return news{from: by, due: time.UnixMicro(1), finished: true, key: key}.text()
}

// keeps takes back that the process leads no longer.
func (p *process) keeps(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.left, key)
}

// leaves notes that the process leads no longer, although the database could not be told so.
func (p *process) leaves(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left[key] = true
}

// giveUpLeft tells the database where the process leads no longer.
func (p *process) giveUpLeft(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key := range p.left {
		_, err := p.connection.Exec(ctx, `UPDATE merchant SET mover = 0 WHERE key = $1 AND mover = $2`,
			escaping.Replace(key), p.id.Load())
		if err != nil {
			return err
		}
		delete(p.left, key)
	}
	return nil
}

// Settled implements store.SharedStore.
func (m *merchant) Settled(ctx context.Context) error {
	return m.await(ctx, func() (settled bool, err error) {
		err = m.books.ask(ctx, func(s *session) error {
			var one int
			busy, err := s.Row(`SELECT 1 FROM task WHERE merchant = (SELECT id FROM merchant WHERE key = ?)
				AND claimed <> 0 AND abs(claimed) <> ? LIMIT 1`, []any{m.key, m.books.process.id.Load()}, &one)
			settled = !busy
			return err
		})
		return settled, err
	})
}
