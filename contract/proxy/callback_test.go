package proxy_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
	"github.com/payporter-mock/payporter-mock/mock"
)

// heard is a request that an app got.
type heard struct {
	method, uri, body string
	header            http.Header
}

// app is a shop that answers everything with a status.
func app(t *testing.T, status int) (*httptest.Server, <-chan heard) {
	t.Helper()
	all := make(chan heard, 20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		all <- heard{r.Method, r.RequestURI, string(body), r.Header}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server, all
}

func TestCallbacksPassWithAPublicURL(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	shop, calls := app(t, http.StatusOK)
	p := start(t, proxy.Config{Upstream: srv.URL, PublicURL: "own"})

	id := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "100.50", shop.URL+"/cb?o=1")).text("checkoutId")
	require.True(t, strings.HasPrefix(srv.Checkout(id).Callback, p.URL+"/_relay/"), srv.Checkout(id).Callback)
	srv.Pay(id, goodCard)
	got := <-calls
	require.Equal(t, []string{"POST", "/cb?o=1", "checkoutId=" + id}, []string{got.method, got.uri, got.body})

	seen := p.seen("1", "kind", "callback", "checkoutId", id)
	require.Contains(t, seen, `"orderId":"ORD-1"`)
	require.Contains(t, seen, `"attempt":1`)
	require.Contains(t, seen, `"url":"`+shop.URL+`/cb?o=1"`)
	require.Empty(t, p.broken())
}

func TestCallbacksAreLeftAloneWithoutAPublicURL(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	shop, calls := app(t, http.StatusOK)
	p := start(t, proxy.Config{Upstream: srv.URL})

	id := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "100.50", shop.URL+"/cb")).text("checkoutId")
	require.Equal(t, shop.URL+"/cb", srv.Checkout(id).Callback)
	srv.Pay(id, goodCard)
	require.Equal(t, "checkoutId="+id, (<-calls).body)
	require.NotContains(t, p.seen("1"), `"kind":"callback"`)
}

// A path of the app is its own, however odd.
func TestPathsOfTheAppStayAsTheyAre(t *testing.T) {
	t.Parallel()
	shop, calls := app(t, http.StatusOK)
	p := start(t, proxy.Config{Upstream: "http://127.0.0.1:1", PublicURL: "own", App: shop.URL + "/shop/"})
	for _, target := range []string{"/cb//x?a=1;b=%zz", "/cb/./y/../z/", "/cb%2Fx/%2e%2e/", "//cb"} {
		sayWith(t, http.MethodPost, p.URL+target, "checkoutId=1", http.Header{})
		require.Equal(t, "/shop"+target, (<-calls).uri)
	}
}

// What an app registers under the public URL comes to the same path of the app: callbacks of orders, and webhooks with
// their bytes and their signature.
func TestWhatIsRegisteredUnderThePublicURLPasses(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	shop, calls := app(t, http.StatusNoContent)
	p := start(t, proxy.Config{Upstream: srv.URL, PublicURL: "own", App: shop.URL + "/shop/"})
	srv.SetWebhook(p.URL+"/hook?a=1", "whsec-proxied")

	id := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "100.50", p.URL+"/cb")).text("checkoutId")
	require.Equal(t, p.URL+"/cb", srv.Checkout(id).Callback, "it leads to the proxy already")
	srv.Pay(id, goodCard)

	got := map[string]heard{}
	for range 2 {
		one := <-calls
		got[one.uri] = one
	}
	require.Equal(t, "checkoutId="+id, got["/shop/cb"].body)
	hook := got["/shop/hook?a=1"]
	sign := hmac.New(sha256.New, []byte("whsec-proxied"))
	sign.Write([]byte(hook.header.Get("X-Request-Time") + ":" + hook.body))
	require.Equal(t, hex.EncodeToString(sign.Sum(nil)), hook.header.Get("X-Request-Signature"), "it still fits")

	require.Contains(t, p.seen("1", "kind", "webhook"), `"status":"DELIVERED"`)
	p.seen("1", "kind", "callback")
	require.Empty(t, p.broken())
}

