package sqlite

import "github.com/payporter-mock/payporter-mock/mock/store/internal/tables"

// boundJournal forgets the oldest entries of the merchant beyond its own bounds, and marks its journal as the one that
// was written to last.
func (m *merchant) boundJournal(tx *tables.Transaction) error {
	c, w := tx.Counters, &m.books.writer
	if c.Turn() < w.journalTurn || c.Turn() == 0 {
		w.journalTurn++ // one that is taken back leaves a gap, which is no harm
		c.SetTurn(w.journalTurn)
	}
	return tx.BoundJournal()
}

// boundJournals bounds what all journals hold together. Where it is too much, those that were not written to for
// longest forget their oldest entries: somewhat more than is needed, so that it is not done for every entry.
func (m *merchant) boundJournals(tx *tables.Transaction, b *batch) error {
	most := m.books.journalBytes
	held := m.books.writer.journalBytes + b.journalBytes
	if held <= most {
		return nil
	}

	b.freed = true
	freed, err := tables.MakeRoom(tx.Session, held-(most-most/32), "")
	b.journalBytes -= freed
	return err
}
