package gateway

import (
	"context"
	"math"
)

// makeRoom forgets checkouts that are over, those that were over first, before one more is made. An
// open one is never forgotten, nor one that the merchant has not been told of yet.
func (m *Merchant) makeRoom(ctx context.Context) {
	keep := m.config.Rules.Keep
	if keep == 0 {
		return
	}
	gone, err := m.store.Forget(ctx, keep-1)
	if err != nil || len(gone) == 0 {
		return // only the end of the context does that, which the create will find as well
	}
	m.script.forget(gone)
	m.full.Do(func() {
		m.config.Log.Warn("from now on the oldest finished checkouts are forgotten", "merchant", m.Key, "kept", keep)
	})
}

// use marks the merchant as the one that was used last.
func (g *Gateway) use(m *Merchant) *Merchant {
	if m.used.Load() != g.turn.Load() {
		m.used.Store(g.turn.Add(1))
	}
	return m
}

// add makes the merchant of a test key. Where there are too many, the one that has not been used for
// longest is forgotten: whoever comes with its key begins anew. The configured one stays.
func (g *Gateway) add(key string) *Merchant {
	g.adding.Lock()
	defer g.adding.Unlock()
	if m, ok := g.Known(key); ok {
		return m
	}
	if g.Rules.KeepMerchants > 0 && g.count >= g.Rules.KeepMerchants {
		g.forgetOldestLocked()
	}
	m := newMerchant(&g.Config, key)
	m.used.Store(g.turn.Add(1))
	g.merchants.Store(key, m)
	g.count++
	return m
}

func (g *Gateway) forgetOldestLocked() {
	var oldest *Merchant
	longest := uint64(math.MaxUint64)
	g.merchants.Range(func(_, value any) bool {
		if m := value.(*Merchant); m.Key != g.APIKey && m.used.Load() < longest {
			oldest, longest = m, m.used.Load()
		}
		return true
	})
	g.merchants.Delete(oldest.Key)
	g.count--
	g.leaving.Go(func() {
		oldest.queue.Close(g.leaves) // what is under way comes to its end
		oldest.journal.Leave()
	})
	g.Log.Warn("merchant forgotten: it was not used for longest", "merchant", oldest.Key, "kept", g.Rules.KeepMerchants)
}
