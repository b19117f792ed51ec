package memory

import (
	"errors"
	"iter"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// paymentRow is a payment.
type paymentRow struct {
	place
	payment  *payment.Payment // in the checkout whose latest it is, or in room of its own
	latestOf *checkoutRow     // nil: it is no checkout's latest
}

// Payment implements store.Reader.
func (r reader) Payment(id string) (payment.Payment, error) {
	found, ok := r.m.payments[id]
	if !ok {
		return payment.Payment{}, store.ErrNotFound
	}
	return *found.payment, nil
}

// Payments implements store.Reader.
func (r reader) Payments(q store.PaymentQuery) ([]payment.Payment, error) {
	found := []payment.Payment{}
	rows, ok := r.m.paymentsFor(q)
	if !ok {
		return found, nil
	}

	for p := range rows {
		if !q.Fits(p.payment) {
			continue
		}
		if found = append(found, *p.payment); len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

// paymentsFor answers the rows among which those asked for are, newest first. ok is false when there are none.
func (m *merchant) paymentsFor(q store.PaymentQuery) (rows iter.Seq[*paymentRow], ok bool) {
	before := uint64(0)
	if q.Before != "" {
		known, ok := m.payments[q.Before]
		if !ok {
			return nil, false
		}
		before = known.number
	}

	switch {
	case q.ParentID != "":
		ofParent := list[*paymentRow]{rows: m.childrenOf[q.ParentID]}
		return ofParent.newest(before), true
	case q.CheckoutID != "":
		ofCheckout := list[*paymentRow]{rows: m.paymentsOf(q.CheckoutID)}
		return ofCheckout.newest(before), true
	}
	return m.paymentOrder.newest(before), true
}

// paymentsOf are the payments of a checkout, oldest first.
func (m *merchant) paymentsOf(checkoutID string) []*paymentRow {
	further := m.furtherOf[checkoutID]
	c, known := m.checkouts[checkoutID]
	if !known || c.first.payment == nil || c.first.payment.CheckoutID != checkoutID {
		return further
	}
	return slices.Insert(slices.Clone(further), position(further, c.first.number), &c.first)
}

// PutPayment implements store.Tx. A payment without an id is an error.
func (tx *transaction) PutPayment(p payment.Payment) error {
	m := tx.m
	if p.ID == "" {
		return errors.New("a payment needs an id")
	}
	known, ok := m.payments[p.ID]
	if ok {
		tx.setPayment(known, p)
		m.noteSettled(known)
		return nil
	}

	row := &paymentRow{place: m.nextPlace(), payment: &p}
	m.addPayment(row)
	tx.onRollBack(func() { m.takePaymentOut(row) })
	m.noteSettled(row)
	return nil
}

// setPayment changes a payment where it is kept.
func (tx *transaction) setPayment(row *paymentRow, p payment.Payment) {
	m, before := tx.m, *row.payment
	set := func(p payment.Payment) {
		m.leaveIndex(row)
		*row.payment = p
		m.enterIndex(row)
	}
	set(p)
	tx.onRollBack(func() { set(before) })
}

// addLatest makes a row for the new payment that stands in the checkout.
func (tx *transaction) addLatest(c *checkoutRow) {
	m := tx.m
	row := &paymentRow{place: m.nextPlace(), payment: &c.checkout.Payment, latestOf: c}
	c.latest = row
	m.addPayment(row)
	tx.onRollBack(func() { m.takePaymentOut(row) })
}

// moveIn makes a payment that was one of its own the latest of the checkout, which has it already.
func (tx *transaction) moveIn(c *checkoutRow, row *paymentRow, p payment.Payment) {
	m, room := tx.m, row.payment
	m.leaveIndex(row)
	row.payment, row.latestOf, c.latest = &c.checkout.Payment, c, row
	*row.payment = p
	m.enterIndex(row)

	tx.onRollBack(func() {
		m.leaveIndex(row)
		row.payment, row.latestOf, c.latest = room, nil, nil
		m.enterIndex(row)
	})
}

// moveOut gives the payment room of its own, because the checkout's is for another one.
func (row *paymentRow) moveOut(p payment.Payment) { row.payment, row.latestOf = &p, nil }

func (m *merchant) addPayment(row *paymentRow) {
	m.payments[row.payment.ID] = row
	m.paymentOrder.add(row)
	m.enterIndex(row)
}

// takePaymentOut undoes addPayment; the order is cut by the transaction.
func (m *merchant) takePaymentOut(row *paymentRow) {
	m.leaveIndex(row)
	delete(m.payments, row.payment.ID)
}

func (m *merchant) enterIndex(row *paymentRow) {
	if parent := row.payment.ParentID; parent != "" {
		enter(m.childrenOf, parent, row)
	}
	if id := row.payment.CheckoutID; id != "" && !m.isFirst(row, id) {
		enter(m.furtherOf, id, row)
	}
	if row.beginsFamily() {
		m.families++
	}
}

func (m *merchant) leaveIndex(row *paymentRow) {
	if parent := row.payment.ParentID; parent != "" {
		leave(m.childrenOf, parent, row)
	}
	if id := row.payment.CheckoutID; id != "" && !m.isFirst(row, id) {
		leave(m.furtherOf, id, row)
	}
	if row.beginsFamily() {
		m.families--
	}
}

// isFirst reports whether the payment is the one that the checkout was added with.
func (m *merchant) isFirst(row *paymentRow, checkoutID string) bool {
	c, known := m.checkouts[checkoutID]
	return known && row == &c.first
}

// removePayment forgets the payment.
func (tx *transaction) removePayment(row *paymentRow) {
	m := tx.m
	m.takePaymentOut(row)
	m.paymentOrder.forget(row)
	tx.onRollBack(func() {
		m.payments[row.payment.ID] = row
		m.enterIndex(row)
		m.paymentOrder.restore(row)
	})
}
