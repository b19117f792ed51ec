package shop

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Elsewhere is an address that is not PayPorter's. It answers every request 404, and keeps which of them carried the
// merchant's secret.
type Elsewhere struct {
	URL string

	server *http.Server
	mu     sync.Mutex // guards what follows
	told   []string   // method and path of each request that carried the secret
	asked  int
}

// Elsewhere begins to listen. The caller closes it.
func (s *Session) Elsewhere() *Elsewhere {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		rule.NotEvaluable("no second address could be opened: %v", err)
	}

	e := &Elsewhere{URL: "http://" + listener.Addr().String()}
	e.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			e.keep(r, s.harness.Sandbox.Secret)
			http.NotFound(w, r)
		})}
	go func() { _ = e.server.Serve(listener) }() // until it is closed
	return e
}

func (e *Elsewhere) keep(r *http.Request, secret string) {
	body := make([]byte, 4<<10)
	n, _ := r.Body.Read(body) // what a create says fits
	said := r.URL.String() + "\n" + string(body[:n])
	for _, all := range r.Header {
		said += "\n" + strings.Join(all, "\n")
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked++
	if exchange.Tells(said, secret) {
		e.told = append(e.told, r.Method+" "+r.URL.Path)
	}
}

// Told are the requests that carried the secret, and how many requests there were.
func (e *Elsewhere) Told() (with []string, asked int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.told, e.asked
}

// Close ends it.
func (e *Elsewhere) Close() { _ = e.server.Close() }

// Redirecting answers with a redirect to another address, to the same path.
func (e *Elsewhere) Redirecting(status int) Edit {
	return func(a exchange.Message) exchange.Message {
		a.Status, a.Body = status, nil
		a.Headers = map[string][]string{"Location": {e.URL + "/elsewhere"}}
		return a
	}
}
