// Package memory keeps the books of a sandbox in the process: they live as long as it does. Nothing is shared between
// merchants but a bound on what their journals hold together.
package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Options are the settings of books in memory. The zero value works.
type Options struct {
	JournalBytes int64 // about what all journals may hold together; zero: 256 MiB
}

// defaultJournalBytes is what all journals may hold together where nothing else is set.
const defaultJournalBytes = 256 << 20

// books are the books of all merchants. They are safe for concurrent use.
type books struct {
	budget budget
	owners owners
	image  *Image // where Close writes them; nil: nowhere

	mu        sync.RWMutex // guards merchants. Whoever holds a merchant's lock must not take it.
	merchants map[string]*merchant
}

// Open makes empty books that live as long as the process.
func Open(o Options) store.Books { return open(o) }

func open(o Options) *books {
	b := &books{merchants: map[string]*merchant{}}
	b.budget.most = cmp.Or(o.JournalBytes, defaultJournalBytes)
	b.budget.turn.Store(1) // a journal that was never written to is at zero
	return b
}

// Open implements store.Books.
func (b *books) Open(ctx context.Context, key string) (store.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m := b.of(key).lock()
	defer m.mu.Unlock()
	m.tasks.release()
	return m, nil
}

// Peek gives the books of the key as they are: claimed tasks stay claimed.
func (b *books) Peek(ctx context.Context, key string) (store.Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return b.of(key), nil
}

// of gives the books of the key, and makes empty ones for a new key.
func (b *books) of(key string) *merchant {
	b.mu.RLock()
	m, known := b.merchants[key]
	b.mu.RUnlock()
	if known {
		return m
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	if m, known = b.merchants[key]; !known {
		m = newMerchant(b, key)
		b.merchants[key] = m
	}
	return m
}

// all lists the books of every key, in no order.
func (b *books) all() []*merchant {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.Collect(maps.Values(b.merchants))
}

// Health implements store.Healthy.
func (b *books) Health(context.Context) store.Health { return store.Health{Kind: "memory"} }

// Keys implements store.Books.
func (b *books) Keys(ctx context.Context) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}

	keys := []string{}
	for _, m := range b.all() {
		if m.hasMerchant() {
			keys = append(keys, m.key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// Drop implements store.Books.
func (b *books) Drop(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}

	b.mu.Lock()
	m, known := b.merchants[key]
	delete(b.merchants, key)
	b.mu.Unlock()
	if known {
		m.drop()
		b.owners.forgetAll(m)
	}
	return nil
}

// Close implements store.Books.
func (b *books) Close() error {
	if b.image == nil {
		return nil
	}
	return b.image.write(b)
}
