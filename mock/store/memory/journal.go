package memory

import (
	"iter"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// The bounds of a merchant's journal: what is older is forgotten first.
const (
	maxEntries = 10_000
	maxBytes   = 16 << 20
)

// journal is a ring of the newest entries.
type journal struct {
	seq     uint64       // of the newest entry
	version uint64       // goes up with every change, even when the count begins anew
	moment  store.Moment // the newest
	entries []entry      // oldest first, from head
	head    int
	bytes   int
}

// entry is an entry with about what it holds.
type entry struct {
	store.Entry
	bytes int
}

// Moment implements store.Tx.
func (tx *transaction) Moment() (store.Moment, error) {
	tx.m.moment++
	return tx.m.moment, nil
}

// Append implements store.Tx. The bounds are kept when the transaction takes effect.
func (tx *transaction) Append(e store.Entry) (store.Entry, error) {
	j := &tx.m.journal
	j.seq++
	j.version++
	j.moment = e.Place(j.seq, j.moment)
	j.add(e)
	return e, nil
}

func (j *journal) add(e store.Entry) {
	kept := entry{Entry: e, bytes: e.Size()}
	j.entries = append(j.entries, kept)
	j.bytes += kept.bytes
}

// cut leaves the oldest n entries, of so many bytes.
func (j *journal) cut(n, bytes int) {
	clear(j.entries[n:])
	j.entries, j.bytes = j.entries[:n], bytes
}

// bound drops the oldest entries beyond the bounds.
func (j *journal) bound() {
	for len(j.entries)-j.head > maxEntries || j.bytes > maxBytes {
		j.dropOldest()
	}
}

// dropOldest forgets the oldest entry. The slice is moved down only once half of it is free, so that a full ring costs
// the same for every entry.
func (j *journal) dropOldest() {
	j.bytes -= j.entries[j.head].bytes
	j.entries[j.head] = entry{}
	j.head++
	if j.head > len(j.entries)/2 {
		n := copy(j.entries, j.entries[j.head:])
		clear(j.entries[n:])
		j.entries, j.head = j.entries[:n], 0
	}
}

// Version implements store.Reader.
func (r reader) Version() (uint64, error) { return r.m.version, nil }

// Entries implements store.Reader.
func (r reader) Entries(q store.EntryQuery) ([]store.Entry, error) {
	found := []store.Entry{}
	for e := range r.m.journal.between(q.After, q.Before, q.NewestFirst) {
		if !q.Fits(e) {
			continue
		}
		if found = append(found, *e); len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

// between walks over the entries whose numbers lie between the two; a before of zero is no bound.
func (j *journal) between(after, before uint64, newestFirst bool) iter.Seq[*store.Entry] {
	entries := j.entries[j.head:]
	first := j.seq - uint64(len(entries)) + 1 // entries have no gaps
	if before > 0 && before <= j.seq {
		entries = entries[:max(before, first)-first]
	}
	if after >= first {
		entries = entries[min(after+1-first, uint64(len(entries))):]
	}

	return func(yield func(*store.Entry) bool) {
		for i := range entries {
			if newestFirst {
				i = len(entries) - 1 - i
			}
			if !yield(&entries[i].Entry) {
				return
			}
		}
	}
}
