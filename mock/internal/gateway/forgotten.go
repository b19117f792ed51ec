package gateway

import (
	"container/list"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
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
func (g *Gateway) add(ctx context.Context, key string, secret payment.Secret) (*Merchant, error) {
	g.adding.Lock()
	defer g.adding.Unlock()
	if m, ok := g.Known(key); ok {
		return m, nil
	}
	past, known := g.past.find(key)
	if known && secret != "" && !past.fits(secret) {
		return nil, unauthorized("the secret is not that of " + payment.MaskSecrets(key))
	}
	if g.Rules.KeepMerchants > 0 && g.count >= g.Rules.KeepMerchants && (secret == "" || !g.forgetLocked(ctx)) {
		return nil, g.fullLocked()
	}

	m, record, err := g.open(ctx, key)
	if err == nil && record.Absent {
		err = m.comeBack(ctx)
	}
	if err != nil {
		return nil, err
	}
	g.past.drop(key)
	g.merchants.Store(key, g.use(m))
	g.count++
	g.arrivals.tell(key)
	return m, nil
}

// comeBack notes that a merchant that was forgotten is used again.
func (m *Merchant) comeBack(ctx context.Context) error {
	return m.store.Update(ctx, func(tx store.Tx) error {
		record, err := tx.Merchant()
		if err != nil {
			return err
		}
		record.Absent = false
		return tx.PutMerchant(record)
	})
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

// forgetLocked forgets merchants that have no callback planned, the longest idle first, until there is room for
// another one, and reports whether there is. What another process has forgotten already makes room only here.
func (g *Gateway) forgetLocked(ctx context.Context) bool {
	for _, m := range g.idleLocked() {
		if g.count < g.Rules.KeepMerchants {
			break
		}
		used := m.used.Load()
		books, err := m.backlog(ctx, m.clock.Now())
		if err != nil || books.Planned > 0 || m.used.Load() != used { // somebody came in the meantime
			continue
		}
		err = m.leave(ctx)
		if errors.Is(err, errAlreadyForgotten) || errors.Is(err, store.ErrNotFound) {
			g.partLocked(m)
			continue
		}
		if err != nil {
			g.Log.Error("merchant not forgotten", "merchant", m.Key, "error", err.Error())
			return false
		}

		if err = g.keepPastLocked(ctx, m); err != nil {
			g.Log.Error("the books of a key that is too old were not dropped", "error", err.Error())
		}
		g.dropLocked(m)
		g.forgets.Add(1)
		g.Log.Warn("merchant forgotten: it was not used for longest", "merchant", m.Key, "kept", g.Rules.KeepMerchants)
	}
	return g.count < g.Rules.KeepMerchants
}

// dropLocked makes the merchant none of this process's. What is under way comes to its end.
func (g *Gateway) dropLocked(m *Merchant) {
	g.merchants.Delete(m.Key)
	g.count--
	g.leaving.Go(func() { m.queue.Close(g.leaves) })
}

var errAlreadyForgotten = errors.New("another process has forgotten the merchant already")

// leave forgets all that the merchant has but its secret. Who has it still gets errors from now on. It answers
// errAlreadyForgotten where another process was faster.
func (m *Merchant) leave(ctx context.Context) error {
	m.left.Store(true)
	err := m.store.Update(ctx, func(tx store.Tx) error {
		record, err := tx.Merchant()
		if err == nil && record.Absent {
			err = errAlreadyForgotten
		}
		if err != nil {
			return err
		}
		left := store.Merchant{
			Secret: record.Secret, Seed: record.Seed, Forgotten: true, Absent: true, Resets: record.Resets + 1,
		}
		return errors.Join(tx.Reset(), tx.PutMerchant(left))
	})
	if err != nil {
		m.left.Store(false)
	}
	return err
}

// keepPastLocked remembers that a merchant was forgotten. Beyond what is remembered, the one that was forgotten first
// is a new key again.
func (g *Gateway) keepPastLocked(ctx context.Context, m *Merchant) error {
	if gone := g.past.keep(m); gone != "" {
		return g.Books.Drop(ctx, gone)
	}
	return nil
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
		Message: fmt.Sprintf("there is no room for a new API key: at most %d test keys are kept (--keep-merchants), and "+
			"one is forgotten for "+
			"a request with a new key and its secret only when it was not used for %d minutes and has no callback planned",
			g.Rules.KeepMerchants, int(minIdle.Minutes())),
	}
}

// Forgotten is how many merchants have been forgotten so far, to make room for others.
func (g *Gateway) Forgotten() uint64 { return g.forgets.Load() }

// forgotten is what is kept of a merchant that was forgotten.
type forgotten struct {
	key    string
	secret []byte // SHA-256 of it; empty: it never had one
}

// fits reports whether the secret is the one that the merchant had.
func (f *forgotten) fits(secret payment.Secret) bool {
	sum := sha256.Sum256([]byte(secret.Reveal()))
	return len(f.secret) == 0 || subtle.ConstantTimeCompare(f.secret, sum[:]) == 1
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

// keep adds a merchant, and answers the key that had to go for it; empty: none had.
func (p *past) keep(m *Merchant) (gone string) {
	if p.byKey == nil {
		p.byKey = map[string]*list.Element{}
	}
	if p.order.Len() >= mostPast {
		gone = p.order.Front().Value.(*forgotten).key
		p.drop(gone)
	}

	one := &forgotten{key: m.Key}
	if secret := m.secret.Load(); secret != nil {
		one.secret = *secret
	}

	p.byKey[m.Key] = p.order.PushBack(one)
	return gone
}
