package sqlite

// boundJournal forgets the oldest entries of the merchant beyond its own bounds, and marks its journal as the one that
// was written to last.
func (tx *transaction) boundJournal() error {
	c, w := tx.counters, &tx.merchant.books.writer
	if c.journalTurn < w.journalTurn || c.journalTurn == 0 {
		w.journalTurn++ // one that is taken back leaves a gap, which is no harm
		c.journalTurn = w.journalTurn
	}

	for c.entries > maxEntries || c.entryBytes > maxBytes {
		if err := tx.session.dropOldest(c); err != nil {
			return err
		}
		tx.batch.freed = true
	}
	return nil
}

// boundJournals bounds what all journals hold together. Where it is too much, those that were not written to for
// longest forget their oldest entries: somewhat more than is needed, so that it is not done for every entry. The
// newest entry of each stays: whoever reads sees by its number that others were before it.
func (tx *transaction) boundJournals() error {
	most := tx.merchant.books.journalBytes
	held := tx.merchant.books.writer.journalBytes + tx.batch.journalBytes
	if held <= most {
		return nil
	}
	tx.batch.freed = true
	return tx.makeRoom(held - (most - most/32))
}

// makeRoom forgets entries of so many bytes, as far as there are.
func (tx *transaction) makeRoom(bytes int64) error {
	keys, err := tx.session.all(`SELECT key FROM merchant WHERE entries > 1 ORDER BY journal_turn`)
	if err != nil {
		return err
	}

	for _, key := range keys {
		idle, err := tx.session.readCounters(key)
		for err == nil && idle.entries > 1 && bytes > 0 {
			before := idle.entryBytes
			err = tx.session.dropOldest(&idle)
			bytes -= before - idle.entryBytes
			tx.batch.journalBytes -= before - idle.entryBytes
		}
		if err == nil {
			err = tx.session.writeCounters(&idle)
		}
		if err != nil || bytes <= 0 {
			return err
		}
	}

	return nil
}
