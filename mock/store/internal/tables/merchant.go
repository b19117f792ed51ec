package tables

import (
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Counters is what a row of the table merchant counts. A transaction reads it when it begins and writes it when it
// ends.
type Counters struct {
	id          int64 // of the row; zero: there is none
	number      int64
	checkouts   int64
	overNumber  int64
	orderRuns   int64
	families    int64
	requestRuns int64
	unusedSets  bool
	taskNumber  int64
	seq         int64
	entries     int64
	entryBytes  int64
	version     int64
	moment      int64
	journalTurn int64
}

// ReadCounters reads the row of the key; lock is put behind the query.
func ReadCounters(s Session, key, lock string) (c Counters, err error) {
	_, err = s.Row(`SELECT id, number, checkouts, over_number, order_runs, families, request_runs, unused_sets,
		task_number, seq, entries, entry_bytes, version, moment, journal_turn FROM merchant WHERE key = ?`+lock, []any{key},
		&c.id, &c.number, &c.checkouts, &c.overNumber, &c.orderRuns, &c.families, &c.requestRuns, &c.unusedSets,
		&c.taskNumber, &c.seq, &c.entries, &c.entryBytes, &c.version, &c.moment, &c.journalTurn)
	return c, err
}

// WriteCounters writes the row.
func WriteCounters(s Session, c *Counters) error {
	return s.Run(`UPDATE merchant SET number = ?, checkouts = ?, over_number = ?, order_runs = ?, families = ?,
		request_runs = ?, unused_sets = ?, task_number = ?, seq = ?, entries = ?, entry_bytes = ?, version = ?,
		moment = ?, journal_turn = ? WHERE id = ?`,
		c.number, c.checkouts, c.overNumber, c.orderRuns, c.families, c.requestRuns, c.unusedSets, c.taskNumber, c.seq,
		c.entries, c.entryBytes, c.version, c.moment, c.journalTurn, c.id)
}

// Merchant implements store.Reader.
func (r Reader) Merchant() (record store.Merchant, err error) {
	return recordAt(r.Session, `SELECT body FROM merchant WHERE id = ?`, r.Counters.id)
}

// Merchant implements store.Reader. What is known of it is not read again.
func (tx *Transaction) Merchant() (store.Merchant, error) {
	if !tx.record.known {
		found, err := tx.Reader.Merchant()
		switch {
		case err == nil:
			tx.record = record{known: true, value: &found}
		case errors.Is(err, store.ErrNotFound):
			tx.record = record{known: true}
		default:
			return found, err
		}
	}
	return tx.record.copy()
}

// PutMerchant implements store.Tx.
func (tx *Transaction) PutMerchant(put store.Merchant) error {
	kept := put.Clone()
	text, err := encode(kept)
	if err != nil {
		return err
	}
	tx.Counters.unusedSets, tx.Forgotten, tx.record = true, kept.Absent, record{known: true, value: &kept}
	return tx.Session.Run(`UPDATE merchant SET body = ? WHERE id = ?`, text, tx.Counters.id)
}

// RecordOf is what the books hold of the merchant with the key, without a transaction of it.
func RecordOf(s Session, key string) (record store.Merchant, err error) {
	return recordAt(s, `SELECT body FROM merchant WHERE key = ?`, key)
}

// recordAt is the merchant whose row is found by the query.
func recordAt(s Session, query string, by any) (record store.Merchant, err error) {
	var text *string
	_, err = s.Row(query, []any{by}, &text)
	switch {
	case err != nil:
		return record, err
	case text == nil:
		return record, store.ErrNotFound
	}
	return record, s.Fail(decode(*text, &record))
}

// orNil makes an empty slice nil.
func orNil[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return s
}
