package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// shop is a receiver of callbacks. Its health changes, it dies and returns, and it remembers what reached it.
type shop struct {
	address string
	server  *http.Server
	health  atomic.Int32

	mu       sync.Mutex     // guards all below
	random   *rand.Rand     // its own: callbacks come when they come
	answered map[string]int // path -> posts that were answered
	broken   map[string]int // path -> posts on which it hung up
}

// How a shop is.
const (
	well     int32 = iota
	refusing       // 500
	flaky          // now this, now that, and once in a while it hangs
	slow           // answers after a while
	dying          // hangs up without an answer
)

// oneHangs of so many posts to a flaky shop. Each takes the sandbox five seconds.
const oneHangs = 5000

// openShop opens a shop at an address that no other program is given by chance while the shop is dead.
func openShop(number int, r *rand.Rand) (*shop, error) {
	s := &shop{address: fmt.Sprintf("127.0.77.%d:0", number+1), random: r, answered: map[string]int{}, broken: map[string]int{}}
	return s, s.rise()
}

// rise begins to listen, where it did before.
func (s *shop) rise() error {
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	s.address = listener.Addr().String()
	s.server = &http.Server{Handler: http.HandlerFunc(s.take), ReadHeaderTimeout: time.Minute}
	go func(server *http.Server) { _ = server.Serve(listener) }(s.server)
	return nil
}

// die answers what has come, and then nobody listens any more.
func (s *shop) die() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s.server.Shutdown(ctx)
}

func (s *shop) take(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	health, dice := s.health.Load(), s.random.IntN(10)
	hangs := false
	if health == flaky {
		health = []int32{well, refusing, dying}[dice%3]
		hangs = health == dying && s.random.IntN(oneHangs/3) == 0
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
		if hangs {
			<-r.Context().Done() // until the sandbox has waited for long enough
			return
		}
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
