package tables

import (
	"errors"
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// selectCheckouts reads checkouts with their latest payments.
const selectCheckouts = `SELECT c.body, coalesce(p.body, '') FROM checkout c
	LEFT JOIN payment p ON p.id = c.payment_id AND p.merchant = c.merchant WHERE c.merchant = ?`

// condition is a part of a query. Values are those that narrow it; zero ones do not.
type condition struct {
	text  string
	value string
}

// narrowed adds the conditions that have a value to a query and its arguments.
func narrowed(query string, args []any, conditions ...condition) (string, []any) {
	var all strings.Builder
	all.WriteString(query)
	for _, c := range conditions {
		if c.value != "" {
			all.WriteString(" AND " + c.text)
			args = append(args, c.value)
		}
	}
	return all.String(), args
}

// numberOf is the number of the row with the id. found is false when there is none.
func (r Reader) numberOf(table, id string) (number int64, found bool, err error) {
	found, err = r.Session.Row("SELECT number FROM "+table+" WHERE id = ? AND merchant = ?",
		[]any{id, r.Counters.id}, &number)
	return number, found, err
}

// before narrows a query to what is older than the row with the id; none: all. ok is false when there is no such row.
func (r Reader) before(table, column, id, query string, args []any) (string, []any, bool, error) {
	if id == "" {
		return query, args, true, nil
	}
	number, found, err := r.numberOf(table, id)
	return query + " AND " + column + " < ?", append(args, number), found, err
}

// Checkout implements store.Reader.
func (r Reader) Checkout(id string) (payment.Checkout, error) {
	var body, latest string
	found, err := r.Session.Row(selectCheckouts+" AND c.id = ?", []any{r.Counters.id, id}, &body, &latest)
	switch {
	case err != nil:
		return payment.Checkout{}, err
	case !found:
		return payment.Checkout{}, store.ErrNotFound
	}
	c, err := readCheckout(body, latest)
	return c, r.Session.Fail(err)
}

// readCheckout reads a checkout; latest is its payment, empty if that has no id.
func readCheckout(body, latest string) (payment.Checkout, error) {
	var read checkoutBody
	if err := decode(body, &read); err != nil {
		return payment.Checkout{}, err
	}
	c := read.Checkout
	if read.Payment != nil {
		c.Payment = *read.Payment
		return c, nil
	}
	return c, decode(latest, &c.Payment)
}

// Checkouts implements store.Reader.
func (r Reader) Checkouts(q store.CheckoutQuery) ([]payment.Checkout, error) {
	all := []payment.Checkout{}
	query, args := narrowed(selectCheckouts, []any{r.Counters.id},
		condition{"c.id = ?", q.CheckoutID}, condition{"c.order_id = ?", q.OrderID},
		condition{"c.order_id <> ?", q.NotOrderID},
		condition{"(c.payment_id = '' OR p.status = ?)", string(q.Status)})
	query, args, ok, err := r.before("checkout", "c.number", q.Before, query, args)
	if err != nil || !ok {
		return all, err
	}

	err = r.Session.Rows(query+" ORDER BY c.number DESC", args, func(scan func(...any) error) (bool, error) {
		var body, latest string
		if err := scan(&body, &latest); err != nil {
			return false, err
		}
		c, err := readCheckout(body, latest)
		if err == nil && q.Fits(&c) {
			all = append(all, c)
		}
		return q.Limit == 0 || len(all) < q.Limit, err
	})
	return all, err
}

// HasOrder implements store.Reader.
func (r Reader) HasOrder(orderID string) (bool, error) {
	var one int
	return r.Session.Row(`SELECT 1 FROM checkout WHERE merchant = ? AND order_id = ? LIMIT 1`,
		[]any{r.Counters.id, orderID}, &one)
}

// Checkout implements store.Reader. What is read is remembered, so that it need not be looked for when it is put.
func (tx *Transaction) Checkout(id string) (payment.Checkout, error) {
	c, err := tx.Reader.Checkout(id)
	if err == nil && (c.Payment.ID == "" || c.Payment.CheckoutID != "") {
		tx.noteLatest(id, c.Payment.ID)
	}
	return c, err
}

// noteLatest remembers that the checkout stands in the tables, and which payment of it is the latest.
func (tx *Transaction) noteLatest(id, paymentID string) {
	if tx.latest == nil {
		tx.latest = map[string]string{}
	}
	tx.latest[id] = paymentID
}

// PutCheckout implements store.Tx. A payment that is the latest of another checkout is an error.
func (tx *Transaction) PutCheckout(c payment.Checkout) error {
	if c.Payment.CheckoutID == "" {
		c.Payment.CheckoutID = c.ID
	}
	if c.Payment.OrderID == "" {
		c.Payment.OrderID = c.OrderID
	}
	added, err := tx.addCheckout(&c)
	if err == nil && !added {
		err = tx.replaceCheckout(&c)
	}
	if err != nil {
		return err
	}

	tx.noteLatest(c.ID, c.Payment.ID)
	return tx.noteOver(c.ID, c.State)
}

// addCheckout adds the checkout with its payment, unless it is there already.
func (tx *Transaction) addCheckout(c *payment.Checkout) (added bool, err error) {
	if _, known := tx.latest[c.ID]; known {
		return false, nil
	}
	body, err := encodeCheckout(c)
	if err != nil {
		return false, err
	}
	before := *tx.Counters
	rows, err := tx.Session.Exec(`INSERT INTO checkout (id, merchant, number, order_id, payment_id, body)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id, merchant) DO NOTHING`,
		c.ID, tx.Counters.id, tx.Counters.number+1, c.OrderID, c.Payment.ID, body)
	if err != nil || rows == 0 {
		return false, err
	}
	tx.Counters.number++
	tx.Counters.checkouts++

	if err := tx.putLatest(c); err != nil {
		*tx.Counters = before
		return false, errors.Join(err, tx.Session.Run(`DELETE FROM checkout WHERE id = ? AND merchant = ?`,
			c.ID, tx.Counters.id))
	}
	return true, nil
}

// putLatest adds or replaces the payment of a checkout that is new.
func (tx *Transaction) putLatest(c *payment.Checkout) error {
	if c.Payment.ID == "" {
		return nil
	}
	added, err := tx.addPayment(&c.Payment, c.ID)
	if err != nil || added {
		return err
	}
	at, err := tx.paymentPlace(c.Payment.ID)
	if err == nil {
		err = at.belongsTo(c)
	}
	if err != nil {
		return err
	}
	at.latestOf = c.ID
	return tx.writePayment(&c.Payment, at)
}

// belongsTo refuses a payment that is the latest of another checkout.
func (p place) belongsTo(c *payment.Checkout) error {
	if p.latestOf == "" || p.latestOf == c.ID {
		return nil
	}
	return fmt.Errorf("payment %q of checkout %q is the latest of checkout %q: give each its own",
		c.Payment.ID, c.ID, p.latestOf)
}

// replaceCheckout replaces a checkout and its payment. A payment that was its latest and is no more stays one of its
// own.
func (tx *Transaction) replaceCheckout(c *payment.Checkout) error {
	latest, paid, err := tx.checkoutPlace(c.ID, c.Payment.ID)
	if err == nil {
		err = paid.belongsTo(c)
	}
	if err != nil {
		return err
	}
	body, err := encodeCheckout(c)
	if err != nil {
		return err
	}

	if latest != "" && latest != c.Payment.ID {
		if err := tx.Session.Run(`UPDATE payment SET latest_of = '' WHERE id = ? AND merchant = ?`,
			latest, tx.Counters.id); err != nil {
			return err
		}
	}
	if err := tx.Session.Run(`UPDATE checkout SET order_id = ?, payment_id = ?, body = ? WHERE id = ? AND merchant = ?`,
		c.OrderID, c.Payment.ID, body, c.ID, tx.Counters.id); err != nil {
		return err
	}
	if c.Payment.ID == "" {
		return nil
	}
	paid.latestOf = c.ID
	return tx.writePayment(&c.Payment, paid)
}

// checkoutPlace is which payment is the latest of the checkout, empty if that has no id, and where the payment stands
// that becomes the latest.
func (tx *Transaction) checkoutPlace(id, paymentID string) (latest string, paid place, err error) {
	if latest, known := tx.latest[id]; known && latest == paymentID {
		return latest, place{known: paymentID != "", latestOf: id}, nil
	}

	if _, err = tx.Session.Row(`SELECT payment_id FROM checkout WHERE id = ? AND merchant = ?`,
		[]any{id, tx.Counters.id}, &latest); err == nil {
		paid, err = tx.paymentPlace(paymentID)
	}
	return latest, paid, err
}
