package gateway

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Find answers the merchant with the key as the books have it now, whichever process made it, moved its clock or
// forgot it. ok is false when there is none.
func (g *Gateway) Find(ctx context.Context, key string) (m *Merchant, ok bool, err error) {
	m, ok = g.Known(key)
	if g.shared == nil || !ValidKey(key) || key == "" {
		return m, ok, nil
	}
	if ok {
		if ok, err = g.refresh(ctx, m); ok || err != nil {
			return m, ok, err
		}
	}
	return g.adopt(ctx, key)
}

// refresh makes of the merchant what the books say. It reports false for one that another process has forgotten.
func (g *Gateway) refresh(ctx context.Context, m *Merchant) (known bool, err error) {
	record, err := m.queue.Refresh(ctx)
	if errors.Is(err, store.ErrNotFound) || err == nil && record.Absent {
		g.adding.Lock()
		defer g.adding.Unlock()
		g.partLocked(m)
		return false, nil
	}
	if err != nil {
		return false, err
	}

	m.forgotten.Store(record.Forgotten)
	if kept := m.secret.Load(); len(record.Secret) > 0 && (kept == nil || !bytes.Equal(*kept, record.Secret)) {
		m.secret.Store(&record.Secret)
	}
	return true, nil
}

// partLocked ends what works here for a merchant that another process has forgotten.
func (g *Gateway) partLocked(m *Merchant) {
	if !m.left.CompareAndSwap(false, true) {
		return
	}
	g.past.keep(m)
	g.dropLocked(m)
}

// adopt answers the merchant that another process has made of the key. ok is false when none has.
func (g *Gateway) adopt(ctx context.Context, key string) (m *Merchant, ok bool, err error) {
	record, err := g.shared.Record(ctx, key)
	if errors.Is(err, store.ErrNotFound) || err == nil && record.Absent {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}

	g.adding.Lock()
	defer g.adding.Unlock()
	if m, ok := g.Known(key); ok {
		return m, true, nil
	}
	m, record, err = g.open(ctx, key)
	if err != nil || record.Absent {
		return nil, false, err
	}
	g.past.drop(key)
	g.merchants.Store(key, g.use(m))
	g.count++
	g.arrivals.tell(key)
	return m, true, m.resume(ctx)
}

// Leased is ctx with the lease that this process has of the merchant's tasks, if several processes use the books: what
// follows from a request is done by whoever has them.
func (m *Merchant) Leased(ctx context.Context) context.Context {
	if m.config.shared == nil {
		return ctx
	}
	return m.queue.Leased(ctx)
}

// newcomers are the keys of which other processes have made merchants, or have forgotten them. Its zero value is
// stopped.
type newcomers struct {
	mu   sync.Mutex // guards keys and all
	keys map[string]bool
	all  bool // any key may be one, and any merchant may be forgotten or have something due

	wake  chan struct{}
	ended chan struct{}
	end   context.CancelFunc
}

// follow begins to follow what other processes change in the books.
func (g *Gateway) follow() {
	ctx, end := context.WithCancel(context.Background())
	n := &g.newcomers
	n.keys, n.wake, n.ended, n.end = map[string]bool{}, make(chan struct{}, 1), make(chan struct{}), end
	go func() {
		defer close(n.ended)
		for ctx.Err() == nil {
			select {
			case <-n.wake:
				g.welcome(ctx)
			case <-ctx.Done():
			}
		}
	}()
	g.shared.Watch(g.changed)
	n.add("")
}

// changed notes what another process has changed.
func (g *Gateway) changed(c store.Change) {
	m, ok := g.Known(c.Key)
	if !ok || c.Forgotten {
		g.newcomers.add(c.Key)
		return
	}
	g.use(m)
	m.queue.Changed(c.Due, c.Finished)
}

// add notes a key; an empty one stands for all.
func (n *newcomers) add(key string) {
	n.keep(key)
	select {
	case n.wake <- struct{}{}:
	default: // it has been woken already
	}
}

// keep notes a key for the next time.
func (n *newcomers) keep(key string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all = n.all || key == ""; key != "" {
		n.keys[key] = true
	}
}

func (n *newcomers) take() (keys map[string]bool, all bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	keys, all = n.keys, n.all
	n.keys, n.all = map[string]bool{}, false
	return keys, all
}

// stop ends following.
func (n *newcomers) stop() {
	if n.end != nil {
		n.end()
		<-n.ended
	}
}

// welcome adopts the merchants of the keys that were noted, and parts from those that are forgotten; where any key may
// be one, it looks at all. The merchants look for what is due. What fails is tried again after the next news.
func (g *Gateway) welcome(ctx context.Context) {
	keys, all := g.newcomers.take()
	if all {
		found, err := g.shared.Keys(ctx)
		if err != nil && ctx.Err() == nil {
			g.Log.Error("the books cannot be read", "error", err.Error())
			g.newcomers.keep("")
		}
		for _, key := range append(found, g.Keys()...) { // ours may be gone from the books
			keys[key] = true
		}
	}

	for key := range keys {
		m, _, err := g.Find(ctx, key)
		if m != nil {
			m.queue.Rouse()
		}
		if err != nil && ctx.Err() == nil {
			g.Log.Error("the books cannot be read", "merchant", key, "error", err.Error())
			g.newcomers.keep(key)
		}
	}
}
