package tables

// Turn is when the merchant's journal was written to last, compared with others.
func (c *Counters) Turn() int64 { return c.journalTurn }

// SetTurn marks the journal as the one that was written to last, if the turn is greater than all others.
func (c *Counters) SetTurn(turn int64) { c.journalTurn = turn }

// BoundJournal forgets the oldest entries of the merchant beyond its own bounds.
func (tx *Transaction) BoundJournal() error {
	c := tx.Counters
	for c.entries > maxEntries || c.entryBytes > maxBytes {
		if err := dropOldest(tx.Session, c); err != nil {
			return err
		}
		tx.Freed = true
	}
	return nil
}

// MakeRoom forgets entries of so many bytes, as far as there are, of the journals that were not written to for longest,
// and answers of how many. The newest entry of each stays: whoever reads sees by its number that others were before
// it. lock is put behind the query for a merchant's row; one that it leaves out is passed over.
func MakeRoom(s Session, bytes int64, lock string) (freed int64, err error) {
	keys, err := all(s, `SELECT key FROM merchant WHERE entries > 1 ORDER BY journal_turn`)
	if err != nil {
		return 0, err
	}

	for _, key := range keys {
		idle, err := ReadCounters(s, key, lock)
		for err == nil && idle.entries > 1 && freed < bytes {
			before := idle.entryBytes
			err = dropOldest(s, &idle)
			freed += before - idle.entryBytes
		}
		if err == nil && idle.Known() {
			err = WriteCounters(s, &idle)
		}
		if err != nil || freed >= bytes {
			return freed, err
		}
	}

	return freed, nil
}
