package gateway

import "context"

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
