package memory

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// overQueue holds the checkouts that were over when they were put here, oldest first.
type overQueue struct {
	rows []*checkoutRow // from head
	head int
}

// noteOver remembers a checkout that is over now.
func (m *merchant) noteOver(c *checkoutRow) {
	if !c.noted && m.isOver(c) {
		c.noted = true
		m.over.rows = append(m.over.rows, c)
	}
}

func (m *merchant) isOver(c *checkoutRow) bool {
	return !c.gone && c.checkout.State.Final() && !waits(m.deliveriesOf[c.checkout.ID])
}

// cut leaves the oldest n rows and puts those from head back.
func (q *overQueue) cut(n, head int) {
	for _, c := range q.rows[n:] {
		c.noted = false
	}
	clear(q.rows[n:])
	q.rows, q.head = q.rows[:n], head
	for _, c := range q.rows[head:] {
		c.noted = true
	}
}

// tidy lets the rows go that have been taken since head was there, and moves the others down once half is free.
func (q *overQueue) tidy(head int) {
	clear(q.rows[min(head, q.head):q.head])
	if q.head > 64 && 2*q.head > len(q.rows) {
		q.rows, q.head = slices.Delete(q.rows, 0, q.head), 0
	}
}

// Forget implements store.Tx.
func (tx *transaction) Forget(keep int) (int, error) {
	m, dropped := tx.m, 0
	for len(m.checkouts) > keep && m.over.head < len(m.over.rows) {
		c := m.over.rows[m.over.head]
		m.over.head++
		c.noted = false
		if m.isOver(c) { // it may have come to life again
			tx.forgetCheckout(c)
			dropped++
		}
	}
	tx.forgetOrders(max(keep, store.FewestOrders))
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
// checkout stays.
func (tx *transaction) forgetPayment(p *paymentRow, c *checkoutRow) {
	if p.gone || p.latestOf != nil && p.latestOf != c {
		return
	}
	_ = tx.DropRun(store.PaymentRun(p.payment.ID)) // answers no error
	tx.removePayment(p)
	for _, child := range slices.Clone(tx.m.childrenOf[p.payment.ID]) {
		tx.forgetPayment(child, c)
	}
}
