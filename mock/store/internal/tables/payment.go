package tables

import (
	"errors"
	"maps"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// place is where a payment stands.
type place struct {
	known        bool   // it is there
	latestOf     string // the checkout whose latest it is; empty: none
	beginsFamily bool   // it is none of a checkout and follows none
}

func (tx *Transaction) paymentPlace(id string) (p place, err error) {
	if id == "" {
		return p, nil
	}
	p.known, err = tx.Session.Row(`SELECT latest_of, parent_id = '' AND checkout_id = '' FROM payment
		WHERE id = ? AND merchant = ?`, []any{id, tx.Counters.id}, &p.latestOf, &p.beginsFamily)
	return p, err
}

// Payment implements store.Reader.
func (r Reader) Payment(id string) (p payment.Payment, err error) {
	var body string
	found, err := r.Session.Row(`SELECT body FROM payment WHERE id = ? AND merchant = ?`,
		[]any{id, r.Counters.id}, &body)
	switch {
	case err != nil:
		return p, err
	case !found:
		return p, store.ErrNotFound
	}
	return p, r.Session.Fail(decode(body, &p))
}

// Payments implements store.Reader.
func (r Reader) Payments(q store.PaymentQuery) ([]payment.Payment, error) {
	all := []payment.Payment{}
	query, args := narrowed(`SELECT body FROM payment WHERE merchant = ?`, []any{r.Counters.id},
		condition{"checkout_id = ?", q.CheckoutID}, condition{"parent_id = ? AND parent_id <> ''", q.ParentID},
		condition{"order_id = ?", q.OrderID}, condition{"status = ?", string(q.Status)})
	query, args, ok, err := r.before("payment", "number", q.Before, query, args)
	if err != nil || !ok {
		return all, err
	}

	err = r.Session.Rows(query+" ORDER BY number DESC", args, func(scan func(...any) error) (bool, error) {
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
func (tx *Transaction) PutPayment(p payment.Payment) error {
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
	maps.DeleteFunc(tx.latest, func(_, latest string) bool { return latest == p.ID }) // it may say something else now
	return tx.noteSettled(p.ID)
}

// writePayment adds the payment, or replaces the one at the place.
func (tx *Transaction) writePayment(p *payment.Payment, at place) error {
	if !at.known {
		_, err := tx.addPayment(p, at.latestOf)
		return err
	}
	body, err := encode(p)
	if err != nil {
		return err
	}

	switch begins := beginsFamily(p); {
	case begins && !at.beginsFamily:
		tx.Counters.families++
	case !begins && at.beginsFamily:
		tx.Counters.families--
	}
	return tx.Session.Run(`UPDATE payment SET latest_of = ?, parent_id = ?, checkout_id = ?, order_id = ?, status = ?,
		body = ? WHERE id = ? AND merchant = ?`,
		at.latestOf, p.ParentID, p.CheckoutID, p.OrderID, string(p.Status), body, p.ID, tx.Counters.id)
}

// addPayment adds the payment, unless it is there already. latestOf is the checkout whose latest it is; empty: none.
func (tx *Transaction) addPayment(p *payment.Payment, latestOf string) (added bool, err error) {
	body, err := encode(p)
	if err != nil {
		return false, err
	}
	rows, err := tx.Session.Exec(`INSERT INTO payment
		(id, merchant, number, latest_of, parent_id, checkout_id, order_id, status, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id, merchant) DO NOTHING`,
		p.ID, tx.Counters.id, tx.Counters.number+1, latestOf, p.ParentID, p.CheckoutID, p.OrderID, string(p.Status), body)
	if err != nil || rows == 0 {
		return false, err
	}

	tx.Counters.number++
	if beginsFamily(p) {
		tx.Counters.families++
	}
	return true, nil
}

// beginsFamily reports whether the payment is none of a checkout and follows none.
func beginsFamily(p *payment.Payment) bool { return p.ParentID == "" && p.CheckoutID == "" }
