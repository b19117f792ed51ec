package tables

import (
	"strconv"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// The bounds of a merchant's journal: what is older is forgotten first.
const (
	maxEntries = 10_000
	maxBytes   = 16 << 20
)

// Moment implements store.Tx.
func (tx *Transaction) Moment() (store.Moment, error) {
	tx.Counters.moment++
	return store.Moment(tx.Counters.moment), nil
}

// Append implements store.Tx. The bounds are kept when the transaction ends.
func (tx *Transaction) Append(e store.Entry) (store.Entry, error) {
	c := tx.Counters
	c.seq++
	c.version++
	c.moment = int64(e.Place(uint64(c.seq), store.Moment(c.moment)))
	body, err := encode(&e)
	if err != nil {
		return e, err
	}
	answer := ""
	if e.Response != nil {
		answer = strconv.Itoa(e.Response.Status)
	}

	size := e.Size()
	c.entries++
	c.entryBytes += int64(size)
	return e, tx.Session.Run(`INSERT INTO entry
		(merchant, seq, bytes, kind, checkout_id, order_id, status, answer_status, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.id, c.seq, size, string(e.Kind), e.CheckoutID, e.OrderID, e.Status, answer, body)
}

// Version implements store.Reader.
func (r Reader) Version() (uint64, error) { return uint64(r.Counters.version), nil }

// Entries implements store.Reader.
func (r Reader) Entries(q store.EntryQuery) ([]store.Entry, error) {
	all := []store.Entry{}
	query, args := narrowed(`SELECT body FROM entry WHERE merchant = ? AND seq > ?`,
		[]any{r.Counters.id, int64(q.After)},
		condition{"checkout_id = ? AND checkout_id <> ''", q.CheckoutID},
		condition{"order_id = ? AND order_id <> ''", q.OrderID}, condition{"kind = ?", string(q.Kind)},
		condition{"? IN (status, answer_status)", q.Status})
	if q.Before > 0 {
		query, args = query+" AND seq < ?", append(args, int64(q.Before))
	}
	query += " ORDER BY seq"
	if q.NewestFirst {
		query += " DESC"
	}

	err := r.Session.Rows(query, args, func(scan func(...any) error) (bool, error) {
		var body string
		var e store.Entry
		if err := scan(&body); err != nil {
			return false, err
		}
		err := decode(body, &e)
		if err == nil && q.Fits(&e) {
			all = append(all, e)
		}
		return q.Limit == 0 || len(all) < q.Limit, err
	})
	return all, err
}

// dropOldest forgets the merchant's oldest entry.
func dropOldest(s Session, c *Counters) error {
	var bytes int64
	_, err := s.Row(`DELETE FROM entry WHERE merchant = ? AND seq = ? RETURNING bytes`,
		[]any{c.id, c.seq - c.entries + 1}, &bytes) // entries have no gaps
	c.entries--
	c.entryBytes -= bytes
	return err
}
