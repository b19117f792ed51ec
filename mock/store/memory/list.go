package memory

import (
	"cmp"
	"iter"
	"slices"
)

// place is where a row stands among those of its kind.
type place struct {
	number uint64 // goes up with every new row
	gone   bool   // it was forgotten, and waits to be taken out of its list
	noted  bool   // it stands in the queue of those that are over
}

func (p *place) where() *place { return p }

type row interface {
	comparable
	where() *place
}

// list holds rows, oldest first. A row that is gone stays until a quarter of them are, so that forgetting one costs
// the same however many there are.
type list[R row] struct {
	rows []R
	gone int
}

func (l *list[R]) add(r R) { l.rows = append(l.rows, r) }

// newest walks over the rows from the newest to the oldest, over those before the number only. Zero means all.
func (l *list[R]) newest(before uint64) iter.Seq[R] {
	rows := l.rows
	if before > 0 {
		rows = rows[:position(rows, before)]
	}

	return func(yield func(R) bool) {
		for _, r := range slices.Backward(rows) {
			if !r.where().gone && !yield(r) {
				return
			}
		}
	}
}

// forget marks the row as gone.
func (l *list[R]) forget(r R) {
	r.where().gone = true
	l.gone++
}

// restore takes forget back.
func (l *list[R]) restore(r R) {
	r.where().gone = false
	l.gone--
}

// cut leaves the oldest n rows.
func (l *list[R]) cut(n int) {
	clear(l.rows[n:])
	l.rows = l.rows[:n]
}

// tidy takes out what is gone once it is more than a quarter.
func (l *list[R]) tidy() {
	if l.gone > 64 && 4*l.gone > len(l.rows) {
		l.rows = slices.DeleteFunc(l.rows, func(r R) bool { return r.where().gone })
		l.gone = 0
	}
}

// position is where a row with the number stands, or would, among rows in the order of their numbers.
func position[R row](rows []R, number uint64) int {
	at, _ := slices.BinarySearchFunc(rows, number, func(r R, n uint64) int { return cmp.Compare(r.where().number, n) })
	return at
}

// enter puts the row in its place among those of the key.
func enter[R row](index map[string][]R, key string, r R) {
	rows := index[key]
	index[key] = slices.Insert(rows, position(rows, r.where().number), r)
}

// leave takes the row away from those of the key.
func leave[R row](index map[string][]R, key string, r R) {
	rows := index[key]
	at := position(rows, r.where().number)
	switch {
	case at == len(rows) || rows[at] != r:
	case len(rows) == 1:
		delete(index, key)
	default:
		index[key] = slices.Delete(rows, at, at+1)
	}
}
