package memory

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// transaction changes the books in place and remembers how to take every change back.
type transaction struct {
	reader
	changes []change
	counted []countBefore
	before  marks
}

// change is how one change is taken back. A create's changes need no closure.
type change struct {
	undo     func()       // the others
	checkout *checkoutRow // was added, with its first payment
	task     *queued      // was scheduled
	replaced *queued      // had been scheduled in its place; nil: none
}

// marks is what only grows within a transaction, as it was at the beginning.
type marks struct {
	number, taskSeq, seq, version       uint64
	moment                              store.Moment
	checkouts, payments, deliveries     int
	over, overHead, entries, entryBytes int
	settled, settledHead                int
	orders, ordersHead                  int
	requests, requestsHead              int
}

// begin notes how far everything is.
func (tx *transaction) begin() {
	m := tx.m
	tx.before = marks{
		number: m.number, taskSeq: m.tasks.seq, seq: m.seq, version: m.version, moment: m.moment,
		checkouts: len(m.checkoutOrder.rows), payments: len(m.paymentOrder.rows), deliveries: len(m.deliveryOrder.rows),
		over: len(m.over.rows), overHead: m.over.head, entries: len(m.entries), entryBytes: m.bytes,
		settled: len(m.settled.rows), settledHead: m.settled.head,
		orders: len(m.ordersRun.rows), ordersHead: m.ordersRun.head,
		requests: len(m.requestsRun.rows), requestsHead: m.requestsRun.head,
	}
}

func (tx *transaction) onRollBack(undo func()) { tx.changes = append(tx.changes, change{undo: undo}) }

// rollBack takes every change back, the latest first.
func (tx *transaction) rollBack() {
	m := tx.m
	for i := range slices.Backward(tx.changes) {
		tx.changes[i].takeBack(m)
	}
	for _, c := range slices.Backward(tx.counted) {
		c.counter.n = c.n
	}
	for _, c := range tx.counted {
		m.dropIfZero(c.counter)
	}

	was := &tx.before
	m.number, m.tasks.seq, m.seq, m.version, m.moment = was.number, was.taskSeq, was.seq, was.version, was.moment
	m.checkoutOrder.cut(was.checkouts)
	m.paymentOrder.cut(was.payments)
	m.deliveryOrder.cut(was.deliveries)
	m.over.cut(was.over, was.overHead)
	m.settled.cut(was.settled, was.settledHead)
	m.ordersRun.cut(was.orders, was.ordersHead)
	m.requestsRun.cut(was.requests, was.requestsHead)
	m.journal.cut(was.entries, was.entryBytes)
	tx.clear()
}

func (c *change) takeBack(m *merchant) {
	switch {
	case c.undo != nil:
		c.undo()
	case c.checkout != nil:
		m.takeBackCheckout(c.checkout)
	default:
		m.tasks.takeBack(c.task, c.replaced)
	}
}

// commit tidies up what could not be while the transaction could still be taken back, and reports whether the journal
// has changed.
func (tx *transaction) commit() (recorded bool) {
	m := tx.m
	for _, c := range tx.counted {
		m.dropIfZero(c.counter)
	}
	m.checkoutOrder.tidy()
	m.paymentOrder.tidy()
	m.deliveryOrder.tidy()
	m.over.tidy(tx.before.overHead)
	m.settled.tidy(tx.before.settledHead)
	m.tidyRuns(store.OfOrder)
	m.tidyRuns(store.OfRequest)
	recorded = m.version != tx.before.version
	tx.clear()

	if recorded {
		m.journal.bound()
		m.chargeLocked()
		m.wakeLocked()
	}
	return recorded
}

// clear keeps the room for the next transaction, unless it is unusually much.
func (tx *transaction) clear() {
	clear(tx.changes)
	clear(tx.counted)
	tx.changes, tx.counted = tx.changes[:0], tx.counted[:0]
	if cap(tx.changes) > 1024 || cap(tx.counted) > 1024 {
		tx.changes, tx.counted = nil, nil
	}
}

// Reset implements store.Tx.
func (tx *transaction) Reset() error {
	m, before := tx.m, tx.m.content
	m.content = newContent()
	m.version, m.moment = before.version+1, before.moment.AfterReset()
	tx.onRollBack(func() { m.content = before })
	return nil
}
