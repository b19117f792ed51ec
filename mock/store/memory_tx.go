package store

import (
	"slices"

	"github.com/payporter-mock/payporter-mock/payment"
)

// memoryTx changes the store in place and remembers how to take every change back.
type memoryTx struct {
	m    *Memory
	undo []func()
	room [4]func() // what undo begins in: most transactions change little
}

func (tx *memoryTx) rollBack() {
	for _, undo := range slices.Backward(tx.undo) {
		undo()
	}
}

func (tx *memoryTx) onRollBack(undo func()) { tx.undo = append(tx.undo, undo) }

func (tx *memoryTx) Checkout(id string) (payment.Checkout, error) { return tx.m.checkoutLocked(id) }

func (tx *memoryTx) PutCheckout(c payment.Checkout) error {
	m, before := tx.m, tx.m.checkouts[c.ID]
	m.checkouts[c.ID] = &c
	m.noteOverLocked(c.ID)
	if before != nil {
		tx.onRollBack(func() { m.checkouts[c.ID] = before })
		return nil
	}
	m.checkoutOrder = append(m.checkoutOrder, c.ID)
	m.countOrderLocked(c.OrderID, 1)
	tx.onRollBack(func() {
		delete(m.checkouts, c.ID)
		m.checkoutOrder = m.checkoutOrder[:len(m.checkoutOrder)-1]
		m.countOrderLocked(c.OrderID, -1)
	})
	return nil
}

func (tx *memoryTx) Newest(butOrderID string) (payment.Checkout, error) {
	for _, id := range slices.Backward(tx.m.checkoutOrder) {
		if c, kept := tx.m.checkouts[id]; kept && c.OrderID != butOrderID {
			return *c, nil
		}
	}
	return payment.Checkout{}, ErrNotFound
}

func (tx *memoryTx) HasOrder(orderID string) (bool, error) {
	if tx.m.orders == nil {
		tx.m.orders = map[string]int{}
		for _, c := range tx.m.checkouts {
			tx.m.countOrderLocked(c.OrderID, 1)
		}
	}
	return tx.m.orders[orderID] > 0, nil
}

// countOrderLocked keeps count of an order's checkouts, if anybody has ever asked.
func (m *Memory) countOrderLocked(orderID string, by int) {
	if m.orders == nil {
		return
	}
	if m.orders[orderID] += by; m.orders[orderID] == 0 {
		delete(m.orders, orderID)
	}
}

func (tx *memoryTx) Delivery(id string) (Delivery, error) { return tx.m.deliveryLocked(id) }

func (tx *memoryTx) PutDelivery(d Delivery) error {
	m, before := tx.m, tx.m.deliveries[d.ID]
	kept := d.clone()
	m.deliveries[d.ID] = &kept
	defer m.noteOverLocked(d.CheckoutID)
	if before != nil {
		tx.onRollBack(func() { m.deliveries[d.ID] = before })
		return nil
	}
	m.deliveryOrder = append(m.deliveryOrder, d.ID)
	siblings := m.byCheckout[d.CheckoutID]
	m.byCheckout[d.CheckoutID] = append(siblings, d.ID)
	tx.onRollBack(func() {
		delete(m.deliveries, d.ID)
		m.deliveryOrder = m.deliveryOrder[:len(m.deliveryOrder)-1]
		m.byCheckout[d.CheckoutID] = siblings
	})
	return nil
}

func (tx *memoryTx) Schedule(t Task) error {
	kind, subject := t.Kind, t.Subject
	if before, replaced := tx.m.tasks.put(t); replaced {
		tx.onRollBack(func() { tx.m.tasks.restore(before) })
	}
	tx.onRollBack(func() { tx.m.tasks.remove(kind, subject) })
	return nil
}

func (tx *memoryTx) Unschedule(kind TaskKind, subject string) error {
	if before, removed := tx.m.tasks.remove(kind, subject); removed {
		tx.onRollBack(func() { tx.m.tasks.restore(before) })
	}
	return nil
}
