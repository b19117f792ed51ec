package sqlite

import (
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// place is where a payment stands.
type place struct {
	number       int64  // zero: it is not known yet
	latestOf     string // the checkout whose latest it is; empty: none
	beginsFamily bool   // it is none of a checkout and follows none
}

func (tx *transaction) paymentPlace(id string) (p place, err error) {
	if id == "" {
		return p, nil
	}
	_, err = tx.session.row(`SELECT number, latest_of, parent_id = '' AND checkout_id = '' FROM payment
		WHERE id = ? AND merchant = ?`, []any{id, tx.counters.id}, &p.number, &p.latestOf, &p.beginsFamily)
	return p, err
}

// Payment implements store.Reader.
func (r reader) Payment(id string) (p payment.Payment, err error) {
	var body string
	found, err := r.session.row(`SELECT body FROM payment WHERE id = ? AND merchant = ?`,
		[]any{id, r.counters.id}, &body)
	switch {
	case err != nil:
		return p, err
	case !found:
		return p, store.ErrNotFound
	}
	return p, r.session.fail(decode(body, &p))
}

// Payments implements store.Reader.
func (r reader) Payments(q store.PaymentQuery) ([]payment.Payment, error) {
	all := []payment.Payment{}
	query, args := narrowed(`SELECT body FROM payment WHERE merchant = ?`, []any{r.counters.id},
		condition{"checkout_id = ?", q.CheckoutID}, condition{"parent_id = ? AND parent_id <> ''", q.ParentID},
		condition{"order_id = ?", q.OrderID}, condition{"status = ?", string(q.Status)})
	query, args, ok, err := r.before("payment", "number", q.Before, query, args)
	if err != nil || !ok {
		return all, err
	}

	err = r.session.rows(query+" ORDER BY number DESC", args, func(scan func(...any) error) (bool, error) {
		var body string
		var p payment.Payment
		if err := scan(&body); err != nil {
			return false, err
		}
		err := decode(body, &p)
		if err == nil && q.Fits(&p) {
			all = append(all, p)
		}
		return q.Limit == 0 || len(all) < q.Limit, err
	})
	return all, err
}

// PutPayment implements store.Tx. A payment without an id is an error.
func (tx *transaction) PutPayment(p payment.Payment) error {
	if p.ID == "" {
		return errors.New("a payment needs an id")
	}

	known, err := tx.paymentPlace(p.ID)
	if err != nil {
		return err
	}
	if err := tx.writePayment(&p, known); err != nil {
		return err
	}
	return tx.noteSettled(p.ID)
}

// writePayment adds the payment, or replaces the one at the place.
func (tx *transaction) writePayment(p *payment.Payment, at place) error {
	body, err := encode(p)
	if err != nil {
		return err
	}

	switch begins := p.ParentID == "" && p.CheckoutID == ""; {
	case begins && !at.beginsFamily:
		tx.counters.families++
	case !begins && at.beginsFamily:
		tx.counters.families--
	}

	if at.number == 0 {
		return tx.session.run(`INSERT INTO payment
			(id, merchant, number, latest_of, parent_id, checkout_id, order_id, status, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.ID, tx.counters.id, tx.nextNumber(), at.latestOf, p.ParentID, p.CheckoutID, p.OrderID, string(p.Status), body)
	}

	return tx.session.run(`UPDATE payment SET latest_of = ?, parent_id = ?, checkout_id = ?, order_id = ?, status = ?,
		body = ? WHERE id = ? AND merchant = ?`,
		at.latestOf, p.ParentID, p.CheckoutID, p.OrderID, string(p.Status), body, p.ID, tx.counters.id)
}
