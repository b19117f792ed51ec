package proxy_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
)

// A body that is too long, or breaks off, would reach the other side as a whole one that is shorter.
func TestBodiesThatAreNotWholeDoNotPass(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(upstream.Close)
	p := start(t, proxy.Config{Upstream: upstream.URL})
	address := strings.TrimPrefix(p.URL, "http://")
	const head = "POST /api/checkout HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"

	for name, test := range map[string]struct {
		request string
		status  int
	}{
		"chunks of more than 8 MiB": {
			head + "Transfer-Encoding: chunked\r\n\r\n800001\r\n" + strings.Repeat("x", 8<<20+1) + "\r\n0\r\n\r\n", 413,
		},
		"a length of more than 8 MiB": {head + "Content-Length: 8388609\r\n\r\n" + strings.Repeat("x", 8<<20+1), 413},
		"a body that breaks off":      {head + "Content-Length: 100\r\n\r\n{", 400},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", address)
			require.NoError(t, err)
			defer conn.Close()
			go func() {
				_, _ = io.WriteString(conn, test.request) // it may be refused before its end
				_ = conn.(*net.TCPConn).CloseWrite()
			}()
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			require.Equal(t, test.status, answer.StatusCode)
			require.NoError(t, answer.Body.Close())
			require.Zero(t, asked.Load(), "nothing passed")
		})
	}
}
