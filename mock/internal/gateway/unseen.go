package gateway

import (
	"context"
	"sync"

	"github.com/payporter-mock/payporter-mock/mock/store/memory"
)

// Look answers the merchant with the key for whoever only looks. A test key that was never used gets an empty
// merchant, which is nobody's: it is not kept. Any other unknown key is an *payment.Error with code NotFound.
func (g *Gateway) Look(ctx context.Context, key string) (*Merchant, error) {
	if m, ok, err := g.existing(ctx, key); ok || err != nil {
		return m, err
	}

	books, err := memory.Open(memory.Options{}).Open(ctx, key)
	if err != nil {
		return nil, err
	}
	m, _, err := newMerchant(ctx, &g.Config, key, books)
	if err != nil {
		return nil, err
	}
	m.unseen = true
	g.adding.Lock()
	defer g.adding.Unlock()
	_, past := g.past.find(key)
	m.forgotten.Store(past)
	return m, nil
}

// Arrival answers the merchant itself, or, for one that Look made up, blocks until its key is used and answers the
// one that is kept. When ctx ends first, it answers the made-up one.
func (g *Gateway) Arrival(ctx context.Context, m *Merchant) *Merchant {
	if !m.unseen {
		return m
	}
	g.adding.Lock()
	if known, ok := g.Known(m.Key); ok {
		g.adding.Unlock()
		return known
	}
	arrived, leave := g.arrivals.await(m.Key)
	g.adding.Unlock()
	defer leave()

	select {
	case <-arrived:
		if known, ok := g.Known(m.Key); ok {
			return known
		}
	case <-ctx.Done():
	}
	return m
}

// arrivals tells those who wait for the first use of a key. Its zero value has nobody waiting.
type arrivals struct {
	mu      sync.Mutex // guards waiting
	waiting map[string]*arrival
}

// arrival is a key that is waited for.
type arrival struct {
	told    chan struct{} // closed when it is used
	waiters int
}

// await answers what is closed when the key is used. Who leaves must say so.
func (a *arrivals) await(key string) (told <-chan struct{}, leave func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[string]*arrival{}
	}
	one := a.waiting[key]
	if one == nil {
		one = &arrival{told: make(chan struct{})}
		a.waiting[key] = one
	}
	one.waiters++

	return one.told, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if one.waiters--; one.waiters == 0 && a.waiting[key] == one {
			delete(a.waiting, key)
		}
	}
}

func (a *arrivals) tell(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if one := a.waiting[key]; one != nil {
		close(one.told)
		delete(a.waiting, key)
	}
}
