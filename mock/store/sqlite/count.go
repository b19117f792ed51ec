package sqlite

// afterPrefix follows every text that begins with a prefix, if it is put behind that: no UTF-8 has this byte.
const afterPrefix = "\xff"

// Count implements store.Reader.
func (r reader) Count(name string) (uint64, error) {
	var n int64
	_, err := r.session.row(`SELECT n FROM count WHERE merchant = ? AND name = ?`, []any{r.counters.id, name}, &n)
	return uint64(n), err
}

// Counts implements store.Reader.
func (r reader) Counts(prefix string) (map[string]uint64, error) {
	all := map[string]uint64{}
	err := r.session.rows(`SELECT name, n FROM count WHERE merchant = ? AND name >= ? AND name < ? AND n > 0`,
		[]any{r.counters.id, prefix, prefix + afterPrefix}, func(scan func(...any) error) (bool, error) {
			var name string
			var n int64
			err := scan(&name, &n)
			all[name] = uint64(n)
			return true, err
		})
	return all, err
}

// Add implements store.Tx.
func (tx *transaction) Add(n int64, names ...string) error {
	if n == 0 {
		return nil
	}

	for _, name := range names {
		if err := tx.session.run(`INSERT INTO count (merchant, name, n) VALUES (?1, ?2, max(0, ?3))
			ON CONFLICT DO UPDATE SET n = max(0, n + ?3)`, tx.counters.id, name, n); err != nil {
			return err
		}
		if n < 0 {
			if err := tx.session.run(`DELETE FROM count WHERE merchant = ? AND name = ? AND n = 0`,
				tx.counters.id, name); err != nil {
				return err
			}
		}
	}

	return nil
}

// DropCounts implements store.Tx.
func (tx *transaction) DropCounts(prefix string) error {
	return tx.session.run(`DELETE FROM count WHERE merchant = ? AND name >= ? AND name < ?`,
		tx.counters.id, prefix, prefix+afterPrefix)
}
