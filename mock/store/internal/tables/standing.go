package tables

import (
	"maps"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Standing is what is known of a merchant between its transactions: its row, and what has been counted and does not
// stand in the table yet. An engine that keeps it from one transaction to the next spares itself to read it.
type Standing struct {
	Counters
	record record
	behind bool // the tables do not say all of it

	// Counts are replaced, never changed: those of a transaction may be taken back.
	read  map[string]int64 // what the table says of some
	added map[string]int64 // by how much they are higher
}

// record is the merchant's own record. It is decoded when somebody asks for it. The zero value is that none has been put.
type record struct {
	text  *string // as it stands in the row
	value *store.Merchant
}

// copy answers the record for a caller who may change it.
func (r *record) copy(s Session) (store.Merchant, error) {
	if r.value == nil {
		if r.text == nil {
			return store.Merchant{}, store.ErrNotFound
		}
		r.value = &store.Merchant{}
		if err := decode(*r.text, r.value); err != nil {
			r.value = nil
			return store.Merchant{}, s.Fail(err)
		}
	}
	return r.value.Clone(), nil
}

// Standing is what is known of the merchant once the transaction has taken effect.
func (tx *Transaction) Standing() Standing {
	after := Standing{
		Counters: *tx.Counters, record: *tx.record, read: tx.read, added: tx.counted(),
		behind: tx.before.behind || *tx.Counters != tx.before.Counters || tx.added != nil,
	}
	if len(after.read) > mostRead {
		after.read = nil
	}
	return after
}

// Behind reports whether the tables do not say all of it.
func (s *Standing) Behind() bool { return s.behind }

// WriteDown brings the tables to what is known.
func (s *Standing) WriteDown(to Session) error {
	if err := WriteCounters(to, &s.Counters); err != nil {
		return err
	}
	if err := writeAdded(to, s.id, s.added); err != nil {
		return err
	}
	s.read, s.added, s.behind = raised(s.read, s.added), nil, false
	return nil
}

// mostRead bounds how many counts are remembered.
const mostRead = 256

// raised is what the table says of counts once it has been added to them.
func raised(read, added map[string]int64) map[string]int64 {
	var after map[string]int64
	for name, n := range added {
		if _, known := read[name]; !known {
			continue
		}
		if after == nil {
			after = maps.Clone(read)
		}
		after[name] += n
	}
	if after == nil {
		return read
	}
	return after
}

// WriteAdded writes down what the transaction has counted and the table does not say.
func (tx *Transaction) WriteAdded() error {
	added := tx.counted()
	if len(added) == 0 {
		return nil
	}
	tx.added, tx.read = map[string]int64{}, nil
	return writeAdded(tx.Session, tx.Counters.id, added)
}

// addedAtOnce bounds how many counts one statement writes.
const addedAtOnce = 32

// writeAdded adds to counts in the table.
func writeAdded(to Session, merchant int64, added map[string]int64) error {
	args := make([]any, 0, 3*min(len(added), addedAtOnce))
	for name, n := range sorted(added) {
		args = append(args, merchant, name, n)
		if len(args) == 3*addedAtOnce {
			if err := to.Run(addingTo(addedAtOnce), args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}

	if len(args) == 0 {
		return nil
	}
	return to.Run(addingTo(len(args)/3), args...)
}

// addingTo is the statement that adds to so many counts.
func addingTo(counts int) string {
	return `INSERT INTO count (merchant, name, n) VALUES (?, ?, ?)` + strings.Repeat(", (?, ?, ?)", counts-1) +
		` ON CONFLICT (merchant, name) DO UPDATE SET n = count.n + excluded.n`
}
