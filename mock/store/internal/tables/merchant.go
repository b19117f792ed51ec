package tables

import (
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

// ReadCounters reads what the row of the key counts; lock is put behind the query.
func ReadCounters(s Session, key, lock string) (Counters, error) {
	found, err := ReadStanding(s, key, lock)
	return found.Counters, err
}

// ReadStanding reads the row of the key; lock is put behind the query.
func ReadStanding(s Session, key, lock string) (found Standing, err error) {
	c := &found.Counters
	_, err = s.Row(`SELECT id, number, checkouts, over_number, order_runs, families, request_runs, unused_sets,
		task_number, seq, entries, entry_bytes, version, moment, journal_turn, body FROM merchant WHERE key = ?`+lock,
		[]any{key},
		&c.id, &c.number, &c.checkouts, &c.overNumber, &c.orderRuns, &c.families, &c.requestRuns, &c.unusedSets,
		&c.taskNumber, &c.seq, &c.entries, &c.entryBytes, &c.version, &c.moment, &c.journalTurn, &found.record.text)
	return found, err
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
func (r Reader) Merchant() (store.Merchant, error) { return r.record.copy(r.Session) }

// PutMerchant implements store.Tx.
func (tx *Transaction) PutMerchant(put store.Merchant) error {
	kept := put.Clone()
	text, err := encode(kept)
	if err != nil {
		return err
	}
	tx.Counters.unusedSets, tx.Forgotten, *tx.record = true, kept.Absent, record{value: &kept}
	return tx.Session.Run(`UPDATE merchant SET body = ? WHERE id = ?`, text, tx.Counters.id)
}

// RecordOf is what the books hold of the merchant with the key, without a transaction of it.
func RecordOf(s Session, key string) (store.Merchant, error) {
	var found record
	if _, err := s.Row(`SELECT body FROM merchant WHERE key = ?`, []any{key}, &found.text); err != nil {
		return store.Merchant{}, err
	}
	return found.copy(s)
}

// orNil makes an empty slice nil.
func orNil[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return s
}
