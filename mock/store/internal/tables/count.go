package tables

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

// afterPrefix follows every text that begins with a prefix, if it is put behind that: it is the last sign of Unicode.
const afterPrefix = "\U0010FFFF"

// Count implements store.Reader.
func (r Reader) Count(name string) (uint64, error) {
	var n int64
	_, err := r.Session.Row(`SELECT n FROM count WHERE merchant = ? AND name = ?`, []any{r.Counters.id, name}, &n)
	return uint64(n), err
}

// Counts implements store.Reader.
func (r Reader) Counts(prefix string) (map[string]uint64, error) {
	all := map[string]uint64{}
	err := r.Session.Rows(`SELECT name, n FROM count WHERE merchant = ? AND name >= ? AND name < ? AND n > 0`,
		[]any{r.Counters.id, prefix, prefix + afterPrefix}, func(scan func(...any) error) (bool, error) {
			var name string
			var n int64
			err := scan(&name, &n)
			all[name] = uint64(n)
			return true, err
		})
	return all, err
}

// counted is by how much counts are higher than the table says.
func (tx *Transaction) counted() map[string]int64 {
	if tx.added != nil {
		return tx.added
	}
	return tx.before.added
}

// toAdd is counted, to be changed.
func (tx *Transaction) toAdd() map[string]int64 {
	if tx.added == nil {
		tx.added = make(map[string]int64, len(tx.before.added))
		maps.Copy(tx.added, tx.before.added)
	}
	return tx.added
}

// Count implements store.Reader.
func (tx *Transaction) Count(name string) (uint64, error) {
	n, known := tx.read[name]
	if !known {
		found, err := tx.Reader.Count(name)
		if err != nil {
			return 0, err
		}
		n = int64(found)
		tx.read = with(tx.read, name, n)
	}
	return uint64(n + tx.counted()[name]), nil
}

// with is the counts with one more.
func with(counts map[string]int64, name string, n int64) map[string]int64 {
	more := make(map[string]int64, len(counts)+1)
	maps.Copy(more, counts)
	more[name] = n
	return more
}

// Counts implements store.Reader.
func (tx *Transaction) Counts(prefix string) (map[string]uint64, error) {
	all, err := tx.Reader.Counts(prefix)
	for name, n := range tx.counted() {
		if strings.HasPrefix(name, prefix) {
			all[name] += uint64(n)
		}
	}
	return all, err
}

// Add implements store.Tx. What is counted up is written down later, all of it with one statement.
func (tx *Transaction) Add(n int64, names ...string) error {
	for _, name := range names {
		switch {
		case n > 0:
			tx.toAdd()[name] += n
		case n < 0:
			if err := tx.takeOff(-n, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeOff counts down by n, and not below zero.
func (tx *Transaction) takeOff(n int64, name string) error {
	tx.read = nil
	if added := tx.counted()[name]; added > 0 {
		if err := writeAdded(tx.Session, tx.Counters.id, map[string]int64{name: added}); err != nil {
			return err
		}
		delete(tx.toAdd(), name)
	}

	if err := tx.Session.Run(`UPDATE count SET n = CASE WHEN n < ?1 THEN 0 ELSE n - ?1 END
		WHERE merchant = ?2 AND name = ?3`, n, tx.Counters.id, name); err != nil {
		return err
	}
	return tx.Session.Run(`DELETE FROM count WHERE merchant = ? AND name = ? AND n = 0`, tx.Counters.id, name)
}

// DropCounts implements store.Tx.
func (tx *Transaction) DropCounts(prefix string) error {
	tx.read = nil
	if len(tx.counted()) > 0 {
		maps.DeleteFunc(tx.toAdd(), func(name string, _ int64) bool { return strings.HasPrefix(name, prefix) })
	}
	return tx.Session.Run(`DELETE FROM count WHERE merchant = ? AND name >= ? AND name < ?`,
		tx.Counters.id, prefix, prefix+afterPrefix)
}

// sorted gives the counts in the order of their names: two that write several of them never wait for each other.
func sorted(counts map[string]int64) iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			if !yield(name, counts[name]) {
				return
			}
		}
	}
}
