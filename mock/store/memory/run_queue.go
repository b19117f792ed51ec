package memory

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// runQueue holds the ids of the subjects of one kind that have a run, those whose first run was put first in front. One
// whose run has been dropped stays until its turn comes or the queue is tidied.
type runQueue struct {
	rows   []runPlace // from head
	head   int
	number uint64 // of the newest place
}

type runPlace struct {
	number uint64
	id     string
}

// add gives the subject the last place, and answers its number.
func (q *runQueue) add(id string) uint64 {
	q.number++
	q.rows = append(q.rows, runPlace{q.number, id})
	return q.number
}

// cut leaves the oldest n places, and puts those from head back.
func (q *runQueue) cut(n, head int) {
	clear(q.rows[n:])
	q.rows, q.head = q.rows[:n], head
}

// queueOf is the queue of the subjects of a kind; nil: their runs are forgotten with what they belong to.
func (m *merchant) queueOf(kind store.SubjectKind) *runQueue {
	switch kind {
	case store.OfOrder:
		return &m.ordersRun
	case store.OfRequest:
		return &m.requestsRun
	}
	return nil
}

// tidyRuns takes the places out that have been used and those of dropped runs, once they are most of the queue.
func (m *merchant) tidyRuns(kind store.SubjectKind) {
	q, kept := m.queueOf(kind), len(m.runs[kind])
	if len(q.rows) <= 2*kept+64 {
		return
	}
	rows := slices.DeleteFunc(q.rows[q.head:], func(p runPlace) bool { return !m.stands(kind, p) })
	q.rows, q.head = slices.Clone(rows), 0
}

// stands reports whether the subject that got the place has its run still.
func (m *merchant) stands(kind store.SubjectKind, p runPlace) bool {
	row := m.runs[kind][p.id]
	return row != nil && row.first == p.number
}

// forgetRuns forgets the runs of the subjects of a kind that came first, until at most keep are left.
func (tx *transaction) forgetRuns(kind store.SubjectKind, keep int) {
	m := tx.m
	for q := m.queueOf(kind); len(m.runs[kind]) > keep && q.head < len(q.rows); {
		first := q.rows[q.head]
		q.head++
		if m.stands(kind, first) {
			tx.setRun(store.Subject{Kind: kind, ID: first.id}, nil)
		}
	}
}
