package sqlite

import (
	"errors"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// reader is what a transaction can read.
type reader struct {
	session  *session
	counters *counters
}

// transaction is what a transaction can read and change.
type transaction struct {
	reader
	merchant *merchant
	batch    *batch
	before   counters // as they were read
}

// begin makes a transaction of the key, and its row if there is none.
func (m *merchant) begin(s *session, b *batch) (*transaction, error) {
	found, err := s.readCounters(m.key)
	if err == nil && found.id == 0 {
		_, err = s.row(`INSERT INTO merchant (key) VALUES (?) RETURNING id`, []any{m.key}, &found.id)
	}
	if err != nil {
		return nil, err
	}
	return &transaction{reader: reader{s, &found}, merchant: m, batch: b, before: found}, nil
}

// end writes down what the transaction has counted, and keeps the bounds of the journals.
func (tx *transaction) end() error {
	c := tx.counters
	if *c == tx.before {
		return nil
	}
	if c.version == tx.before.version {
		return tx.session.writeCounters(c)
	}

	tx.batch.woken[tx.merchant.key] = struct{}{}
	if err := tx.boundJournal(); err != nil {
		return err
	}
	tx.batch.journalBytes += c.entryBytes - tx.before.entryBytes
	if err := tx.session.writeCounters(c); err != nil {
		return err
	}
	return tx.boundJournals()
}

// nextNumber is the number of a new checkout, payment, run or delivery.
func (tx *transaction) nextNumber() int64 {
	tx.counters.number++
	return tx.counters.number
}

// tables are all that hold rows of merchants.
var tables = [...]string{"checkout", "payment", "run", "scenario_set", "delivery", "task", "count", "entry"}

// clear forgets all rows of the merchant but the one that counts.
func (s *session) clear(id int64) error {
	var faults []error
	for _, table := range tables {
		faults = append(faults, s.run("DELETE FROM "+table+" WHERE merchant = ?", id))
	}
	return errors.Join(faults...)
}

// Reset implements store.Tx.
func (tx *transaction) Reset() error {
	c := tx.counters
	if err := tx.session.clear(c.id); err != nil {
		return err
	}
	*c = counters{
		id: c.id, version: c.version + 1, moment: int64(store.Moment(c.moment).AfterReset()), journalTurn: c.journalTurn,
	}
	tx.batch.freed = true
	return tx.session.run(`UPDATE merchant SET body = NULL WHERE id = ?`, c.id)
}
