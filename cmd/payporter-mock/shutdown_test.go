package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A sandbox that is told to stop finishes what is in flight, takes nothing new, and exits with 0.
func TestShutdown(t *testing.T) {
	t.Parallel()
	t.Run("a callback that is being sent again is finished", func(t *testing.T) {
		t.Parallel()
		s := newShutdown(t)
		s.receiver.answer(t)
		var found struct{ Callbacks []struct{ ID string } }
		s.told(t, s.order, "1")
		s.call(t, http.MethodGet, "/_mock/callbacks", "", &found)
		require.Len(t, found.Callbacks, 1)

		redelivered := s.begin(t, http.MethodPost, "/_mock/callbacks/"+found.Callbacks[0].ID+"/redeliver")
		s.receiver.take(t)
		s.stop(t)
		s.receiver.answer(t)

		var delivery struct{ Attempts []struct{ HTTPStatus int } }
		redelivered(t, &delivery)
		require.Len(t, delivery.Attempts, 2)
		require.Equal(t, http.StatusNoContent, delivery.Attempts[1].HTTPStatus)
		s.ended(t)
	})
	t.Run("a callback that is being sent is finished", func(t *testing.T) {
		t.Parallel()
		s := newShutdown(t)
		s.stop(t)
		s.receiver.answer(t)
		s.ended(t)
		require.Contains(t, s.sandbox.stderr.String(), `"httpStatus":204,"delivery":"DELIVERED"`)
	})
	t.Run("a wait is answered when what it waits for still comes", func(t *testing.T) {
		t.Parallel()
		s := newShutdown(t)
		waited := s.begin(t, http.MethodGet, "/_mock/journal/wait?kind=callback&status=DELIVERED")
		s.stop(t)
		s.receiver.answer(t)

		var journal struct{ Entries []entry }
		waited(t, &journal)
		require.Len(t, journal.Entries, 1)
		require.Equal(t, s.order.OrderID, journal.Entries[0].OrderID)
		s.ended(t)
	})
}

// Whoever waits for what does not come is told how long it was, which is less than it asked for.
func TestShutdownEndsAWait(t *testing.T) {
	t.Parallel()
	s := newShutdown(t)
	began := time.Now()
	waited := s.beginFor(t, http.StatusRequestTimeout, http.MethodGet,
		"/_mock/journal/wait?kind=callback&status=EXHAUSTED&timeout=1m")
	s.stop(t)
	s.receiver.answer(t)

	var told struct{ Message string }
	waited(t, &told)
	atMost := time.Since(began)
	words := strings.Fields(told.Message)
	require.Equal(t, "of 1m0s, until the sandbox stopped, for 1 entry of test_shutdown with kind=callback "+
		"status=EXHAUSTED,", strings.Join(words[2:min(len(words), 16)], " "), told.Message)
	d, err := time.ParseDuration(words[1])
	require.NoError(t, err, told.Message)
	require.Greater(t, d, time.Second)
	require.LessOrEqual(t, d, atMost.Round(time.Millisecond))
	s.ended(t)
}

// What is still to be told when a sandbox ends is said, and nobody waits for more attempts than are under way.
func TestShutdownSaysWhatIsUndelivered(t *testing.T) {
	t.Parallel()
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is the end of the connection seen
		<-r.Context().Done()
	}))
	t.Cleanup(hanging.Close)
	s := serve(t, "--payer", "auto")
	shop, dead := merchant{s, "test_hanging"}, merchant{s, "test_dead"}
	for i := range 40 {
		shop.creates(t, fmt.Sprint("ORD-", i), "callback", hanging.URL+"/callback")
	}
	for i := range 3 {
		dead.creates(t, fmt.Sprint("ORD-", i))
	}
	dead.call(t, http.MethodGet, "/_mock/journal/wait?kind=callback&status=FAILED&count=3&timeout=30s", "", nil)
	shop.call(t, http.MethodGet, "/_mock/journal/wait?kind=payment&count=40&timeout=30s", "", nil)
	code, err := s.stop()
	require.NoError(t, err)
	require.Zero(t, code)

	var told []string
	named := 0
	for line := range strings.Lines(s.stderr.String()) {
		var l struct {
			Msg, Merchant   string
			Deliveries, Due any
		}
		require.NoError(t, json.Unmarshal([]byte(line), &l), line)
		switch l.Msg {
		case "undelivered":
			told = append(told, fmt.Sprint(l.Merchant, " ", l.Deliveries, " ", l.Due))
		case "undelivered callback":
			named++
		}
	}
	slices.Sort(told)
	require.Equal(t, []string{"test_dead 3 0", "test_hanging 40 24"}, told, "sixteen at a time are sent to one host, "+
		"and come to their end")
	require.Equal(t, 20, named)
	require.Contains(t, s.stderr.String(), `"callbacks":4`)
}

