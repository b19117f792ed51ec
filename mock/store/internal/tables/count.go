package tables

// afterPrefix follows every text that begins with a prefix, if it is put behind that: it is the last sign of Unicode.
const afterPrefix = "\U0010FFFF"

// Count implements store.Reader.
func (r Reader) Count(name string) (uint64, error) {
	var n int64
	_, err := r.Session.Row(`SELECT n FROM count WHERE merchant = ? AND name = ?`, []any{r.Counters.id, name}, &n)
	return uint64(n), err
}

// Counts implements store.Reader.
func (r Reader) Counts(prefix string) (map[string]uint64, error) {
	all := map[string]uint64{}
	err := r.Session.Rows(`SELECT name, n FROM count WHERE merchant = ? AND name >= ? AND name < ? AND n > 0`,
		[]any{r.Counters.id, prefix, prefix + afterPrefix}, func(scan func(...any) error) (bool, error) {
			var name string
			var n int64
			err := scan(&name, &n)
			all[name] = uint64(n)
			return true, err
		})
	return all, err
}

// Add implements store.Tx.
func (tx *Transaction) Add(n int64, names ...string) error {
	if n == 0 {
		return nil
	}

	for _, name := range names {
		if err := tx.Session.Run(`INSERT INTO count (merchant, name, n) VALUES (?1, ?2, ?3)
			ON CONFLICT (merchant, name) DO UPDATE SET n =
			CASE WHEN count.n + ?4 < 0 THEN 0 ELSE count.n + ?4 END`, tx.Counters.id, name, max(0, n), n); err != nil {
			return err
		}
		if n < 0 {
			if err := tx.Session.Run(`DELETE FROM count WHERE merchant = ? AND name = ? AND n = 0`,
				tx.Counters.id, name); err != nil {
				return err
			}
		}
	}

	return nil
}

// DropCounts implements store.Tx.
func (tx *Transaction) DropCounts(prefix string) error {
	return tx.Session.Run(`DELETE FROM count WHERE merchant = ? AND name >= ? AND name < ?`,
		tx.Counters.id, prefix, prefix+afterPrefix)
}
