package proxy

import (
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// mostSecrets bounds how many credentials are known, so that whoever tries many costs nothing.
const mostSecrets = 256

// keyring is the secrets that apps have sent, so that they are masked wherever they turn up. It is safe for concurrent
// use.
type keyring struct {
	mu    sync.Mutex // guards all below
	known map[payment.Secret]bool
	mask  exchange.Masker
}

// learn remembers the secret of a request, and answers what masks all that are known.
func (k *keyring) learn(sent http.Header) exchange.Masker {
	k.mu.Lock()
	defer k.mu.Unlock()
	secret := payment.Secret(sent.Get("X-Api-Secret"))
	if secret == "" || k.known[secret] {
		return k.mask
	}
	if k.known == nil || len(k.known) >= mostSecrets {
		k.known = map[payment.Secret]bool{}
	}

	k.known[secret] = true
	k.mask = exchange.NewMasker(slices.Collect(maps.Keys(k.known))...)
	return k.mask
}

// masker masks all that are known.
func (k *keyring) masker() exchange.Masker {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.mask
}

func (k *keyring) all() []payment.Secret {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Collect(maps.Keys(k.known))
}
