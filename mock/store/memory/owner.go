package memory

import (
	"context"
	"sync"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// owners remembers in whose books ids were found, so that the books of each key are asked for an id only once. Whoever
// follows a link asks again and again. Nothing is entered when a checkout is made: creates of merchants share no lock.
// Its zero value is empty.
type owners struct {
	mu      sync.Mutex           // guards all below. Whoever holds it takes no other lock.
	recent  map[string]*merchant // by id
	earlier map[string]*merchant // what was recent before
}

// mostRecent bounds the ids of either generation: some 100 bytes each.
const mostRecent = 32_768

// find answers in whose books the id was found; nil: it is not remembered.
func (o *owners) find(id string) *merchant {
	o.mu.Lock()
	defer o.mu.Unlock()
	if m := o.recent[id]; m != nil {
		return m
	}
	m := o.earlier[id]
	if m != nil {
		o.keepLocked(id, m)
	}
	return m
}

func (o *owners) keep(id string, m *merchant) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keepLocked(id, m)
}

func (o *owners) keepLocked(id string, m *merchant) {
	if o.recent == nil || len(o.recent) >= mostRecent {
		o.recent, o.earlier = map[string]*merchant{}, o.recent
	}
	o.recent[id] = m
}

// forget forgets where the id was found; it is there no more.
func (o *owners) forget(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.recent, id)
	delete(o.earlier, id)
}

// forgetAll forgets what was found in the books of a merchant, so that nothing holds them.
func (o *owners) forgetAll(gone *merchant) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, found := range []map[string]*merchant{o.recent, o.earlier} {
		for id, m := range found {
			if m == gone {
				delete(found, id)
			}
		}
	}
}

// OwnerOf implements store.Books. It asks the books of one key after the other for an id that it has not found before.
func (b *books) OwnerOf(ctx context.Context, id string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if m := b.owners.find(id); m != nil {
		if m.owns(id) {
			return m.key, nil
		}
		b.owners.forget(id)
	}

	for _, m := range b.all() {
		if m.owns(id) {
			b.owners.keep(id, m)
			return m.key, nil
		}
	}
	return "", store.ErrNotFound
}
