package memory

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// budget bounds what all journals hold together, so that many merchants cannot fill the memory. Where it is spent, the
// journals that were not written to for longest forget their oldest entries.
type budget struct {
	most int64 // bytes
	held atomic.Int64
	turn atomic.Uint64 // goes up whenever another journal is written to

	making sync.Mutex // held while room is made. Whoever holds a merchant's lock must not take it.
}

// chargeLocked tells the budget what the journal holds now.
func (m *merchant) chargeLocked() {
	m.books.budget.held.Add(int64(m.bytes - m.charged))
	m.charged = m.bytes
}

// journalWritten marks the journal as the one that was written to last, and makes room if the budget is spent. The
// caller holds no lock.
func (b *books) journalWritten(m *merchant) {
	if m.used.Load() != b.budget.turn.Load() {
		m.used.Store(b.budget.turn.Add(1))
	}
	if b.budget.held.Load() > b.budget.most {
		b.makeRoom()
	}
}

// makeRoom has the longest idle journals forget their oldest entries: somewhat more than is needed, so that it is not
// done for every entry.
func (b *books) makeRoom() {
	b.budget.making.Lock()
	defer b.budget.making.Unlock()
	if b.budget.held.Load() <= b.budget.most {
		return
	}

	type member struct {
		merchant *merchant
		used     uint64 // as it was: it goes on changing
	}
	var idle []member
	for _, m := range b.all() {
		if used := m.used.Load(); used > 0 {
			idle = append(idle, member{m, used})
		}
	}
	slices.SortFunc(idle, func(x, y member) int { return cmp.Compare(x.used, y.used) })

	enough := b.budget.most - b.budget.most/32
	for _, m := range idle {
		if b.budget.held.Load() <= enough {
			return
		}
		m.merchant.giveWay(enough)
	}
}

// giveWay forgets the oldest entries until the budget holds no more than that, and keeps the newest: whoever reads
// sees by its number that others were before it.
func (m *merchant) giveWay(most int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.entries)-m.head > 1 && m.books.budget.held.Load() > most {
		m.dropOldest()
		m.chargeLocked()
	}
}
