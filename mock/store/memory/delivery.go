package memory

import (
	"cmp"
	"iter"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// deliveryRow is a delivery.
type deliveryRow struct {
	place
	delivery store.Delivery
}

// Delivery implements store.Reader.
func (r reader) Delivery(id string) (store.Delivery, error) {
	found, ok := r.m.deliveries[id]
	if !ok {
		return store.Delivery{}, store.ErrNotFound
	}
	return cloneDelivery(&found.delivery), nil
}

// Deliveries implements store.Reader.
func (r reader) Deliveries(q store.DeliveryQuery) ([]store.Delivery, error) {
	found := []store.Delivery{}
	rows, ok := r.m.deliveriesFor(q)
	if !ok {
		return found, nil
	}

	for d := range rows {
		if !q.Fits(&d.delivery) {
			continue
		}
		if found = append(found, cloneDelivery(&d.delivery)); len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

// deliveriesFor answers the rows among which those asked for are, newest first. ok is false when there are none.
func (m *merchant) deliveriesFor(q store.DeliveryQuery) (rows iter.Seq[*deliveryRow], ok bool) {
	before := uint64(0)
	if q.Before != "" {
		known, ok := m.deliveries[q.Before]
		if !ok {
			return nil, false
		}
		before = known.number
	}

	if q.CheckoutID != "" {
		ofCheckout := list[*deliveryRow]{rows: m.deliveriesOf[q.CheckoutID]}
		return ofCheckout.newest(before), true
	}
	return m.deliveryOrder.newest(before), true
}

// PutDelivery implements store.Tx.
func (tx *transaction) PutDelivery(d store.Delivery) error {
	if row, known := tx.m.deliveries[d.ID]; known {
		tx.replaceDelivery(row, cloneDelivery(&d))
	} else {
		tx.addDelivery(&deliveryRow{place: tx.m.nextPlace(), delivery: cloneDelivery(&d)})
	}

	if c, known := tx.m.checkouts[d.CheckoutID]; known {
		tx.m.noteOver(c)
	} else if p, known := tx.m.payments[d.PaymentID]; known {
		tx.m.noteSettled(p)
	}
	return nil
}

func (tx *transaction) addDelivery(row *deliveryRow) {
	m := tx.m
	m.deliveryOrder.add(row)
	m.enterDelivery(row)
	tx.onRollBack(func() { m.leaveDelivery(row) })
}

func (tx *transaction) replaceDelivery(row *deliveryRow, d store.Delivery) {
	m, before := tx.m, row.delivery
	m.leaveDelivery(row)
	row.delivery = d
	m.enterDelivery(row)
	tx.onRollBack(func() {
		m.leaveDelivery(row)
		row.delivery = before
		m.enterDelivery(row)
	})
}

// removeDelivery forgets the delivery.
func (tx *transaction) removeDelivery(row *deliveryRow) {
	m := tx.m
	m.leaveDelivery(row)
	m.deliveryOrder.forget(row)
	tx.onRollBack(func() {
		m.enterDelivery(row)
		m.deliveryOrder.restore(row)
	})
}

func (m *merchant) enterDelivery(row *deliveryRow) {
	m.deliveries[row.delivery.ID] = row
	if id := row.about(); id != "" {
		enter(m.deliveriesOf, id, row)
	}
}

func (m *merchant) leaveDelivery(row *deliveryRow) {
	delete(m.deliveries, row.delivery.ID)
	leave(m.deliveriesOf, row.about(), row)
}

// about is the checkout that the delivery belongs to, else the payment.
func (row *deliveryRow) about() string {
	return cmp.Or(row.delivery.CheckoutID, row.delivery.PaymentID)
}

// cloneDelivery keeps what a caller does with the delivery away from the books.
func cloneDelivery(d *store.Delivery) store.Delivery {
	c := *d
	c.Attempts = append(make([]store.Attempt, 0, len(d.Attempts)), d.Attempts...)
	c.NextAttemptAt, c.DeliveredAt = clonePointer(d.NextAttemptAt), clonePointer(d.DeliveredAt)
	if c.Retry = clonePointer(d.Retry); c.Retry != nil {
		c.Retry.Waits = cloned(c.Retry.Waits)
	}
	return c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// waits reports whether an attempt of one of the deliveries is planned.
func waits(deliveries []*deliveryRow) bool {
	return slices.ContainsFunc(deliveries, func(d *deliveryRow) bool { return d.delivery.NextAttemptAt != nil })
}
