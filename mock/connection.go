package mock

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/labstack/echo/v4"
)

// connections bounds how many there are at a time. At the bound a new one waits until another ends, and one that nobody
// is using makes room for it, so that neither kept-alive connections nor those that say nothing lock anybody out.
type connections struct {
	net.Listener
	newID  func() string
	log    *slog.Logger
	slots  chan struct{}
	ended  chan struct{} // closed with the listener
	ending sync.Once
	full   sync.Once // says that the bound was reached
	open   *sync.Map // *plainConn: all of them
	waits  *atomic.Bool

	relieve func()    // ends idle connections to others, which use files, too
	short   bool      // there were no files left for the last connection; only Accept looks at it
	starved sync.Once // says so
}

// What a connection is doing.
const (
	silent int32 = iota // nothing has been said on it yet
	busy
	idle
)

// Accept waits for room, and then for a connection.
func (c *connections) Accept() (net.Conn, error) {
	if !c.room() {
		return nil, net.ErrClosed
	}

	conn, err := c.Listener.Accept()
	if err != nil {
		<-c.slots
		c.findFiles(err)
		return nil, err // net/http waits a little and comes again, if that can help
	}

	if c.short {
		c.short = false
		c.waits.Store(false)
	}

	kept := &plainConn{Conn: conn, newID: c.newID}
	kept.gone = func() {
		c.open.Delete(kept)
		<-c.slots
	}
	c.open.Store(kept, nil)
	return kept, nil
}

// room takes a slot. It reports false once the listener is closed.
func (c *connections) room() bool {
	select {
	case c.slots <- struct{}{}:
		return true
	default:
	}

	c.full.Do(func() {
		c.log.Warn("as many connections as there may be: the next wait until one ends", "connections", cap(c.slots))
	})
	c.waits.Store(true)
	defer c.waits.Store(false)

	endIdle(c.open)
	select {
	case c.slots <- struct{}{}:
		return true
	case <-c.ended:
		return false
	}
}

// findFiles makes room when the process, or the machine, has as many files open as it may: each connection is one.
func (c *connections) findFiles(err error) {
	if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) {
		return
	}

	c.starved.Do(func() {
		c.log.Error("too many open files: new connections wait until one ends; "+
			"raise the limit (ulimit -n) or lower --max-connections", "error", err.Error())
	})
	c.short = true
	c.waits.Store(true) // until one more has been accepted
	c.relieve()
	endIdle(c.open)
}

// endIdle ends one connection that nobody is using, if there is one.
func endIdle(open *sync.Map) {
	open.Range(func(c, _ any) bool {
		conn := c.(*plainConn)
		if conn.doing.CompareAndSwap(idle, busy) { // nobody else ends it, too
			conn.leave()
			return false
		}
		return true
	})
}

// Close stops accepting.
func (c *connections) Close() error {
	c.ending.Do(func() { close(c.ended) })
	return c.Listener.Close()
}

// hear follows what the connections are doing. It is called for every request, and shares nothing between two
// connections.
func (s *Server) hear(c net.Conn, state http.ConnState) {
	secured, _ := c.(*tls.Conn)
	if secured != nil {
		c = secured.NetConn()
	}

	conn, ok := c.(*plainConn)
	if !ok {
		return // somebody else serves the handler
	}
	if secured != nil && conn.opens(secured, state) {
		return
	}

	switch state {
	case http.StateActive:
		conn.doing.Store(busy)
	case http.StateIdle:
		conn.doing.Store(idle)
		if s.full.Load() {
			endIdle(&s.open)
		}
	}
}

// lastOfItsConnection lets nothing follow a request that came in chunks. If it had a Content-Length as well, which
// net/http takes out before anybody can see it, somebody in between may have seen another request end elsewhere.
func lastOfItsConnection(c echo.Context) {
	if len(c.Request().TransferEncoding) > 0 {
		c.Response().Header().Set("Connection", "close")
	}
}

// endSilent ends the connections on which nothing has been said. Browsers open some ahead, and net/http would wait five
// seconds for each.
func (s *Server) endSilent() {
	s.open.Range(func(c, _ any) bool {
		if conn := c.(*plainConn); conn.doing.Load() == silent {
			_ = conn.Close() // nobody waits for an answer
		}
		return true
	})
}
