package journal

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// Budget bounds what many journals hold together, so that many merchants cannot fill the memory. Where it is spent,
// the journals that were not written to for longest forget their oldest entries. It is safe for concurrent use, and
// a nil one has no bound.
type Budget struct {
	most int64 // bytes
	held atomic.Int64
	turn atomic.Uint64 // goes up whenever another journal is written to

	mu      sync.Mutex // guards members; held while room is made. Whoever holds a journal's lock must not take it.
	members map[*Journal]bool
}

// NewBudget makes a budget of so many bytes.
func NewBudget(bytes int64) *Budget {
	b := &Budget{most: bytes, members: map[*Journal]bool{}}
	b.turn.Store(1) // a journal that was never written to is at zero
	return b
}

func (b *Budget) take(bytes int) {
	if b != nil {
		b.held.Add(int64(bytes))
	}
}

// use marks the journal as the one that was written to last. It locks only at a journal's first entry.
func (b *Budget) use(j *Journal) {
	if b == nil {
		return
	}
	switch j.used.Load() {
	case b.turn.Load():
		return
	case 0:
		b.mu.Lock()
		b.members[j] = true
		b.mu.Unlock()
	}
	j.used.Store(b.turn.Add(1))
}

func (b *Budget) leave(j *Journal) {
	if b != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.members, j)
		j.used.CompareAndSwap(0, 1) // what is still to come into it makes it no member
	}
}

// makeRoom has the longest idle journals forget their oldest entries, when the budget is spent: somewhat more than is
// needed, so that it is not done for every entry.
func (b *Budget) makeRoom() {
	if b == nil || b.held.Load() <= b.most {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()

	type member struct {
		journal *Journal
		used    uint64 // as it was: it goes on changing
	}
	idle := make([]member, 0, len(b.members))
	for j := range b.members {
		idle = append(idle, member{j, j.used.Load()})
	}
	slices.SortFunc(idle, func(x, y member) int { return cmp.Compare(x.used, y.used) })

	enough := b.most - b.most/32
	for _, m := range idle {
		if b.held.Load() <= enough {
			return
		}
		m.journal.giveWay(enough)
	}
}
