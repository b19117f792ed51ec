package postgrestest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy stands between sandboxes and a server, and does to their connections what networks do.
type Proxy struct {
	Address string // of the schema, through the proxy

	listener net.Listener
	socket   string

	mu      sync.Mutex // guards all below
	all     map[net.Conn]struct{}
	flows   chan struct{} // closed while bytes are passed on
	commits int           // commits that are passed on until connections break; zero: none breaks
	answers int           // exchanges that the server has ended, but those of connections that listen
}

// NewProxy stands before the address of a schema until the test ends.
func NewProxy(t testing.TB, address string) *Proxy {
	t.Helper()
	at, err := url.Parse(address)
	require.NoError(t, err)
	settings := at.Query()
	p := &Proxy{
		socket: filepath.Join(settings.Get("host"), ".s.PGSQL.5432"),
		all:    map[net.Conn]struct{}{}, flows: make(chan struct{}),
	}
	close(p.flows)

	p.listener, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	settings.Del("host")
	at.Host, at.RawQuery = p.listener.Addr().String(), settings.Encode()
	p.Address = at.String()
	var serving sync.WaitGroup
	serving.Go(func() { p.serve(&serving) })
	t.Cleanup(func() {
		_ = p.listener.Close()
		p.Release()
		p.Cut()
		serving.Wait()
	})
	return p
}

func (p *Proxy) serve(serving *sync.WaitGroup) {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.socket)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.all[client], p.all[server] = struct{}{}, struct{}{}
		p.mu.Unlock()

		var listens atomic.Bool
		serving.Go(func() {
			p.pass(client, server, func(part []byte) (breaks bool) {
				if bytes.Contains(part, []byte("LISTEN ")) {
					listens.Store(true)
				}
				return isCommit(part) && p.breaks()
			})
		})
		serving.Go(func() {
			p.pass(server, client, func(part []byte) bool {
				if !listens.Load() {
					p.answered(bytes.Count(part, waits))
				}
				return false
			})
		})
	}
}

// commits are how a client ends a transaction: by the text, or by the name that pgx gives a statement that it keeps,
// which stands behind the empty name of a portal where the statement is run.
var commits = [][]byte{[]byte("commit\x00"), []byte("\x00" + kept("COMMIT") + "\x00")}

func kept(statement string) string {
	digest := sha256.Sum256([]byte(statement))
	return "stmtcache_" + hex.EncodeToString(digest[:24])
}

// isCommit reports whether a transaction is ended by what a client sends.
func isCommit(part []byte) bool {
	return slices.ContainsFunc(commits, func(one []byte) bool { return bytes.Contains(part, one) })
}

// waits is how the server says that an exchange has ended.
var waits = []byte("Z\x00\x00\x00\x05")

func (p *Proxy) answered(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers += n
}

// Exchanges is how often the server was asked and has answered, over connections that pools have.
func (p *Proxy) Exchanges() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answers
}

// pass passes on what one side sends until either ends, or see says that the answer is to be lost.
func (p *Proxy) pass(from, to net.Conn, see func(part []byte) (breaks bool)) {
	defer p.forget(from, to)
	part := make([]byte, 64<<10)
	for {
		n, err := from.Read(part)
		if err != nil {
			return
		}
		<-p.flowing()
		breaks := see(part[:n])
		if breaks {
			_ = from.Close() // first, so that the answer of the server goes nowhere
		}
		if _, err := to.Write(part[:n]); err != nil || breaks {
			return
		}
	}
}

func (p *Proxy) flowing() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.flows
}

// breaks counts a commit.
func (p *Proxy) breaks() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commits--
	return p.commits == 0
}

func (p *Proxy) forget(both ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range both {
		_ = one.Close()
		delete(p.all, one)
	}
}

// Hold passes nothing on until Release: neither side hears that the other one is gone.
func (p *Proxy) Hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flows = make(chan struct{})
}

// Release passes on what was held, and all that comes.
func (p *Proxy) Release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.flows: // nothing is held
	default:
		close(p.flows)
	}
}

// Cut ends all connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for one := range p.all {
		_ = one.Close()
	}
}

// CutAfterCommit ends the connection of the n-th commit that comes from now on: the server gets it, the client no
// answer.
func (p *Proxy) CutAfterCommit(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commits = n
}
