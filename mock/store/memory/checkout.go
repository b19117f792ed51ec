package memory

import (
	"fmt"
	"iter"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// checkoutRow is a checkout. Its latest payment is kept in it and nowhere else.
type checkoutRow struct {
	place
	checkout payment.Checkout
	latest   *paymentRow // of the payment in checkout; nil: that has no id
	first    paymentRow  // of the payment that it was added with, so that a create makes one allocation for both
}

// Checkout implements store.Reader.
func (r reader) Checkout(id string) (payment.Checkout, error) {
	found, ok := r.m.checkouts[id]
	if !ok {
		return payment.Checkout{}, store.ErrNotFound
	}
	return found.checkout, nil
}

// Checkouts implements store.Reader.
func (r reader) Checkouts(q store.CheckoutQuery) ([]payment.Checkout, error) {
	found := []payment.Checkout{}
	rows, ok := r.m.checkoutsFor(q)
	if !ok {
		return found, nil
	}

	for c := range rows {
		if !q.Fits(&c.checkout) {
			continue
		}
		if found = append(found, c.checkout); len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

// checkoutsFor answers the rows among which those asked for are, newest first. ok is false when there are none.
func (m *merchant) checkoutsFor(q store.CheckoutQuery) (rows iter.Seq[*checkoutRow], ok bool) {
	before := uint64(0)
	if q.Before != "" {
		known, ok := m.checkouts[q.Before]
		if !ok {
			return nil, false
		}
		before = known.number
	}

	switch {
	case q.CheckoutID != "":
		one := list[*checkoutRow]{}
		if known, ok := m.checkouts[q.CheckoutID]; ok {
			one.add(known)
		}
		return one.newest(before), true
	case q.OrderID != "":
		ofOrder := list[*checkoutRow]{rows: m.ofOrder(q.OrderID)}
		return ofOrder.newest(before), true
	}
	return m.checkoutOrder.newest(before), true
}

// HasOrder implements store.Reader.
func (r reader) HasOrder(orderID string) (bool, error) { return len(r.m.ofOrder(orderID)) > 0, nil }

// ofOrder are the checkouts of an order, oldest first. The first question makes the index.
func (m *merchant) ofOrder(orderID string) []*checkoutRow {
	if m.orders == nil {
		m.orders = make(map[string][]*checkoutRow, len(m.checkouts))
		for _, c := range m.checkoutOrder.rows {
			if !c.gone {
				m.orders[c.checkout.OrderID] = append(m.orders[c.checkout.OrderID], c)
			}
		}
	}
	return m.orders[orderID]
}

func (m *merchant) enterOrder(c *checkoutRow) {
	if m.orders != nil {
		enter(m.orders, c.checkout.OrderID, c)
	}
}

func (m *merchant) leaveOrder(c *checkoutRow) {
	if m.orders != nil {
		leave(m.orders, c.checkout.OrderID, c)
	}
}

// PutCheckout implements store.Tx. A payment that is the latest of another checkout is an error.
func (tx *transaction) PutCheckout(c payment.Checkout) error {
	if c.Payment.CheckoutID == "" {
		c.Payment.CheckoutID = c.ID
	}
	if c.Payment.OrderID == "" {
		c.Payment.OrderID = c.OrderID
	}
	m := tx.m
	known := m.checkouts[c.ID]
	paid := m.payments[c.Payment.ID]
	if paid != nil && paid.latestOf != nil && paid.latestOf != known {
		return fmt.Errorf("payment %q of checkout %q is the latest of checkout %q: give each its own",
			c.Payment.ID, c.ID, paid.latestOf.checkout.ID)
	}

	if known == nil {
		known = tx.addCheckout(&c, paid)
	} else {
		tx.replaceCheckout(known, &c, paid)
	}
	m.noteOver(known)
	return nil
}

// addCheckout adds the checkout with its payment. paid is that payment if it is known already.
func (tx *transaction) addCheckout(c *payment.Checkout, paid *paymentRow) *checkoutRow {
	m := tx.m
	row := &checkoutRow{place: m.nextPlace(), checkout: *c}
	m.checkouts[c.ID] = row
	m.checkoutOrder.add(row)
	m.enterOrder(row)

	added := paid == nil && c.Payment.ID != ""
	if added {
		row.first = paymentRow{place: m.nextPlace(), payment: &row.checkout.Payment, latestOf: row}
		row.latest = &row.first
		m.addPayment(row.latest)
	}
	tx.changes = append(tx.changes, change{checkout: row})
	if paid != nil {
		tx.moveIn(row, paid, c.Payment)
	}
	return row
}

// takeBackCheckout undoes addCheckout.
func (m *merchant) takeBackCheckout(row *checkoutRow) {
	if row.latest == &row.first {
		m.takePaymentOut(row.latest)
	}
	m.leaveOrder(row)
	delete(m.checkouts, row.checkout.ID)
}

// replaceCheckout changes the checkout. paid is its new latest payment if that is known already.
func (tx *transaction) replaceCheckout(row *checkoutRow, c *payment.Checkout, paid *paymentRow) {
	m, before, latest := tx.m, row.checkout, row.latest

	// The latest payment stays a payment of its own when another one comes.
	sameOne := latest != nil && latest == paid
	if sameOne {
		m.leaveIndex(latest)
	} else if latest != nil {
		latest.moveOut(before.Payment)
	}
	m.leaveOrder(row)
	row.checkout = *c
	m.enterOrder(row)
	if sameOne {
		m.enterIndex(latest)
	} else {
		row.latest = nil
	}

	tx.onRollBack(func() {
		if sameOne {
			m.leaveIndex(latest)
		}
		m.leaveOrder(row)
		row.checkout, row.latest = before, latest
		m.enterOrder(row)
		switch {
		case sameOne:
			m.enterIndex(latest)
		case latest != nil:
			latest.payment, latest.latestOf = &row.checkout.Payment, row
		}
	})
	switch {
	case sameOne || c.Payment.ID == "":
	case paid != nil:
		tx.moveIn(row, paid, c.Payment)
	default:
		tx.addLatest(row)
	}
}

// nextPlace is the place of a new row.
func (m *merchant) nextPlace() place {
	m.number++
	return place{number: m.number}
}

// removeCheckout forgets the checkout itself.
func (tx *transaction) removeCheckout(row *checkoutRow) {
	m := tx.m
	delete(m.checkouts, row.checkout.ID)
	m.checkoutOrder.forget(row)
	m.leaveOrder(row)
	tx.onRollBack(func() {
		m.checkouts[row.checkout.ID] = row
		m.checkoutOrder.restore(row)
		m.enterOrder(row)
	})
}
