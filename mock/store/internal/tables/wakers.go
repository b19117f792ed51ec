package tables

import "sync"

// Wakers wake those who wait for a change of a key's journal.
type Wakers struct {
	mu    sync.Mutex // guards byKey
	byKey map[string]chan struct{}
}

// Next is closed when the journal of the key changes.
func (w *Wakers) Next(key string) <-chan struct{} {
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

// WakeAll wakes everybody who waits.
func (w *Wakers) WakeAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, changed := range w.byKey {
		close(changed)
	}
	clear(w.byKey)
}
