package mock_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// line is a connection on which requests are written by hand.
type line struct {
	t *testing.T
	net.Conn
	answers *bufio.Reader
}

func dial(t *testing.T, srv *mock.Test) *line {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return &line{t, conn, bufio.NewReader(conn)}
}

func (l *line) write(text string) {
	l.t.Helper()
	_, err := io.WriteString(l.Conn, text)
	require.NoError(l.t, err)
}

// answer reads one answer and its body.
func (l *line) answer() (status int, body string) {
	l.t.Helper()
	res, err := http.ReadResponse(l.answers, nil)
	require.NoError(l.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(l.t, err)
	return res.StatusCode, string(text)
}

// ended waits until the other side has ended the connection.
func (l *line) ended() {
	l.t.Helper()
	_, err := l.answers.ReadByte()
	require.Error(l.t, err)
	timeout, ok := err.(net.Error)
	require.False(l.t, ok && timeout.Timeout(), "the connection is still there")
}

const health = "GET /_mock/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

func TestIdleConnectionMakesRoomForANewOne(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{MaxConnections: 2})
	first, second := dial(t, srv), dial(t, srv)
	for _, l := range []*line{first, second} {
		l.write(health)
		status, _ := l.answer()
		require.Equal(t, http.StatusOK, status)
	}
	third := dial(t, srv)
	third.write(health)
	status, _ := third.answer()
	require.Equal(t, http.StatusOK, status)

	fourth := dial(t, srv)
	fourth.write(health)
	status, _ = fourth.answer()
	require.Equal(t, http.StatusOK, status)
}

func TestNewConnectionWaitsWhileAllAreBusy(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{MaxConnections: 1})
	busy := dial(t, srv)
	busy.write("POST /api/checkout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-API-KEY: " + srv.APIKey +
		"\r\nX-API-SECRET: " + srv.APISecret + "\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n")
	proceed, _ := busy.answers.ReadString('\n')
	require.Contains(t, proceed, "100 Continue", "the sandbox reads the body")
	waiting := dial(t, srv)
	waiting.write(health)
	require.NoError(t, waiting.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
	_, err := waiting.answers.Peek(1)
	require.Error(t, err, "there is no room")
	busy.Close()
	require.NoError(t, waiting.SetReadDeadline(time.Now().Add(20*time.Second)))
	status, _ := waiting.answer()
	require.Equal(t, http.StatusOK, status)
}

func TestSilentConnectionsEndWithTheSandbox(t *testing.T) {
	t.Parallel()
	srv, err := mock.New(mock.Config{Addr: "127.0.0.1:0"})
	require.NoError(t, err)
	require.NoError(t, srv.Listen())
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(t.Context()) }()
	var lines []*line
	for range 3 {
		lines = append(lines, dial(t, &mock.Test{Server: srv}))
	}
	last := dial(t, &mock.Test{Server: srv})
	last.write(health)
	_, _ = last.answer() // so that the others have been accepted, too
	begin := time.Now()
	srv.Close()
	require.NoError(t, <-ended)
	for _, l := range lines {
		l.ended()
	}
	require.Less(t, time.Since(begin), 4*time.Second, "net/http waits five seconds for each")
}

// TestRequestsAreUnderstoodInOneWayOnly sends what two servers in a row would read differently. Each is refused, or
// read as one request; nothing hides behind another.
func TestRequestsAreUnderstoodInOneWayOnly(t *testing.T) {
	t.Parallel()
	hidden := "POST /api/checkout HTTP/1.1\r\nHost: x\r\nX-API-KEY: test_hidden\r\nX-API-SECRET: s\r\nContent-Type: " +
		"application/json\r\n" +
		fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(order("HIDDEN", nowhere)), order("HIDDEN", nowhere))
	head := "POST /api/checkout HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	for name, request := range map[string]string{
		"length and chunks":         head + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"two lengths":               head + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
		"two lengths in one":        head + "Content-Length: 0, 5\r\n\r\n",
		"a signed length":           head + "Content-Length: +0\r\n\r\n",
		"chunked twice":             head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"chunked and identity":      head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		"chunked with a tab":        head + "Transfer-Encoding:\tchunked\x0b\r\n\r\n0\r\n\r\n",
		"space before the colon":    head + "Content-Length : 0\r\n\r\n",
		"a header without a name":   head + ": x\r\n\r\n",
		"a chunk size with a sign":  head + "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n",
		"a chunk without its end":   head + "Transfer-Encoding: chunked\r\n\r\n1\r\nZ0\r\n\r\n",
		"a very long chunk size":    head + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("0", 5000) + "\r\n\r\n",
		"a null in a header":        head + "X-A: \x00\r\n\r\n",
		"HTTP/1.0 with chunks":      strings.Replace(head, "1.1", "1.0", 1) + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a version that is not one": strings.Replace(head, "HTTP/1.1", "HTTP/1.1x", 1) + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, mock.Config{})
			l := dial(t, srv)
			_, _ = io.WriteString(l.Conn, request+hidden) // it may hang up before it has read all
			first, err := http.ReadResponse(l.answers, nil)
			require.NoError(t, err)
			_, _ = io.Copy(io.Discard, first.Body)
			first.Body.Close()
			require.GreaterOrEqual(t, first.StatusCode, 400)
			require.Less(t, first.StatusCode, 500)
			_, _ = io.Copy(io.Discard, l.answers) // until the sandbox hangs up
			require.Empty(t, clientOf(t, srv).as("test_hidden").orders(), "what stands behind a request that is in doubt "+
				"is not read")
		})
	}
}

// TestPipelinedRequestsAreAnsweredInTurn is the other side: requests that are in no doubt are all served, once.
func TestPipelinedRequestsAreAnsweredInTurn(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	l := dial(t, srv)
	var all strings.Builder
	for i := range 3 {
		body := order(fmt.Sprintf("ORD-%d", i), nowhere)
		fmt.Fprintf(&all, "POST /api/checkout HTTP/1.1\r\nHost: x\r\nX-API-KEY: %s\r\nX-API-SECRET: %s\r\nContent-Type: "+
			"application/json\r\n"+
			"Content-Length: %d\r\n\r\n%s", srv.APIKey, srv.APISecret, len(body), body)
	}
	l.write(all.String())
	for range 3 {
		status, body := l.answer()
		require.Equal(t, http.StatusOK, status, body)
	}
	require.Equal(t, []string{"ORD-2", "ORD-1", "ORD-0"}, clientOf(t, srv).orders())
}
