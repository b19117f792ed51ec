package relay_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/internal/relay"
	"github.com/payporter-mock/payporter-mock/mock"
)

// recorder keeps what passes, and answers what its test wants to become of it.
type recorder struct {
	relay.Record[relay.Call]
	passage func(*relay.Call) relay.Passage // nil: all passes as it came
}

func (r *recorder) watch(c *relay.Call) relay.Passage {
	var p relay.Passage
	if r.passage != nil {
		p = r.passage(c)
	}
	kept := *c
	r.Add(&kept)
	p.End = func(answer exchange.Message, err error) {
		r.Change(func() {
			kept.Response, kept.Note = &answer, "over"
			if err != nil {
				kept.Error = err.Error()
			}
		})
	}
	return p
}

// over waits for so many exchanges that are over.
func (r *recorder) over(t *testing.T, count int) []relay.Call {
	t.Helper()
	ended := func(c *relay.Call) bool { return c.Note == "over" }
	require.True(t, r.Wait(t.Context(), func() bool { return len(r.FindLocked(ended)) >= count }))
	return r.Find(ended)
}

// start serves a relay before the upstream.
func start(t *testing.T, upstream http.Handler, r *recorder) *httptest.Server {
	t.Helper()
	return startAs(t, upstream, r, "")
}

// startAs serves a relay with a token.
func startAs(t *testing.T, upstream http.Handler, r *recorder, token string) *httptest.Server {
	t.Helper()
	document, err := openapi.Parse(payporter.OpenAPI())
	require.NoError(t, err)
	proxy := &relay.Relay{Upstream: upstream, Shops: http.DefaultClient, Document: document, Watch: r.watch, Token: token}
	server := httptest.NewUnstartedServer(proxy)
	proxy.BaseURL = "http://" + server.Listener.Addr().String()
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// sandbox is a PayPorter over the network.
func sandbox(t *testing.T) (*mock.Test, http.Handler) {
	t.Helper()
	srv := mock.Start(t, mock.Config{})
	address, err := url.Parse(srv.URL)
	require.NoError(t, err)
	return srv, relay.To(address)
}

// say makes a request of a merchant.
func say(t *testing.T, srv *mock.Test, method, address, body string) (status int, answer string, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	if srv != nil {
		req.Header.Set("X-API-KEY", srv.APIKey)
		req.Header.Set("X-API-SECRET", srv.APISecret)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

// echo answers what it was sent.
func echo() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { _, _ = io.Copy(w, req.Body) })
}
