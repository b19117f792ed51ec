package memory

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// orderQueue holds the ids of the orders that have a run, those whose first run was put first in front. One whose run
// has been dropped stays until its turn comes or the queue is tidied.
type orderQueue struct {
	rows   []orderPlace // from head
	head   int
	number uint64 // of the newest place
}

type orderPlace struct {
	number uint64
	id     string
}

// add gives the order the last place, and answers its number.
func (q *orderQueue) add(id string) uint64 {
	q.number++
	q.rows = append(q.rows, orderPlace{q.number, id})
	return q.number
}

// cut leaves the oldest n places, and puts those from head back.
func (q *orderQueue) cut(n, head int) {
	clear(q.rows[n:])
	q.rows, q.head = q.rows[:n], head
}

// tidyOrders takes the places out that have been used and those of dropped runs, once they are most of the queue.
func (m *merchant) tidyOrders() {
	q, kept := &m.ordersRun, len(m.runs[store.OfOrder])
	if len(q.rows) <= 2*kept+64 {
		return
	}
	rows := slices.DeleteFunc(q.rows[q.head:], func(p orderPlace) bool { return !m.stands(p) })
	q.rows, q.head = slices.Clone(rows), 0
}

// stands reports whether the order that got the place has its run still.
func (m *merchant) stands(p orderPlace) bool {
	row := m.runs[store.OfOrder][p.id]
	return row != nil && row.first == p.number
}

// forgetOrders forgets the runs of the orders that came first, until at most keep are left.
func (tx *transaction) forgetOrders(keep int) {
	m := tx.m
	for q := &m.ordersRun; len(m.runs[store.OfOrder]) > keep && q.head < len(q.rows); {
		first := q.rows[q.head]
		q.head++
		if m.stands(first) {
			tx.setRun(store.OrderRun(first.id), nil)
		}
	}
}
