package memory

import (
	"strings"
)

// counter is how often something was counted.
type counter struct {
	name string
	n    uint64
}

// countBefore is a counter as it was before a change.
type countBefore struct {
	counter *counter
	n       uint64
}

// Count implements store.Reader.
func (r reader) Count(name string) (uint64, error) {
	if c, known := r.m.counts[name]; known {
		return c.n, nil
	}
	return 0, nil
}

// Counts implements store.Reader.
func (r reader) Counts(prefix string) (map[string]uint64, error) {
	found := map[string]uint64{}
	for name, c := range r.m.counts {
		if c.n > 0 && strings.HasPrefix(name, prefix) {
			found[name] = c.n
		}
	}
	return found, nil
}

// Add implements store.Tx.
func (tx *transaction) Add(n int64, names ...string) error {
	counts := tx.m.counts
	for _, name := range names {
		c, known := counts[name]
		if !known {
			c = &counter{name: name}
			counts[name] = c
		}
		tx.counted = append(tx.counted, countBefore{c, c.n})
		c.add(n)
	}
	return nil
}

func (c *counter) add(n int64) {
	if n >= 0 {
		c.n += uint64(n)
		return
	}
	c.n -= min(c.n, uint64(-n))
}

// DropCounts implements store.Tx.
func (tx *transaction) DropCounts(prefix string) error {
	counts := tx.m.counts
	for name, c := range counts {
		if strings.HasPrefix(name, prefix) {
			delete(counts, name)
			tx.onRollBack(func() { counts[name] = c })
		}
	}
	return nil
}

// dropIfZero makes room: a counter at zero is as good as none.
func (m *merchant) dropIfZero(c *counter) {
	if c.n == 0 && m.counts[c.name] == c {
		delete(m.counts, c.name)
	}
}
