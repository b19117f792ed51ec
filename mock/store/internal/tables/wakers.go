package tables

import (
	"context"
	"sync"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Wakers wake those who wait for a change of a key's journal.
type Wakers struct {
	mu    sync.Mutex // guards byKey
	byKey map[string]chan struct{}
}

// next is closed when the journal of the key changes.
func (w *Wakers) next(key string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byKey == nil {
		w.byKey = map[string]chan struct{}{}
	}
	if w.byKey[key] == nil {
		w.byKey[key] = make(chan struct{})
	}
	return w.byKey[key]
}

// Wake wakes those who wait for one of the keys.
func (w *Wakers) Wake(keys map[string]struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key := range keys {
		if changed := w.byKey[key]; changed != nil {
			close(changed)
			delete(w.byKey, key)
		}
	}
}

// Changed is the Changed of a store.Store; view is its View.
func (w *Wakers) Changed(
	ctx context.Context, key string, version uint64, view func(context.Context, func(store.Reader) error) error,
) (uint64, error) {
	for {
		changed := w.next(key)
		var now uint64
		err := view(ctx, func(r store.Reader) (err error) {
			now, err = r.Version()
			return err
		})
		if err != nil {
			return version, err
		}
		if now != version {
			return now, nil
		}

		select {
		case <-changed:
		case <-ctx.Done():
			return version, ctx.Err()
		}
	}
}
