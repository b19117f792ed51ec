package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// hangs are what can keep a sandbox from ending. Each begins it and answers once it has begun.
var hangs = map[string]func(t *testing.T, s sandbox){
	"an attempt whose receiver hangs": func(t *testing.T, s sandbox) {},
	"a wait for the journal": func(t *testing.T, s sandbox) {
		s.sends(t, "GET /_mock/journal/wait?status=NEVER&timeout=5m HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "")
	},
	"a page that listens": func(t *testing.T, s sandbox) {
		s.sends(t, "GET /_mock/ui/events?journal=0&merchant=test_key HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "HTTP/1.1 200")
	},
	"a slow body": func(t *testing.T, s sandbox) {
		s.sends(t, "POST /api/checkout HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"+
			"X-API-KEY: test_key\r\nX-API-SECRET: test_secret\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n",
			"HTTP/1.1 100")
	},
	"an answer that is late by a minute": func(t *testing.T, s sandbox) {
		body := `{"orderId": "LATE", "amount": 1, "currency": "TRY", "callback": "http://127.0.0.1:9/"}`
		s.sends(t, fmt.Sprintf("POST /api/checkout HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"+
			"X-API-KEY: test_late\r\nX-API-SECRET: s\r\nContent-Length: %d\r\n\r\n%s", len(body), body), "")
		merchant{s, "test_late"}.seen(t, "LATE")
	},
	"a move of the clock": func(t *testing.T, s sandbox) {
		s.sends(t, "POST /_mock/clock?merchant=test_hanging HTTP/1.1\r\nHost: 127.0.0.1\r\n"+
			"Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"advance\": \"48h\"}", "")
	},
}

// sends writes a request by hand. With an answer it waits for the beginning of that.
func (s sandbox) sends(t *testing.T, request, answer string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	if answer != "" {
		got := make([]byte, len(answer))
		_, err = io.ReadFull(conn, got)
		require.NoError(t, err)
		require.Equal(t, answer, string(got))
	}
}

// seen waits until the merchant has a checkout for the order.
func (m merchant) seen(t *testing.T, orderID string) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		var found struct{ Checkouts []any }
		if m.call(t, http.MethodGet, "/_mock/checkouts?orderId="+orderID, "", &found); len(found.Checkouts) > 0 {
			return
		}
	}
	t.Fatal("no checkout was made")
}

// newHanging is a sandbox that hangs in these ways when it is told to end: its collector does not answer, and a
// merchant has an attempt under way to a receiver that does not either.
func newHanging(t *testing.T, ways ...string) sandbox {
	t.Helper()
	came := make(chan struct{}, 100)
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is the end of the connection seen
		if r.URL.Path == "/callback" {
			came <- struct{}{}
		}
		<-r.Context().Done()
	}))
	t.Cleanup(hanging.Close)
	s := serve(t, "--otlp-endpoint", hanging.URL)
	late := merchant{s, "test_late"}
	status, answer := request(t, http.MethodPut, s.url+"/_mock/scenarios", "application/yaml",
		"version: 1\nscenarios: [{name: late, create: {delay: 1m}}]\n", "X-API-KEY", late.key)
	require.Equal(t, http.StatusOK, status, string(answer))

	shop := merchant{s, "test_hanging"}
	id := shop.creates(t, "ORD-1", "callback", hanging.URL+"/callback")
	shop.call(t, http.MethodPost, "/_mock/checkouts/"+id+"/pay", "", nil)
	wait(t, came, "no callback came")
	for _, way := range ways {
		hangs[way](t, s)
	}
	return s
}

// undelivered is how many deliveries the log says were not made.
func (s sandbox) undelivered(t *testing.T) int {
	t.Helper()
	for line := range strings.Lines(s.stderr.String()) {
		var l struct {
			Msg        string
			Deliveries int
		}
		require.NoError(t, json.Unmarshal([]byte(line), &l), line)
		if l.Msg == "undelivered" {
			return l.Deliveries
		}
	}
	return 0
}

// Whatever hangs, a sandbox that is told to end does so, and says what was not delivered. How long it takes at most is
// the sum of its bounds, which mock holds below nine seconds.
func TestSandboxEndsWhateverHangs(t *testing.T) {
	t.Parallel()
	ways := map[string][]string{}
	for way := range hangs {
		ways[way] = []string{way}
		ways["everything"] = append(ways["everything"], way)
	}
	for name, each := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name != "everything" {
				extent.NotQuick(t, "a process for each way to hang; all together stay")
			}
			s := newHanging(t, each...)
			code, err := s.stop()
			require.NoError(t, err)
			require.Zero(t, code)
			require.Equal(t, 1, s.undelivered(t), &s.stderr)
		})
	}
}

// Whoever does not want to wait says so once more.
func TestSecondSignalEndsTheSandboxAtOnce(t *testing.T) {
	t.Parallel()
	var all []string
	for way := range hangs {
		all = append(all, way)
	}
	program := newHanging(t, all...)
	s := &shutdown{merchant: merchant{program, "test_hanging"}}
	s.idle = s.keptAlive(t)
	s.stop(t) // it has heard the first
	code, err := program.process.stop()
	require.NoError(t, err)
	require.Equal(t, 1, code)
	require.Contains(t, program.stderr.String(), "ended at once by a second signal")
	require.Equal(t, 1, strings.Count(program.stderr.String(), `"msg":"undelivered"`), &program.stderr)
	require.Contains(t, program.stderr.String(), `"msg":"undelivered callback"`, "an attempt that was broken off "+
		"is still due")
}
