package provider

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// receiver takes the callbacks. Each order has an address of its own, so that a callback is known by where it arrives,
// whatever it carries.
type receiver struct {
	relay.Record[call]
	base    string
	server  *http.Server
	served  chan struct{}
	arrived func(name string) // runs before the callback is answered, as PayPorter's example handler asks for the status
}

// mark is the query of every callback URL: it must come back.
const mark = "from=verify-provider"

// listen starts to receive.
func listen(addr, announced string) (*receiver, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for callbacks: %w", err)
	}

	r := &receiver{base: strings.TrimRight(announced, "/"), served: make(chan struct{})}
	if r.base == "" {
		r.base = "http://" + listener.Addr().String() + "/payment-callback"
	}

	r.server = &http.Server{
		Handler: http.HandlerFunc(r.take), ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 10 * time.Second,
	}
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
	x.order = nameOf(req.URL.Path)
	first := false
	r.Change(func() {
		before := len(r.receivedLocked(x.order))
		first = before == 0
		if before < 2 && strings.HasPrefix(x.order, refusedTwice+"-") {
			x.Response.Status = http.StatusServiceUnavailable
		}
		r.Calls = append(r.Calls, x)
	})
	if first {
		r.arrived(x.order)
	}

	r.Change(func() { x.taken = true })
	w.WriteHeader(x.Response.Status)
}

// await blocks until an order's first callback has been taken, or for so long.
func (r *receiver) await(ctx context.Context, name string, most time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	r.Wait(ctx, func() bool {
		calls := r.receivedLocked(name)
		return len(calls) > 0 && calls[0].taken
	})
}

// received lists the callbacks of an order, oldest first.
func (r *receiver) received(name string) []*call {
	r.Lock()
	defer r.Unlock()
	return r.receivedLocked(name)
}

func (r *receiver) receivedLocked(name string) []*call {
	return slices.DeleteFunc(slices.Clone(r.Calls), func(x *call) bool { return x.order != name })
}

// awaitSome blocks until something holds of what came, or for so long.
func (r *receiver) awaitSome(ctx context.Context, most time.Duration, holds func() bool) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	r.Wait(ctx, holds)
}

// about lists what came to these names and is about a payment, oldest first. Its lock must be held.
func (r *receiver) about(id string, names ...string) []*call {
	return slices.DeleteFunc(slices.Clone(r.Calls), func(x *call) bool {
		return !slices.Contains(names, x.order) || hookBody(x).text("paymentId") != id
	})
}
