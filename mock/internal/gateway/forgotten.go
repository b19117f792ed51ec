package gateway

import (
	"container/list"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// minIdle is how long, in real time, a merchant has not been used before it can be forgotten.
const minIdle = 10 * time.Minute

// noRoomPause is what a caller is told to wait when only callbacks keep the merchants from being forgotten.
const noRoomPause = time.Minute

// use marks the merchant as used now.
func (g *Gateway) use(m *Merchant) *Merchant {
	m.used.Store(g.Wall().UnixNano())
	return m
}

// add makes the merchant of a test key. Only who comes with a secret may have another one forgotten for it: the one
// that was not used for longest, if it was idle for ten minutes and has no callback planned. Where there is no
// room, it is an *payment.Error with code TooManyRequests. A key that was forgotten keeps its secret: another one
// is Unauthorized.
func (g *Gateway) add(key string, secret payment.Secret) (*Merchant, error) {
	g.adding.Lock()
	defer g.adding.Unlock()
	if m, ok := g.Known(key); ok {
		return m, nil
	}
	past, known := g.past.find(key)
	if known && secret != "" && !past.fits(secret) {
		return nil, g.unauthorized()
	}
	if g.Rules.KeepMerchants > 0 && g.count >= g.Rules.KeepMerchants && (secret == "" || !g.forgetLocked()) {
		return nil, g.fullLocked()
	}

	m := g.remembering(newMerchant(&g.Config, key), past)
	g.past.drop(key)
	g.merchants.Store(key, g.use(m))
	g.count++
	g.arrivals.tell(key)
	return m, nil
}

// remembering gives a merchant back what is known of its key.
func (g *Gateway) remembering(m *Merchant, past *forgotten) *Merchant {
	if past != nil {
		m.secret = past.secret
		m.forgotten.Store(true)
	}
	return m
}

// idleLocked are the merchants that may be forgotten as far as their use goes, the longest idle first.
func (g *Gateway) idleLocked() []*Merchant {
	var idle []*Merchant
	limit := g.Wall().Add(-minIdle).UnixNano()
	g.merchants.Range(func(_, value any) bool {
		if m := value.(*Merchant); m.Key != g.APIKey && m.used.Load() <= limit {
			idle = append(idle, m)
		}
		return true
	})
	slices.SortFunc(idle, func(a, b *Merchant) int { return int(min(1, max(-1, a.used.Load()-b.used.Load()))) })
	return idle
}

// forgetLocked forgets the longest idle merchant that has no callback planned, and reports whether there was one.
func (g *Gateway) forgetLocked() bool {
	for _, m := range g.idleLocked() {
		used := m.used.Load()
		books, err := m.store.Backlog(context.Background(), m.clock.Now())
		if err != nil || books.Planned > 0 || m.used.Load() != used { // somebody came in the meantime
			continue
		}
		g.merchants.Delete(m.Key)
		g.count--
		g.forgets.Add(1)
		g.past.keep(m)
		g.leaving.Go(func() {
			m.queue.Close(g.leaves) // what is under way comes to its end
			m.journal.Leave()
		})
		g.Log.Warn("merchant forgotten: it was not used for longest", "merchant", m.Key, "kept", g.Rules.KeepMerchants)
		return true
	}
	return false
}

// fullLocked says that there is no room for another merchant, and when to come back.
func (g *Gateway) fullLocked() error {
	now := g.Wall()
	wait := noRoomPause
	g.merchants.Range(func(_, value any) bool {
		if m := value.(*Merchant); m.Key != g.APIKey {
			if rest := time.Unix(0, m.used.Load()).Add(minIdle).Sub(now); rest > 0 {
				wait = min(wait, rest)
			}
		}
		return true
	})
	return &payment.Error{
		Code: payment.TooManyRequests, RetryAfter: max(wait, time.Second),
		Message: fmt.Sprintf("there is no room for a new API key: at most %d test keys are kept (--keep-merchants), and one is forgotten for "+
			"a request with a new key and its secret only when it was not used for %d minutes and has no callback planned",
			g.Rules.KeepMerchants, int(minIdle.Minutes())),
	}
}

// Forgotten is how many merchants have been forgotten so far, to make room for others.
func (g *Gateway) Forgotten() uint64 { return g.forgets.Load() }

// forgotten is what is kept of a merchant that was forgotten.
type forgotten struct {
	key    string
	secret *[sha256.Size]byte // nil: it never had one
}

// fits reports whether the secret is the one that the merchant had.
func (f *forgotten) fits(secret payment.Secret) bool {
	sum := sha256.Sum256([]byte(secret.Reveal()))
	return f.secret == nil || subtle.ConstantTimeCompare(f.secret[:], sum[:]) == 1
}

// mostPast bounds how many forgotten keys are known. With a key of 128 bytes each takes about 400 bytes: 25 MB
// together. One goes for every new key beyond, and a new key makes room only by a merchant that was idle for ten
// minutes, so that nobody can flush them quickly.
const mostPast = 65_536

// past are the keys that were forgotten last, with the hashes of their secrets. Its zero value is empty. The
// gateway's adding guards it.
type past struct {
	byKey map[string]*list.Element
	order list.List // of *forgotten, those forgotten first in front
}

func (p *past) find(key string) (*forgotten, bool) {
	e, ok := p.byKey[key]
	if !ok {
		return nil, false
	}
	return e.Value.(*forgotten), true
}

func (p *past) drop(key string) {
	if e, ok := p.byKey[key]; ok {
		p.order.Remove(e)
		delete(p.byKey, key)
	}
}

func (p *past) keep(m *Merchant) {
	if p.byKey == nil {
		p.byKey = map[string]*list.Element{}
	}
	if p.order.Len() >= mostPast {
		p.drop(p.order.Front().Value.(*forgotten).key)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p.byKey[m.Key] = p.order.PushBack(&forgotten{m.Key, m.secret})
}
