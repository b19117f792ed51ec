package tables

import (
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Delivery implements store.Reader.
func (r Reader) Delivery(id string) (store.Delivery, error) {
	var body string
	found, err := r.Session.Row(`SELECT body FROM delivery WHERE id = ? AND merchant = ?`,
		[]any{id, r.Counters.id}, &body)
	switch {
	case err != nil:
		return store.Delivery{}, err
	case !found:
		return store.Delivery{}, store.ErrNotFound
	}

	d, err := decodeDelivery(body)
	return d, r.Session.Fail(err)
}

// Deliveries implements store.Reader.
func (r Reader) Deliveries(q store.DeliveryQuery) ([]store.Delivery, error) {
	all := []store.Delivery{}
	query, args := narrowed(`SELECT body FROM delivery WHERE merchant = ?`, []any{r.Counters.id},
		condition{"checkout_id = ?", q.CheckoutID}, condition{"order_id = ?", q.OrderID},
		condition{"status = ?", string(q.Status)})
	query, args, ok, err := r.before("delivery", "number", q.Before, query, args)
	if err != nil || !ok {
		return all, err
	}

	err = r.Session.Rows(query+" ORDER BY number DESC", args, func(scan func(...any) error) (bool, error) {
		var body string
		if err := scan(&body); err != nil {
			return false, err
		}
		d, err := decodeDelivery(body)
		if err == nil && q.Fits(&d) {
			all = append(all, d)
		}
		return q.Limit == 0 || len(all) < q.Limit, err
	})
	return all, err
}

// PutDelivery implements store.Tx.
func (tx *Transaction) PutDelivery(d store.Delivery) error {
	body, err := encodeDelivery(&d)
	if err != nil {
		return err
	}

	planned := d.NextAttemptAt != nil
	changed, err := tx.Session.Exec(`UPDATE delivery SET checkout_id = ?, payment_id = ?, order_id = ?, status = ?,
		planned = ?, body = ? WHERE id = ? AND merchant = ?`,
		d.CheckoutID, d.PaymentID, d.OrderID, string(d.Status), planned, body, d.ID, tx.Counters.id)
	if err == nil && changed == 0 {
		err = tx.Session.Run(`INSERT INTO delivery
			(id, merchant, number, checkout_id, payment_id, order_id, status, planned, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			d.ID, tx.Counters.id, tx.nextNumber(), d.CheckoutID, d.PaymentID, d.OrderID, string(d.Status), planned, body)
	}
	if err != nil || planned {
		return err
	}
	if d.CheckoutID == "" && d.PaymentID != "" {
		return tx.noteSettled(d.PaymentID)
	}

	return tx.noteOverByID(d.CheckoutID)
}

// noteOverByID is noteOver for a checkout of which only the id is known, or that does not exist.
func (tx *Transaction) noteOverByID(id string) error {
	var body string
	found, err := tx.Session.Row(`SELECT body FROM checkout WHERE id = ? AND merchant = ? AND over IS NULL`,
		[]any{id, tx.Counters.id}, &body)
	if err != nil || !found {
		return err
	}

	state, err := stateOf(body)
	if err != nil {
		return tx.Session.Fail(err)
	}
	return tx.noteOver(id, state)
}

// stateOf reads the state alone.
func stateOf(body string) (payment.State, error) {
	var read checkoutBody
	err := decode(body, &read)
	return read.State, err
}
