package store

import (
	"context"
	"slices"
)

// Forget implements Store.
func (m *Memory) Forget(ctx context.Context, keep int) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var gone []string
	for len(m.checkouts) > keep && len(m.over) > 0 {
		id := m.over[0]
		m.over = m.over[1:]
		delete(m.noted, id)
		if m.isOverLocked(id) { // it may have come to life again, or be gone already
			m.forgetLocked(id)
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// noteOverLocked remembers a checkout that is over now. A change that is taken back leaves it noted,
// which is why Forget looks again.
func (m *Memory) noteOverLocked(id string) {
	if !m.noted[id] && m.isOverLocked(id) {
		m.over, m.noted[id] = append(m.over, id), true
	}
}

func (m *Memory) isOverLocked(id string) bool {
	c, ok := m.checkouts[id]
	return ok && c.State.Final() && !slices.ContainsFunc(m.byCheckout[id], func(delivery string) bool {
		return m.deliveries[delivery].NextAttemptAt != nil
	})
}

func (m *Memory) forgetLocked(id string) {
	c := m.checkouts[id]
	delete(m.checkouts, id)
	m.countOrderLocked(c.OrderID, -1)
	for _, delivery := range m.byCheckout[id] {
		delete(m.deliveries, delivery)
	}
	delete(m.byCheckout, id)
	m.checkoutOrder = compacted(m.checkoutOrder, m.checkouts)
	m.deliveryOrder = compacted(m.deliveryOrder, m.deliveries)
}

// compacted takes out what is forgotten once that is half of the order, so that it costs the same
// however much there is.
func compacted[V any](order []string, kept map[string]V) []string {
	if len(order) < 2*len(kept)+64 {
		return order
	}
	return slices.DeleteFunc(order, func(id string) bool {
		_, ok := kept[id]
		return !ok
	})
}