// shutdown is a sandbox that is telling a merchant of a payment, who has not answered yet.
type shutdown struct {
	merchant
	receiver receiver
	order    order
	idle     net.Conn // to the sandbox, which closes it once it takes nothing new
}

func newShutdown(t *testing.T) *shutdown {
	t.Helper()
	s := &shutdown{merchant: merchant{serve(t), "test_shutdown"}, receiver: receiver{
		make(chan struct{}),
		make(chan struct{}),
	}}
	callback := httptest.NewServer(s.receiver)
	t.Cleanup(callback.Close)
	status, answer := request(t, http.MethodPost, s.sandbox.url+"/api/checkout", jsonType,
		`{"orderId": "ORD-1", "amount": 100.50, "currency": "TRY", "callback": "`+callback.URL+`"}`,
		"X-API-KEY", s.key, "X-API-SECRET", "secret")
	require.Equal(t, http.StatusOK, status, string(answer))
	s.order.OrderID = "ORD-1"
	require.NoError(t, json.Unmarshal(answer, &s.order))
	s.call(t, http.MethodPost, "/_mock/checkouts/"+s.order.checkoutID()+"/pay", "", nil)
	s.receiver.take(t)
	s.idle = s.keptAlive(t)
	return s
}

// receiver is a callback URL that answers only when it is told to.
type receiver struct{ came, answered chan struct{} }

func (r receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	for _, step := range []chan struct{}{r.came, r.answered} {
		select {
		case step <- struct{}{}:
		case <-req.Context().Done():
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// take waits for a callback.
func (r receiver) take(t *testing.T) { wait(t, r.came, "no callback came") }

// answer answers the callback that was taken.
func (r receiver) answer(t *testing.T) { wait(t, r.answered, "the callback was broken off") }

func wait(t *testing.T, c <-chan struct{}, otherwise string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatal(otherwise)
	}
}

// keptAlive is a connection over which the sandbox has answered a request, and which stays open.
func (s *shutdown) keptAlive(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.sandbox.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "GET /_mock/health HTTP/1.1\r\nHost: sandbox\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(t, err)
	return conn
}

// begin sends a call and answers once the sandbox works on it: it has asked for the body, which
// holds nothing. What it answers waits for the end of the call.
func (s *shutdown) begin(t *testing.T, method, path string) func(t *testing.T, into any) {
	t.Helper()
	return s.beginFor(t, http.StatusOK, method, path)
}

// beginFor is begin for a call that will be answered with another status.
func (s *shutdown) beginFor(t *testing.T, status int, method, path string) func(t *testing.T, into any) {
	t.Helper()
	working := make(chan struct{})
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(working) }}
	req, err := http.NewRequestWithContext(
		httptrace.WithClientTrace(t.Context(), trace), method, s.sandbox.url+path, strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("X-API-KEY", s.key)
	req.Header.Set("Content-Type", jsonType)
	req.Header.Set("Expect", "100-continue")

	type result struct {
		res *http.Response
		err error
	}
	done := make(chan result, 1)
	go func() {
		transport := &http.Transport{ExpectContinueTimeout: patience, DisableKeepAlives: true}
		res, err := (&http.Client{Transport: transport, Timeout: patience}).Do(req)
		done <- result{res, err}
	}()
	select {
	case <-working:
	case r := <-done:
		require.Fail(t, "answered at once", "%+v", r)
	}
	return func(t *testing.T, into any) {
		t.Helper()
		r := <-done
		require.NoError(t, r.err)
		defer r.res.Body.Close()
		require.Equal(t, status, r.res.StatusCode)
		require.NoError(t, json.NewDecoder(r.res.Body).Decode(into))
	}
}

// stop tells the sandbox to stop and answers once it takes nothing new.
func (s *shutdown) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, s.sandbox.terminate())
	require.NoError(t, s.idle.SetReadDeadline(time.Now().Add(patience)))
	_, err := s.idle.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "idle connections are closed")
	_, err = net.Dial("tcp", strings.TrimPrefix(s.sandbox.url, "http://"))
	require.Error(t, err, "new connections are refused")
}

func (s *shutdown) ended(t *testing.T) {
	t.Helper()
	code, err := s.sandbox.exit()
	require.NoError(t, err)
	require.Equal(t, 0, code, &s.sandbox.stderr)
}
