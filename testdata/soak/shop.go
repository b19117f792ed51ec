package main

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"time"
)

// shop is a receiver of callbacks. Its health changes, and it remembers what reached it.
type shop struct {
	server *httptest.Server
	health atomic.Int32

	mu       sync.Mutex     // guards all below
	random   *rand.Rand     // its own: callbacks come when they come
	answered map[string]int // path -> posts that were answered
	broken   map[string]int // path -> posts on which it hung up
}

// How a shop is.
const (
	well     int32 = iota
	refusing       // 500
	flaky          // now this, now that
	slow           // answers after a while
	dying          // hangs up without an answer
)

func openShop(r *rand.Rand) *shop {
	s := &shop{random: r, answered: map[string]int{}, broken: map[string]int{}}
	s.server = httptest.NewServer(http.HandlerFunc(s.take))
	return s
}

func (s *shop) take(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	health, dice := s.health.Load(), s.random.IntN(10)
	if health == flaky {
		health = []int32{well, refusing, dying}[dice%3]
	}
	if health == dying {
		s.broken[r.URL.Path]++
	} else {
		s.answered[r.URL.Path]++
	}
	s.mu.Unlock()
	switch health {
	case refusing:
		w.WriteHeader(http.StatusInternalServerError)
	case slow:
		time.Sleep(time.Duration(dice) * time.Millisecond)
	case dying:
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	}
}

// posts are those to a path.
func (s *shop) posts(path string) (answered, broken int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered[path], s.broken[path]
}

// forget begins anew, as the merchant does after a reset.
func (s *shop) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.answered)
	clear(s.broken)
}

// nobody is an address at which nothing listens, and which no other program on the machine is given by chance.
const nobody = "127.0.0.1:9"
