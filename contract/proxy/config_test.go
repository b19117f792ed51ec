package proxy_test

import (
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
)

func TestBadConfigsNameThePlaceAndTheRemedy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config proxy.Config
		want   string
	}{
		"no upstream":      {proxy.Config{}, "upstream: name the address of PayPorter"},
		"no URL":           {proxy.Config{Upstream: "api.example.com"}, "want an absolute http or https URL"},
		"another protocol": {proxy.Config{Upstream: "ftp://a"}, "want an absolute http or https URL"},
		"credentials":      {proxy.Config{Upstream: "http://me:hush@a"}, "leave out the user and the password"},
		"a query":          {proxy.Config{Upstream: "http://a?b=c"}, "leave out what begins with ?"},
		"the path as well": {proxy.Config{Upstream: "http://a/api/checkout"}, "want what comes before /api"},
		"no certificates":  {proxy.Config{Upstream: "http://a", UpstreamCA: []byte("x")}, "upstream-ca: want a file of"},
		"an app alone":     {proxy.Config{Upstream: "http://a", App: "http://b"}, "app: wants --public-url"},
		"no app": {
			proxy.Config{Upstream: "http://a", App: "b", PublicURL: "http://c"},
			`app "b": want an absolute`,
		},
		"no public URL": {proxy.Config{Upstream: "http://a", PublicURL: "c"}, `public-url "c": want an absolute`},
		"no address":    {proxy.Config{Upstream: "http://a", Addr: "x"}, `addr "x": want HOST:PORT`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := proxy.New(c.config)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "hush")
		})
	}
}

func TestUpstreamThatDoesNotAnswerIsNamedWithTheRemedy(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	secured := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secured.Close)
	plain := canned(t, http.StatusOK, created)
	hung := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(hung.Close)

	for name, c := range map[string]struct{ upstream, want string }{
		"nobody listens":        {"http://" + closed.Addr().String(), "start it, or correct --upstream"},
		"nobody vouches":        {secured.URL, "name who signed its certificate with --upstream-ca"},
		"no https":              {"https://" + plain.Listener.Addr().String(), "begin --upstream with http://"},
		"it hangs up at once":   {hung.URL, "look whether --upstream is right"},
		"a host that is no one": {"http://nowhere.invalid", "correct the host in --upstream"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, proxy.Config{Upstream: c.upstream})
			got := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "1", "http://127.0.0.1:1/"))
			require.Equal(t, http.StatusBadGateway, got.status)
			require.Contains(t, got.text("message"), "the upstream "+c.upstream+" does not answer: ")
			require.Contains(t, got.text("message"), c.want)
			p.seen("1")
			require.Len(t, p.broken(), 1)
			require.Contains(t, p.broken()["PROXY-001"], "does not answer")
			require.Contains(t, p.log.String(), "level=ERROR msg=upstream")
		})
	}
}

func TestUpstreamMayBeSignedByAnAuthorityOfItsOwn(t *testing.T) {
	t.Parallel()
	secured := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(secured.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secured.Certificate().Raw})
	p := start(t, proxy.Config{Upstream: secured.URL, UpstreamCA: ca})
	require.Equal(t, http.StatusTeapot, say(t, http.MethodGet, p.URL+"/api/x", "").status)
}

// An answer that breaks off reaches the app as far as it came, and is told as what it is.
func TestAnswerThatBreaksOff(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "900")
		_, _ = w.Write([]byte(`{"checkoutId":`))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(upstream.Close)
	p := start(t, proxy.Config{Upstream: upstream.URL})

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"/api/installment-options", nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	if err == nil {
		_, err = res.Body.Read(make([]byte, 1000))
		for err == nil {
			_, err = res.Body.Read(make([]byte, 1000))
		}
		_ = res.Body.Close()
		require.ErrorContains(t, err, "EOF")
	}
	require.Contains(t, p.seen("1"), `"error":"the answer broke off"`)
	require.Contains(t, p.broken()["PROXY-001"], "the answer broke off")
}

func TestProxyIsNotItsOwnUpstream(t *testing.T) {
	t.Parallel()
	taken := httptest.NewUnstartedServer(nil) // a free port
	addr := taken.Listener.Addr().String()
	taken.Close()
	upstream := "http://" + strings.Replace(addr, "127.0.0.1", "localhost", 1)
	p, err := proxy.New(proxy.Config{Upstream: upstream, Addr: addr})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	require.ErrorContains(t, p.Listen(), "it is this proxy itself; name PayPorter's address, or another one with --addr")
}
