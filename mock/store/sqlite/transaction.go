package sqlite

import "github.com/payporter-mock/payporter-mock/mock/store/internal/tables"

// begin makes a transaction of the key, and its row if there is none.
func (m *merchant) begin(s *session) (*tables.Transaction, error) {
	found, err := tables.ReadCounters(s, m.key, "")
	if err == nil && !found.Known() {
		if err = s.Run(`INSERT INTO merchant (key) VALUES (?)`, m.key); err == nil {
			found, err = tables.ReadCounters(s, m.key, "")
		}
	}
	if err != nil {
		return nil, err
	}
	return tables.Begin(s, found, tables.Claimer{Runs: 1, Holds: 1}), nil
}

// end writes down what the transaction has counted, and keeps the bounds of the journals.
func (m *merchant) end(tx *tables.Transaction, b *batch) error {
	b.freed = b.freed || tx.Freed
	counters, journal := tx.Changed()
	if !counters {
		return nil
	}
	if !journal {
		return tables.WriteCounters(tx.Session, tx.Counters, "")
	}

	b.woken[m.key] = struct{}{}
	if err := m.boundJournal(tx); err != nil {
		return err
	}
	b.freed = b.freed || tx.Freed
	b.journalBytes += tx.Grown()
	if err := tables.WriteCounters(tx.Session, tx.Counters, ""); err != nil {
		return err
	}
	return m.boundJournals(tx, b)
}
