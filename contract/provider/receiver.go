package provider

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// receiver takes the callbacks. Each order has an address of its own, so that a callback is known by where it arrives,
// whatever it carries.
type receiver struct {
	base    string
	server  *http.Server
	served  chan struct{}
	arrived func(name string) // runs before the callback is answered, as PayPorter's example handler asks for the status

	mu    sync.Mutex // guards all below
	calls map[string][]*call
	waits map[string]chan struct{} // closed with the first callback
}

// mark is the query of every callback URL: it must come back.
const mark = "from=verify-provider"

// listen starts to receive.
func listen(addr, announced string) (*receiver, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for callbacks: %w", err)
	}
	r := &receiver{
		base: strings.TrimRight(announced, "/"), served: make(chan struct{}),
		calls: make(map[string][]*call), waits: make(map[string]chan struct{}),
	}
	if r.base == "" {
		r.base = "http://" + listener.Addr().String() + "/payment-callback"
	}
	r.server = &http.Server{Handler: http.HandlerFunc(r.take), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second}
	go func() {
		defer close(r.served)
		_ = r.server.Serve(listener) // ends with close
	}()
	return r, nil
}

func (r *receiver) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if r.server.Shutdown(ctx) != nil {
		_ = r.server.Close() // whoever still sends has had its time
	}
	<-r.served
}

func (r *receiver) address(name string) string { return r.base + "/" + name + "?" + mark }

// nameOf is which order an address belongs to.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return path.Base(u.Path)
}

func (r *receiver) take(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, 64<<10))
	x := &call{Exchange: exchange.Exchange{
		From: "payporter", To: "harness", Title: "callback", At: time.Now(),
		Request: exchange.Sent(req, body), Response: &exchange.Message{Status: http.StatusOK},
	}, err: err}
	name := nameOf(req.URL.Path)
	r.mu.Lock()
	first := len(r.calls[name]) == 0
	r.calls[name] = append(r.calls[name], x)
	r.mu.Unlock()
	if first {
		r.arrived(name)
		close(r.wait(name))
	}
	w.WriteHeader(http.StatusOK)
}

func (r *receiver) wait(name string) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waits[name] == nil {
		r.waits[name] = make(chan struct{})
	}
	return r.waits[name]
}

// await blocks until an order's first callback has been taken, or for so long.
func (r *receiver) await(ctx context.Context, name string, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-r.wait(name):
	case <-timer.C:
	case <-ctx.Done():
	}
}

// received lists the callbacks of an order, oldest first.
func (r *receiver) received(name string) []*call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*call(nil), r.calls[name]...)
}

// all lists every callback.
func (r *receiver) all() map[string][]*call {
	r.mu.Lock()
	defer r.mu.Unlock()
	copied := make(map[string][]*call, len(r.calls))
	for name, calls := range r.calls {
		copied[name] = append([]*call(nil), calls...)
	}
	return copied
}
