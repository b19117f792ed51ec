package mock

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// What net/http cannot read as a request it answers by itself, in plain text, before any handler runs:
// a path such as /%zz, a header that is too long, a transfer encoding that it does not know. A
// plainConn gives these answers the documented error body, too.

// plainConn is a connection to the sandbox.
type plainConn struct {
	net.Conn
	newID func() string
	doing atomic.Int32 // silent, busy or idle
	gone  func()       // gives its place back
	ended sync.Once
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

// Write sends p, or the documented answer when p is one of net/http's own.
func (c *plainConn) Write(p []byte) (int, error) {
	if at := plainAnswer(p); at > 0 {
		if _, err := c.Conn.Write(documented(string(p[9:at]), c.newID())); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	return c.Conn.Write(p)
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
	answer := wire.Fault(&payment.Error{
		Code: payment.InvalidRequest, Message: "this is no request that HTTP knows: " + reasonOf(code),
	}, requestID)
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		code, http.StatusText(code), wire.JSON, len(answer.Body), answer.Body)
}

func reasonOf(code int) string {
	if code == http.StatusRequestHeaderFieldsTooLarge {
		return "its headers are too long"
	}
	return "look at its path, its headers and its encoding"
}
