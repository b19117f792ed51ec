package proxy_test

import (
	"context"
	"encoding/pem"
	"io"
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
	secured := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secured.Close)
	plain := canned(t, http.StatusOK, created)
	hung := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(hung.Close)

	for name, c := range map[string]struct{ upstream, want string }{
		"nobody listens":        {"http://127.0.0.1:1", "start it, or correct --upstream"},
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

// An answer that breaks off reaches the app as far as it came, and is told as what it is: even one whose body could be
// whole made nothing that the app knows of.
func TestAnswerThatBreaksOff(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]string{"under a length": "900", "in chunks": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if length != "" {
					w.Header().Set("Content-Length", length)
				}
				_, _ = io.WriteString(w, created)
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}))
			t.Cleanup(upstream.Close)
			p := start(t, proxy.Config{Upstream: upstream.URL})

			require.ErrorContains(t, p.create(t.Context(), func() {}), "EOF")
			require.Contains(t, p.seen("1"), `"error":"the answer broke off"`)
			require.Contains(t, p.broken()["PROXY-001"], "the answer broke off")
			listed := sayWith(t, http.MethodGet, p.URL+"/_mock/checkouts", "", http.Header{}).body
			require.JSONEq(t, `{"checkouts":[]}`, listed)
			file, _, err := p.Scenarios()
			require.NoError(t, err)
			require.Contains(t, string(file), "create: {fault: \"empty\"}")
		})
	}
}

// PayPorter is not to blame for an app that does not wait.
func TestAppThatLeaves(t *testing.T) {
	t.Parallel()
	for name, begins := range map[string]bool{"before the answer": false, "within the answer": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body)
				if begins {
					_, _ = io.WriteString(w, created)
					_ = http.NewResponseController(w).Flush()
				} else {
					leave()
				}
				<-r.Context().Done()
			}))
			t.Cleanup(upstream.Close)
			p := start(t, proxy.Config{Upstream: upstream.URL})

			require.ErrorIs(t, p.create(ctx, leave), context.Canceled)
			require.Contains(t, p.seen("1"), `"error":"the app did not wait for the whole answer"`)
			require.Empty(t, p.broken())
			listed := sayWith(t, http.MethodGet, p.URL+"/_mock/checkouts", "", http.Header{}).body
			require.JSONEq(t, `{"checkouts":[]}`, listed)
			file, _, err := p.Scenarios()
			require.NoError(t, err)
			require.Contains(t, string(file), "create: {fault: \"empty\"}")
		})
	}
}

// create asks for a checkout, and answers why there was no whole answer; nil: there was. It calls begun when some of
// the answer has come.
func (p *proxied) create(ctx context.Context, begun func()) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL+"/api/checkout",
		strings.NewReader(order("ORD-1", "1", "http://127.0.0.1:1/")))
	require.NoError(p.t, err)
	req.Header = http.Header{"X-Api-Key": {key}, "X-Api-Secret": {secret}, "Content-Type": {"application/json"}}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.ReadFull(res.Body, make([]byte, 1))
	begun()
	_, err = io.Copy(io.Discard, res.Body)
	return err
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