func TestCallbacksAreChecked(t *testing.T) {
	t.Parallel()
	form, hook := "application/x-www-form-urlencoded", "application/json"
	const id = "checkoutId=123e4567-e89b-12d3-a456-426614174000"
	for name, c := range map[string]struct {
		kind, body string
		header     http.Header
		status     int // of the app
		broken     []string
	}{
		"right":              {kind: form, body: id, status: 200},
		"no id":              {kind: form, body: "x=1", status: 200, broken: []string{"PROXY-006"}},
		"JSON":               {kind: hook, body: `{"checkoutId":"1"}`, status: 200, broken: []string{"PROXY-006"}},
		"refused by the app": {kind: form, body: id, status: 500, broken: []string{"PROXY-008"}},
		"redirected by it":   {kind: form, body: id, status: 302, broken: []string{"PROXY-008"}},
		"a webhook of nothing": {
			kind: hook, body: "{}", header: http.Header{"X-Event-Type": {"x"}}, status: 200, broken: []string{"PROXY-007"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shop, calls := app(t, c.status)
			p := start(t, proxy.Config{Upstream: canned(t, 200, created).URL, PublicURL: "own", App: shop.URL})
			header := c.header.Clone()
			if header == nil {
				header = http.Header{}
			}
			header.Set("Content-Type", c.kind)

			got := sayWith(t, http.MethodPost, p.URL+"/from/payporter", c.body, header)
			require.Equal(t, c.status, got.status, "PayPorter is answered as the app does")
			require.Equal(t, c.body, (<-calls).body)
			p.seen("1")
			var broken []string
			for rule := range p.broken() {
				broken = append(broken, rule)
			}
			require.Equal(t, c.broken, broken)
			page := sayWith(t, http.MethodGet, p.URL+"/_mock/ui/violations", "", http.Header{}).body
			require.Equal(t, len(c.broken) > 0, strings.Contains(page, `data-testid="violation"`))
		})
	}
}

// Who gave up is told: PayPorter, before the app had answered.
func TestCallbackThatPayPorterDoesNotWaitFor(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		leave()
		<-r.Context().Done()
	}))
	t.Cleanup(shop.Close)
	p := start(t, proxy.Config{Upstream: "http://127.0.0.1:1", PublicURL: "own", App: shop.URL})

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL+"/cb", strings.NewReader("checkoutId=1"))
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	_, err = client.Do(req)
	require.ErrorIs(t, err, context.Canceled)

	require.Contains(t, p.seen("1", "kind", "callback"), "PayPorter did not wait for the app's answer any longer")
	require.Contains(t, p.broken()["PROXY-008"], "PayPorter did not wait")
}

// A callback that PayPorter refuses must not become one that it takes.
func TestFaultyCallbacksPassAsTheyCame(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	p := start(t, proxy.Config{Upstream: srv.URL, PublicURL: "own"})
	long := "http://a/" + strings.Repeat("b", 2048)
	for _, callback := range []string{"http://u:p@127.0.0.1/cb", "nowhere", "ftp://a/b", "http://a b/", long} {
		got := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "1", callback))
		require.Equal(t, http.StatusBadRequest, got.status, callback)
		require.Contains(t, got.body, `"field":"callback"`)
	}
}

// Whoever creates a checkout chooses the callback, so the proxy must not carry it to where no app is.
func TestCallbacksGoNowhereElse(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	p := start(t, proxy.Config{
		Upstream: srv.URL, PublicURL: "own", CallbackAllow: []string{"192.168.77.77", "169.254.0.0/16"},
	})
	shop, calls := app(t, http.StatusOK)
	for _, callback := range []string{"http://169.254.169.254/latest/meta-data", shop.URL + "/cb"} {
		id := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "1", callback)).text("checkoutId")
		at := srv.Checkout(id).Callback
		u, err := url.Parse(at)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(u.Path, "/_relay/"), at)
		_, err = http.PostForm(at, url.Values{"checkoutId": {id}})
		require.Error(t, err, "PayPorter gets no answer")
	}
	p.seen("2", "kind", "callback")
	require.Contains(t, p.broken()["PROXY-008"], "the app did not answer: ")
	require.Contains(t, p.broken()["PROXY-008"], "--callback-allow")
	require.Empty(t, calls)
}

// An address that another proxy has given out, such as this one before its restart, leads to no app.
func TestAddressesOfAnotherProxyAreUnknown(t *testing.T) {
	t.Parallel()
	shop, calls := app(t, http.StatusOK)
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	before := start(t, proxy.Config{Upstream: srv.URL, PublicURL: "own"})
	after := start(t, proxy.Config{Upstream: srv.URL, PublicURL: "own"})
	id := say(t, http.MethodPost, before.URL+"/api/checkout", order("ORD-1", "1", shop.URL)).text("checkoutId")
	say(t, http.MethodPost, after.URL+"/api/checkout", order("ORD-2", "1", shop.URL))

	moved := strings.Replace(srv.Checkout(id).Callback, before.URL, after.URL, 1)
	got := sayWith(t, http.MethodPost, moved, "checkoutId="+id, http.Header{})
	require.Equal(t, http.StatusNotFound, got.status)
	require.Empty(t, calls)
}

// The app that is named is an app, whatever else is allowed.
func TestNamedAppIsAllowed(t *testing.T) {
	t.Parallel()
	shop, calls := app(t, http.StatusOK)
	p := start(t, proxy.Config{
		Upstream: canned(t, 200, created).URL, PublicURL: "own", App: shop.URL, CallbackAllow: []string{"192.168.77.77"},
	})
	require.Equal(t, http.StatusOK, sayWith(t, http.MethodPost, p.URL+"/cb", "", http.Header{}).status)
	require.Equal(t, "/cb", (<-calls).uri)
}
