package memory

import "github.com/payporter-mock/payporter-mock/mock/store"

// beginsFamily reports whether the payment is none of a checkout and follows none.
func (p *paymentRow) beginsFamily() bool {
	return p.payment.ParentID == "" && p.payment.CheckoutID == ""
}

// noteSettled remembers what the payment belongs to, a checkout or a family without one, if that is over now.
func (m *merchant) noteSettled(p *paymentRow) {
	for range deepest {
		if p.payment.CheckoutID != "" {
			if c := m.checkouts[p.payment.CheckoutID]; c != nil {
				m.noteOver(c)
			}
			return
		}
		if p.payment.ParentID == "" {
			break
		}
		parent := m.payments[p.payment.ParentID]
		if parent == nil {
			return
		}
		p = parent
	}

	if !p.noted && m.isSettled(p) {
		m.settled.add(p)
	}
}

// deepest is how many payments may follow each other. A refund of a capture of a pre-authorization makes three.
const deepest = 16

// isSettled reports whether the family that the payment begins may be forgotten.
func (m *merchant) isSettled(p *paymentRow) bool {
	return !p.gone && p.latestOf == nil && p.beginsFamily() && m.paymentSettled(p) && m.childrenSettled(p, "")
}

// paymentSettled reports whether nothing will happen to the payment by itself, and it keeps its status.
func (m *merchant) paymentSettled(p *paymentRow) bool {
	return p.payment.Final() && !waits(m.deliveriesOf[p.payment.ID]) && !m.tasks.hasPayment(p.payment.ID)
}

// childrenSettled reports whether all that follows the payment is settled, but those of the checkout itself.
func (m *merchant) childrenSettled(p *paymentRow, checkoutID string) bool {
	for _, child := range m.childrenOf[p.payment.ID] {
		ofCheckout := checkoutID != "" && child.payment.CheckoutID == checkoutID
		if !ofCheckout && (!m.paymentSettled(child) || !m.childrenSettled(child, checkoutID)) {
			return false
		}
	}
	return true
}

// hasPayment reports whether a task about the payment waits or is claimed.
func (q *queue) hasPayment(id string) bool {
	for _, kind := range store.PaymentTasks() {
		if q.by[taskKey{kind, id}] != nil {
			return true
		}
	}
	return false
}

// ForgetPayments implements store.Tx.
func (tx *transaction) ForgetPayments(keep int) (int, error) {
	m, dropped := tx.m, 0
	for m.families > keep {
		p, ok := m.settled.next()
		if !ok {
			break
		}
		if m.isSettled(p) { // it may have come to life again
			tx.forgetPayment(p, nil)
			dropped++
		}
	}

	tx.forgetRuns(store.OfRequest, max(keep, store.FewestRuns))
	return dropped, nil
}
