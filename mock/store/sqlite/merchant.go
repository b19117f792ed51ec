package sqlite

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
)

// merchant is the books of one API key. It holds nothing but the key: all else is in the file.
type merchant struct {
	books *books
	key   string
}

// Update implements store.Store.
func (m *merchant) Update(ctx context.Context, do func(store.Tx) error) error {
	if err := m.books.ready(ctx); err != nil {
		return err
	}

	soon, journal := store.IsSoon(ctx), false
	err := m.books.update(soon, func(s *session, b *batch) error {
		if err := ctx.Err(); err != nil { // it may have waited for others
			return err
		}
		tx, err := m.begin(s)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		_, journal = tx.Changed()
		return m.end(tx, b)
	})
	if soon && journal && err == nil {
		m.books.wakers.Wake(map[string]struct{}{m.key: {}}) // whoever reads has it committed
	}
	return err
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

// claim claims the next task if it is due, and of the group where one is given. A claim need not outlive the process:
// the next one lets its task wait again.
func (m *merchant) claim(ctx context.Context, now time.Time, group *string) (task store.Task, ok bool, err error) {
	if err := m.books.ready(ctx); err != nil {
		return store.Task{}, false, err
	}

	err = m.books.update(true, func(s *session, _ *batch) error {
		tx, err := m.begin(s)
		if err == nil {
			task, ok, err = tx.ClaimDue(now, group)
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
	return store.AwaitChange(ctx, m, version, func() <-chan struct{} { return m.books.wakers.Next(m.key) })
}
