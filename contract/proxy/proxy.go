// Package proxy stands between an app and PayPorter. It passes on what they say to each other, records it, checks both
// directions against openapi.yaml, and writes scenario files with which a sandbox answers as PayPorter did. The
// recorded exchanges are looked at in the sandbox's dashboard.
//
// What an app sends goes to the upstream and nowhere else, with its credentials as they came. They are in no record.
package proxy

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Proxy is the proxy. New makes one, and Close ends it.
type Proxy struct {
	URL string // where it listens, without a slash at the end; empty before Listen

	config Config
	server *mock.Server
	relay  *relay.Relay
	keys   keyring
	books  *books
	judge  judge
	orders orders
	began  time.Time
	log    *slog.Logger
}

// New makes a proxy from the config, which it checks as a whole: an error lists everything that is wrong.
func New(c Config) (*Proxy, error) {
	c = c.withDefaults()
	if err := c.Validate(); err != nil {
		return nil, err
	}

	p := &Proxy{config: c, log: c.Logger, began: time.Now()}
	kept := memory.Open(memory.Options{})
	if err := p.openBooks(kept); err != nil {
		return nil, err
	}
	return p, p.connect(kept)
}

// connect makes what passes the requests on, and the server that takes them.
func (p *Proxy) connect(kept store.Books) error {
	server, err := mock.New(p.config.server(kept, p))
	if err != nil {
		return err
	}
	upstream, _ := url.Parse(p.config.Upstream) // it was checked
	transport, err := p.config.transport()
	if err != nil {
		server.Close()
		return err
	}

	shops := *server.CallbackClient()
	shops.Timeout = shopTimeout
	p.server = server
	p.relay = &relay.Relay{
		Upstream: relay.Over(upstream, transport, p.unreachable), Shops: &shops, Document: openapi.Ours(), Watch: p.watch,
		Token: strings.ToLower(rand.Text()) + "-",
	}
	return nil
}

// shopTimeout is how long an app may take for a callback. PayPorter itself gives up before.
const shopTimeout = 30 * time.Second

// Listen takes the address of the config and sets URL. It does not serve yet.
func (p *Proxy) Listen() error {
	if err := p.server.Listen(); err != nil {
		return err
	}
	p.URL = p.server.URL
	if p.isItself() {
		return fmt.Errorf("upstream %s: it is this proxy itself; name PayPorter's address, or another one with --addr",
			p.config.Upstream)
	}
	p.relay.BaseURL = p.URL
	if p.config.PublicURL != "" {
		p.relay.BaseURL = p.config.PublicURL
	}
	return nil
}

// isItself reports whether the upstream is where the proxy listens: it would ask itself without end.
func (p *Proxy) isItself() bool {
	own, _ := url.Parse(p.URL) // it was made here
	upstream, _ := url.Parse(p.config.Upstream)
	local := upstream.Host == own.Host || mock.Loopback(net.JoinHostPort(upstream.Hostname(), "0"))
	return local && upstream.Port() == own.Port()
}

// CACert is the authority of a self-signed certificate in PEM; nil: it has none.
func (p *Proxy) CACert() []byte { return p.server.CACert() }

// Serve passes on until ctx ends or Close is called; then it finishes what is in flight, and answers nil. Listen
// comes first.
func (p *Proxy) Serve(ctx context.Context) error { return p.server.Serve(ctx) }

// Close stops accepting, and blocks until what is in flight has been finished.
func (p *Proxy) Close() { p.server.Close() }

// CloseNow is Close without patience.
func (p *Proxy) CloseNow() { p.server.CloseNow() }

// ServeHTTP passes a request on: to the upstream, or, when it comes from PayPorter, to the app.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !whole(w, r) {
		return
	}
	if p.config.App != "" && p.isForApp(r) {
		// The path is not joined, which would clean it: whatever it is, the app registered it.
		p.relay.PassBack(w, r, p.config.App+"/"+strings.TrimPrefix(r.URL.EscapedPath(), "/"), p.watchBack)
		return
	}
	p.relay.ServeHTTP(w, r)
}

// whole reads the request's body, so that nothing passes of one that breaks off or is too long. It answers those.
func whole(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostKept))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		http.Error(w, "a body of more than 8 MiB does not pass this proxy", http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "the body broke off", http.StatusBadRequest)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil
}

// isForApp reports whether a request is one that PayPorter, or a customer's browser, makes of the app: it has no
// credentials, and is for no path of the API.
func (p *Proxy) isForApp(r *http.Request) bool {
	path := r.URL.Path
	if r.Header.Get("X-Api-Key") != "" || r.Header.Get("X-Api-Secret") != "" || strings.HasPrefix(path, relayedPath) {
		return false
	}
	return path != "/api" && !strings.HasPrefix(path, "/api/")
}

// relayedPath begins the paths of callbacks whose address was replaced by one of the proxy's.
const relayedPath = "/_relay/"

// Secrets are the credentials that have passed.
func (p *Proxy) Secrets() []payment.Secret { return p.keys.all() }
