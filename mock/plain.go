package mock

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
)

// What net/http cannot read as a request it answers by itself, in plain text, before any handler runs:
// a path such as /%zz, a header that is too long, a transfer encoding that it does not know. A
// plainConn gives these answers the documented error body, too.

// plainConn is a connection to the sandbox.
type plainConn struct {
	net.Conn
	newID  func() string
	doing  atomic.Int32 // silent, busy or idle
	speaks atomic.Int32 // under TLS: unknown, http1, http2Unasked or http2
	gone   func()       // gives its place back
	ended  sync.Once
}

// Close ends the connection and makes room for another one.
func (c *plainConn) Close() error {
	err := c.Conn.Close()
	c.ended.Do(c.gone)
	return err
}

// plainEnd is how the head of net/http's own answers ends; ours always say their length.
var plainEnd = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// plainAnswer is where the status line of one of net/http's own answers ends; zero: p is none.
func plainAnswer(p []byte) int {
	if !bytes.HasPrefix(p, []byte("HTTP/1.1 ")) || bytes.HasPrefix(p[9:], []byte("2")) {
		return 0
	}
	return max(0, bytes.Index(p[:min(len(p), 256)], plainEnd))
}

// toTLS is what net/http answers to plain HTTP where it expects TLS. It closes the connection next.
var toTLS = []byte("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")

// Write sends p, or the documented answer when p is one of net/http's own.
func (c *plainConn) Write(p []byte) (int, error) {
	if bytes.Equal(p, toTLS) {
		return len(p), c.refusePlain()
	}
	if at := plainAnswer(p); at > 0 {
		if _, err := c.Conn.Write(documented(string(p[9:at]), c.newID())); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// refusePlain answers plain HTTP where TLS is expected. What has not been read by then is read, for else the client's
// system could drop the answer.
func (c *plainConn) refusePlain() error {
	const most, patience = 1 << 20, time.Second
	answer := answerTo(http.StatusBadRequest, "this port speaks https: begin the URL with https://", c.newID())
	if _, err := c.Conn.Write(answer); err != nil {
		return err
	}
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // tells the client that nothing follows
	}

	_ = c.Conn.SetReadDeadline(clock.Deadline(patience)) // a client may send for ever
	_, _ = io.Copy(io.Discard, io.LimitReader(c.Conn, most))
	return nil
}

// SetLinger lets a scenario reset the connection.
func (c *plainConn) SetLinger(seconds int) error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.SetLinger(seconds)
	}
	return nil
}

// documented is the answer for a status line such as "400 Bad Request". What cannot be read is the
// caller's fault, so that none of it is a 5xx.
func documented(status, requestID string) []byte {
	code, _ := strconv.Atoi(status[:min(3, len(status))])
	if code < 400 || code >= 500 {
		code = http.StatusBadRequest
	}
	return answerTo(code, reasonOf(code), requestID)
}

// answerTo is the documented error body in an answer that ends its connection.
func answerTo(code int, message, requestID string) []byte {
	answer := wire.Fault(&payment.Error{Code: payment.InvalidRequest, Message: message}, requestID)
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		code, http.StatusText(code), wire.JSON, len(answer.Body), answer.Body)
}

func reasonOf(code int) string {
	if code == http.StatusRequestHeaderFieldsTooLarge {
		return "the headers are too long"
	}
	return "malformed HTTP request: check path, headers and Transfer-Encoding"
}
