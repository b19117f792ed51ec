package sqlite

import "github.com/payporter-mock/payporter-mock/mock/store/internal/tables"

// begin makes a transaction of the key, and its row if there is none.
func (m *merchant) begin(s *session) (*tables.Transaction, error) {
	known, err := m.books.writer.knownLocked(s, m.key)
	if err != nil {
		return nil, err
	}
	return tables.Begin(s, known, tables.Claimer{Runs: 1, Holds: 1}), nil
}

// end keeps the bounds of the journal, and what the transaction has counted. It comes last: what it keeps is taken back
// with the whole batch only.
func (m *merchant) end(tx *tables.Transaction, b *batch) error {
	w := &m.books.writer
	if _, journal := tx.Changed(); journal {
		if tx.Counters.Turn() < w.journalTurn || tx.Counters.Turn() == 0 {
			w.journalTurn++ // one that is taken back leaves a gap, which is no harm
			tx.Counters.SetTurn(w.journalTurn)
		}
		if err := tx.BoundJournal(); err != nil {
			return err
		}
		b.woken[m.key] = struct{}{}
		b.journalBytes += tx.Grown()
	}

	b.freed = b.freed || tx.Freed
	w.session.changed = w.session.changed || !tx.OnlyTookMoments()
	w.learnLocked(m.key, tx)
	return nil
}
