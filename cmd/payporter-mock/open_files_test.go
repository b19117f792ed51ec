package main_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A sandbox that may have few files open goes on: connections that nobody uses make room, and the log says once what
// to do.
func TestTooManyOpenFilesStopNothing(t *testing.T) {
	t.Parallel()
	program, err := binary()
	require.NoError(t, err)
	p := run(t, nil, "sh", "-c", `ulimit -n 40; exec "$0" serve --addr 127.0.0.1:0 --log-format json`, program)
	var line struct{ URL string }
	require.NoError(t, json.Unmarshal([]byte(p.Announced), &line))

	for i := range 100 { // each connection stays open as long as the sandbox lets it
		conn, err := net.Dial("tcp", strings.TrimPrefix(line.URL, "http://"))
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		_, err = io.WriteString(conn, "GET /_mock/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err, "connection %d", i)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusOK, res.StatusCode)
	}
	told := `"msg":"too many open files: new connections wait until one ends; ` +
		`raise the limit (ulimit -n) or lower --max-connections"`
	require.Equal(t, 1, strings.Count(p.stderr.String(), told), &p.stderr)
}
