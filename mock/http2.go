package mock

import (
	"crypto/tls"
	"net/http"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
)

// What is spoken on a connection under TLS.
const (
	unknown int32 = iota // nothing yet, or there is no TLS
	http1
	http2Unasked // HTTP/2, before its first request
	http2
)

// goodbye is how long an idle connection of HTTP/2 still lives that makes room for another: net/http calls it idle
// before the last answer has been written.
const goodbye = 100 * time.Millisecond

// opens follows what is spoken under TLS. net/http calls a connection of HTTP/2 idle before its first request, too:
// then it must not be ended, and has as long for that request as with HTTP/1.1. opens reports whether this is so now.
func (c *plainConn) opens(secured *tls.Conn, state http.ConnState) bool {
	speaks := c.speaks.Load()
	switch {
	case speaks == unknown && state == http.StateIdle && secured.ConnectionState().NegotiatedProtocol == "h2":
		c.speaks.Store(http2Unasked)
		_ = c.SetReadDeadline(clock.Deadline(headerTimeout))
		return true
	case speaks == unknown && state == http.StateIdle:
		c.speaks.Store(http1)
	case speaks >= http2Unasked && state == http.StateActive:
		c.speaks.Store(http2)
		_ = c.SetReadDeadline(time.Time{})
	}
	return false
}

// leave ends a connection that nobody is using. A request that comes before the end keeps one of HTTP/2.
func (c *plainConn) leave() {
	if c.speaks.Load() == http2 {
		_ = c.SetReadDeadline(clock.Deadline(goodbye))
		return
	}
	_ = c.Close()
}
