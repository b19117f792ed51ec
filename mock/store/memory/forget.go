package memory

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// overQueue holds the rows that were over when they were put here, oldest first.
type overQueue[R row] struct {
	rows []R // from head
	head int
}

// add puts the row last, unless it stands here.
func (q *overQueue[R]) add(r R) {
	if at := r.where(); !at.noted {
		at.noted = true
		q.rows = append(q.rows, r)
	}
}

// next takes the first row; ok is false when there is none.
func (q *overQueue[R]) next() (first R, ok bool) {
	if q.head == len(q.rows) {
		return first, false
	}
	first = q.rows[q.head]
	first.where().noted = false
	q.head++
	return first, true
}

// cut leaves the oldest n rows and puts those from head back.
func (q *overQueue[R]) cut(n, head int) {
	for _, r := range q.rows[n:] {
		r.where().noted = false
	}
	clear(q.rows[n:])
	q.rows, q.head = q.rows[:n], head
	for _, r := range q.rows[head:] {
		r.where().noted = true
	}
}

// tidy lets the rows go that have been taken since head was there, and moves the others down once half is free.
func (q *overQueue[R]) tidy(head int) {
	clear(q.rows[min(head, q.head):q.head])
	if q.head > 64 && 2*q.head > len(q.rows) {
		q.rows, q.head = slices.Delete(q.rows, 0, q.head), 0
	}
}

// noteOver remembers a checkout that is over now.
func (m *merchant) noteOver(c *checkoutRow) {
	if !c.noted && m.isOver(c) {
		m.over.add(c)
	}
}

// isOver reports whether the checkout may be forgotten, with what follows its payments.
func (m *merchant) isOver(c *checkoutRow) bool {
	id := c.checkout.ID
	if c.gone || !c.checkout.State.Final() || waits(m.deliveriesOf[id]) {
		return false
	}
	if c.first.payment != nil && !m.childrenSettled(&c.first, id) {
		return false
	}

	for _, p := range m.furtherOf[id] {
		if !m.childrenSettled(p, id) {
			return false
		}
	}
	return true
}

// Forget implements store.Tx.
func (tx *transaction) Forget(keep int) (int, error) {
	m, dropped := tx.m, 0
	for len(m.checkouts) > keep {
		c, ok := m.over.next()
		if !ok {
			break
		}
		if m.isOver(c) { // it may have come to life again
			tx.forgetCheckout(c)
			dropped++
		}
	}

	tx.forgetRuns(store.OfOrder, max(keep, store.FewestRuns))
	tx.dropUnusedScenarios()
	return dropped, nil
}

// forgetCheckout forgets the checkout and all that belongs to it.
func (tx *transaction) forgetCheckout(c *checkoutRow) {
	m, id := tx.m, c.checkout.ID
	for _, d := range slices.Clone(m.deliveriesOf[id]) {
		tx.removeDelivery(d)
	}
	for _, p := range slices.Clone(m.paymentsOf(id)) {
		tx.forgetPayment(p, c)
	}
	_ = tx.DropRun(store.CheckoutRun(id)) // answers no error
	tx.removeCheckout(c)
}

// forgetPayment forgets the payment and those that capture, cancel or refund it. One that is the latest of another
// checkout than c stays; c is nil for a payment that is none of a checkout.
func (tx *transaction) forgetPayment(p *paymentRow, c *checkoutRow) {
	m, id := tx.m, p.payment.ID
	if p.gone || p.latestOf != nil && p.latestOf != c {
		return
	}

	for _, d := range slices.Clone(m.deliveriesOf[id]) {
		tx.removeDelivery(d)
	}

	_ = tx.DropRun(store.PaymentRun(id)) // answers no error
	tx.removePayment(p)
	for _, child := range slices.Clone(m.childrenOf[id]) {
		tx.forgetPayment(child, c)
	}
}
