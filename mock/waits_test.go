package mock_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// TestBlockedWaitsLeaveConnectionsForEverythingShort begins more waits of each kind than there may be connections.
// Health gets through, and what is too much is told so.
func TestBlockedWaitsLeaveConnectionsForEverythingShort(t *testing.T) {
	t.Parallel()
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(hanging.Close)
	for name, wait := range map[string]func(c *client, n int) *http.Request{
		"waits for the journal": func(c *client, n int) *http.Request {
			return c.request(http.MethodGet, "/_mock/journal/wait?orderId=NEVER&timeout=5m", "")
		},
		"pages that listen": func(c *client, n int) *http.Request {
			return c.request(http.MethodGet, "/_mock/ui/events?journal=0&merchant="+c.key, "")
		},
		"answers that a scenario delays": func(c *client, n int) *http.Request {
			req := c.request(http.MethodPost, "/api/checkout", order(fmt.Sprint("ORD-", n), nowhere))
			req.Header.Set("X-Mock-Scenario", "create-timeout-but-created")
			return req
		},
		"callbacks before the answer": func(c *client, n int) *http.Request {
			req := c.request(http.MethodPost, "/api/checkout", order(fmt.Sprint("ORD-", n), hanging.URL))
			req.Header.Set("X-Mock-Scenario", "callback-before-response")
			return req
		},
		"moves of the clock": func(c *client, n int) *http.Request {
			one := c.as(fmt.Sprint("test_", n))
			id := one.create("ORD-1", hanging.URL)
			require.Equal(t, http.StatusOK, one.post("/_mock/checkouts/"+id+"/pay", "").status)
			return one.request(http.MethodPost, "/_mock/clock", `{"advance": "48h"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, mock.Config{MaxConnections: 8})
			c := clientOf(t, srv)
			var requests []*http.Request
			for n := range 12 {
				requests = append(requests, wait(c, n))
			}

			// Four of eight connections may wait. Whoever is too much gets an answer that ends.
			ctx, leave := context.WithCancel(t.Context())
			var waiting sync.WaitGroup
			refused := make(chan *http.Response, len(requests))
			for _, req := range requests {
				waiting.Go(func() {
					res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req.WithContext(ctx))
					if err != nil {
						return // the test has left
					}
					defer res.Body.Close()
					if _, err := io.Copy(io.Discard, res.Body); err == nil {
						refused <- res
					}
				})
			}
			for n := range 8 {
				select {
				case res := <-refused:
					if res.Header.Get("Content-Type") == "text/event-stream" {
						continue // a page asks again by itself
					}
					require.Equal(t, http.StatusTooManyRequests, res.StatusCode)
					require.Equal(t, "1", res.Header.Get("Retry-After"))
				case <-time.After(20 * time.Second):
					t.Fatalf("%d of 8 were refused", n)
				}
			}
			require.Equal(t, http.StatusOK, c.get("/_mock/health").status)
			require.NotEmpty(t, c.create("SHORT", nowhere))

			leave() // who leaves gives its place back
			waiting.Wait()
			becomes(t, c, "/_mock/journal/wait?orderId=NEVER&timeout=0s", http.StatusRequestTimeout)
		})
	}
}

// becomes asks until the answer has the status.
func becomes(t *testing.T, c *client, path string, status int) {
	t.Helper()
	var got reply
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if got = c.get(path); got.status == status {
			return
		}
	}
	t.Fatalf("GET %s: got %d, want %d: %s", path, got.status, status, got.raw)
}

// A create that is refused because too many answers wait has not used its scenario.
func TestRefusedWaitUsesNoScenario(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{MaxConnections: 3})
	c := clientOf(t, srv)
	late := "version: 1\nscenarios:\n  - {name: late, limit: 1, create: {delay: 5m}}\n"
	require.Equal(t, http.StatusOK, c.put(late).status)
	ctx, leave := context.WithCancel(t.Context())
	waiting := make(chan struct{})
	go func() {
		defer close(waiting)
		for ctx.Err() == nil { // it is refused while the question below waits
			wait := c.request(http.MethodGet, "/_mock/journal/wait?timeout=5m&status=NEVER", "")
			res, err := http.DefaultTransport.RoundTrip(wait.WithContext(ctx))
			if err == nil {
				res.Body.Close()
			}
		}
	}()
	becomes(t, c, "/_mock/journal/wait?status=NEVER&timeout=0s", http.StatusTooManyRequests)

	for range 2 { // the second would find the limit reached
		create := c.request(http.MethodPost, "/api/checkout", order("ORD-1", nowhere))
		// Sent again if its connection was idle, and has been ended to make room; the header itself is not sent.
		create.Header["Idempotency-Key"] = []string{}
		refused := c.send(create)
		require.Equal(t, http.StatusTooManyRequests, refused.status, refused.raw)
		require.Equal(t, "as many requests wait as may, half of the connections (1); come again, or raise --max-connections",
			refused.text("message"))
	}
	require.Empty(t, c.orders())
	leave()
	<-waiting
}

// A merchant that begins anew while its callbacks are sent before the answer has made its checkout, and forgotten it.
func TestResetBetweenCallbacksBeforeTheAnswerIsNoBug(t *testing.T) {
	t.Parallel()
	var between atomic.Int32
	for range 5 {
		log := &logBuffer{}
		begun := make(chan struct{})
		srv := start(t, mock.Config{
			Logger: slog.New(slog.NewTextHandler(log, nil)), BeforeReset: func(string) { close(begun) },
		})
		c := clientOf(t, srv)
		var came atomic.Int32
		reset := make(chan int, 1)
		receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			if came.Add(1) == 1 {
				go func() { reset <- c.post("/_mock/reset", "").status }()
				<-begun // it waits for this callback, and goes before the next
			}
		}))
		require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - name: early\n    payer: {action: pay}\n"+
			"    callback: {deliveries: [{beforeResponse: true}, {beforeResponse: true}]}\n").status)
		created := c.post("/api/checkout", order("ORD-1", receiver.URL))
		require.Equal(t, http.StatusOK, <-reset)
		receiver.Close()
		require.Equal(t, http.StatusOK, created.status, created.raw)
		require.NotEmpty(t, created.text("checkoutId"))
		require.NotContains(t, log.String(), "msg=bug")
		if came.Load() == 1 {
			between.Add(1)
			require.Empty(t, c.orders())
		}
	}
	require.Positive(t, between.Load(), "the reset came between the two")
}

// logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
