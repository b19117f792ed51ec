package journal

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
)

// The bounds of a merchant's journal: what is older is forgotten first.
const (
	maxEntries = 10_000
	maxBytes   = 16 << 20
)

// Journal is one merchant's record, a ring of the newest entries. It is safe for concurrent use.
type Journal struct {
	budget *Budget       // nil: none
	moment atomic.Uint64 // the newest Moment
	used   atomic.Uint64 // the budget's turn when it was last written to; zero: never

	mu      sync.Mutex // guards all below
	left    bool       // it takes no part in the budget any more
	seq     uint64
	version uint64  // grows with every change, even when the count begins anew
	entries []Entry // oldest first, from head
	head    int
	bytes   int
	changed chan struct{} // closed at the next entry; nil while nobody waits
}

// New makes an empty journal.
func New() *Journal { return &Journal{} }

// Within makes an empty journal that shares a budget with others.
func Within(b *Budget) *Journal { return &Journal{budget: b} }

// Append records the entry, which must not be changed afterwards, and answers it as it was recorded.
func (j *Journal) Append(e Entry) Entry {
	e.settle()
	j.budget.use(j)
	e = j.append(e)
	j.budget.makeRoom()
	return e
}

func (j *Journal) append(e Entry) Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	j.version++
	e.Seq = j.seq
	j.placeLocked(&e)
	j.entries = append(j.entries, e)
	j.bytes += e.bytes
	j.takeLocked(e.bytes)
	for len(j.entries)-j.head > maxEntries || j.bytes > maxBytes {
		j.dropOldestLocked()
	}

	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
	return e
}

// placeLocked gives the entry its place in the order of beginnings and ends.
func (j *Journal) placeLocked(e *Entry) {
	e.StartSeq, e.EndSeq, e.Cause = j.sinceReset(e.StartSeq), j.sinceReset(e.EndSeq), j.sinceReset(e.Cause)
	if e.EndSeq == 0 {
		e.EndSeq = j.Moment().number()
	}
	if e.EndedAt.IsZero() {
		e.EndedAt = e.Time
	}
}

// takeLocked takes so many bytes of the budget, or gives them back.
func (j *Journal) takeLocked(bytes int) {
	if !j.left {
		j.budget.take(bytes)
	}
}

// giveWay forgets the oldest entries until the budget holds no more than that, and keeps the newest: whoever reads
// sees by its number that others were before it.
func (j *Journal) giveWay(most int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for !j.left && len(j.entries)-j.head > 1 && j.budget.held.Load() > most {
		j.dropOldestLocked()
	}
}

// dropOldestLocked forgets the oldest entry. The slice is moved down only once half of it is free,
// so that a full ring costs the same for every entry.
func (j *Journal) dropOldestLocked() {
	j.bytes -= j.entries[j.head].bytes
	j.takeLocked(-j.entries[j.head].bytes)
	j.entries[j.head] = Entry{}
	j.head++
	if j.head > len(j.entries)/2 {
		n := copy(j.entries, j.entries[j.head:])
		clear(j.entries[n:])
		j.entries, j.head = j.entries[:n], 0
	}
}

// Reset forgets all entries and begins to count anew.
func (j *Journal) Reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.takeLocked(-j.bytes)
	j.seq, j.entries, j.head, j.bytes = 0, nil, 0, 0
	j.beginMoments()
	j.version++
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// Leave gives back what the journal holds of its budget, for good. Whoever still looks at it is not disturbed.
func (j *Journal) Leave() {
	j.budget.leave(j)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.takeLocked(-j.bytes)
	j.left = true
}

// Newest answers the entries that fit, oldest first; of more than limit, the newest. Zero is no limit.
func (j *Journal) Newest(f Filter, limit int) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	found := j.selectLocked(f)
	if limit > 0 && len(found) > limit {
		found = found[len(found)-limit:]
	}
	return found
}

// Oldest answers the entries that fit, oldest first; of more than limit, the oldest. It is for those
// who read on from where they were.
func (j *Journal) Oldest(f Filter, limit int) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	found := j.selectLocked(f)
	return found[:min(limit, len(found))]
}

func (j *Journal) selectLocked(f Filter) []Entry {
	f.OrderID, f.CheckoutID = masked(f.OrderID), masked(f.CheckoutID)
	found := []Entry{}
	for i := range j.entries[j.head:] {
		if e := &j.entries[j.head+i]; f.matches(e) {
			found = append(found, *e)
		}
	}
	return found
}

// Wait blocks until at least count entries fit, and answers them. When ctx ends first it answers
// what fits by then and false.
func (j *Journal) Wait(ctx context.Context, f Filter, count int) ([]Entry, bool) {
	for {
		j.mu.Lock()
		found := j.selectLocked(f)
		if len(found) >= count {
			j.mu.Unlock()
			return found, true
		}
		if j.changed == nil {
			j.changed = make(chan struct{})
		}
		changed := j.changed
		j.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return found, false
		}
	}
}

// Changed blocks until the journal is not at the version any more, and answers the one it is at. When
// ctx ends first it answers false. Version zero is before every other.
func (j *Journal) Changed(ctx context.Context, version uint64) (uint64, bool) {
	for {
		j.mu.Lock()
		now := j.version
		if j.changed == nil && now == version {
			j.changed = make(chan struct{})
		}
		changed := j.changed
		j.mu.Unlock()
		if now != version {
			return now, true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return version, false
		}
	}
}

// Version says which state of the journal this is; Changed waits for another.
func (j *Journal) Version() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.version
}

// Page answers at most limit entries that fit and are older than the number before, newest first, and
// whether there are more. A before of zero begins with the newest.
func (j *Journal) Page(f Filter, before uint64, limit int) (found []Entry, more bool) {
	f.OrderID, f.CheckoutID = masked(f.OrderID), masked(f.CheckoutID)
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := len(j.entries) - 1; i >= j.head; i-- {
		e := &j.entries[i]
		if !f.matches(e) || (before > 0 && e.Seq >= before) {
			continue
		}
		if len(found) == limit {
			return found, true
		}
		found = append(found, *e)
	}
	return found, false
}

// Forgotten reports whether the ring has dropped entries.
func (j *Journal) Forgotten() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq > uint64(len(j.entries)-j.head)
}

// Filter narrows the journal. Zero fields do not narrow.
type Filter struct {
	CheckoutID string
	OrderID    string
	Kind       Kind
	After      uint64 // only entries with a greater number
	Violation  bool   // only requests of a merchant that broke the contract
	Status     string // a payment's or a delivery's status, or the HTTP status of the answer
}

func (f Filter) matches(e *Entry) bool {
	return (f.CheckoutID == "" || f.CheckoutID == e.CheckoutID) &&
		(f.OrderID == "" || f.OrderID == e.OrderID) &&
		(f.Kind == "" || f.Kind == e.Kind) &&
		e.Seq > f.After &&
		(!f.Violation || e.violates()) &&
		(f.Status == "" || f.Status == e.Status || f.Status == e.answerStatus())
}

// violates reports whether a request broke the contract: it was refused, other than by a scenario, or
// taken with a warning.
func (e *Entry) violates() bool {
	if e.Kind != Create && e.Kind != Status && e.Kind != Request {
		return false
	}
	refused := e.Response != nil && e.Response.Status >= 400 && e.Response.Status < 500 && e.Response.Status != http.StatusTooManyRequests
	return len(e.Warnings) > 0 || refused && e.Scenario == ""
}

func (e *Entry) answerStatus() string {
	if e.Response == nil {
		return ""
	}
	return strconv.Itoa(e.Response.Status)
}
