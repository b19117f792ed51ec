package gateway

import (
	"cmp"
	"slices"
)

// Recent lists the merchants there are, the one first that was used last; of those that were used at the same time, or
// never, the configured one.
func (g *Gateway) Recent() []*Merchant {
	all := make([]*Merchant, 0, 1)
	used := map[*Merchant]int64{} // which others change meanwhile
	for _, key := range g.Keys() {
		if m, ok := g.Known(key); ok {
			all = append(all, m)
			used[m] = m.used.Load()
		}
	}

	slices.SortStableFunc(all, func(a, b *Merchant) int { return cmp.Compare(used[b], used[a]) })
	return all
}
