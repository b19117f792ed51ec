package proxy_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/mock"
)

const created = `{"checkoutId":"123e4567-e89b-12d3-a456-426614174000",` +
	`"redirectUrl":"https://pay.example.com/checkout-link/123e4567-e89b-12d3-a456-426614174000"}`

func TestRequestsAndAnswersPassAsTheyCame(t *testing.T) {
	t.Parallel()
	heard := make(chan *http.Request, 1)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		heard <- r
		w.Header().Set("X-Other", "kept")
		w.Header().Set("Location", "https://elsewhere.example.com/")
		w.WriteHeader(http.StatusFound)
		_, _ = io.WriteString(w, "moved")
	}))
	t.Cleanup(upstream.Close)
	p := start(t, proxy.Config{Upstream: upstream.URL + "/base/"})

	got := sayWith(t, http.MethodPost, p.URL+"/api/a%2Fb?x=1&y=%20", `{ "orderId" :"ORD-1"}`, http.Header{
		"X-Api-Key": {key}, "X-Api-Secret": {secret}, "X-Own": {"a", "b"}, "User-Agent": {"app"},
		"Accept-Encoding": {"br"},
	})
	require.Equal(t, http.StatusFound, got.status, "no redirect is followed")
	require.Equal(t, "moved", got.body)
	require.Equal(t, "kept", got.header.Get("X-Other"))
	require.Equal(t, "https://elsewhere.example.com/", got.header.Get("Location"))

	sent := <-heard
	body, err := io.ReadAll(sent.Body)
	require.NoError(t, err)
	require.Equal(t, `{ "orderId" :"ORD-1"}`, string(body))
	require.Equal(t, "/base/api/a%2Fb?x=1&y=%20", sent.RequestURI)
	require.Equal(t, []string{"a", "b"}, sent.Header["X-Own"])
	require.Equal(t, []string{key, secret, "app"}, []string{
		sent.Header.Get("X-Api-Key"), sent.Header.Get("X-Api-Secret"), sent.Header.Get("User-Agent"),
	})
	require.Equal(t, "identity", sent.Header.Get("Accept-Encoding"), "so that answers can be read")
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "Via"} {
		require.Empty(t, sent.Header.Get(name), name)
	}
	require.Equal(t, strings.TrimPrefix(upstream.URL, "http://"), sent.Host)
}

// What a strict reader refuses is PayPorter's to refuse, and what another proxy says about the app is said to
// PayPorter.
func TestOddQueriesAndHeadersOfOtherProxiesPass(t *testing.T) {
	t.Parallel()
	heard := make(chan *http.Request, 1)
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { heard <- r }))
	t.Cleanup(upstream.Close)
	p := start(t, proxy.Config{Upstream: upstream.URL})
	for _, target := range []string{
		"/api/x?a=1;b=2&c=%zz&d=4", "/api/x?%zz", "/api/x?", "/api//x/./y/../z?a=+%20", "/api/%2e%2E/x%2fy",
	} {
		other := http.Header{
			"Forwarded": {"for=192.0.2.1", "for=192.0.2.2"}, "X-Forwarded-For": {"192.0.2.1"},
			"X-Forwarded-Host": {"shop.example.com"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Port": {"443"},
		}
		sayWith(t, http.MethodGet, p.URL+target, "", other.Clone())

		sent := <-heard
		require.Equal(t, target, sent.RequestURI)
		for name, values := range other {
			require.Equal(t, values, sent.Header[name], name)
		}
	}
}

func TestBothDirectionsAreChecked(t *testing.T) {
	t.Parallel()
	good := order("ORD-1", "100.50", "http://127.0.0.1:1/cb")
	keys := http.Header{"X-Api-Key": {key}, "X-Api-Secret": {secret}, "Content-Type": {"application/json"}}
	for name, c := range map[string]struct {
		path, body string
		header     http.Header // nil: as it should be
		status     int         // of the answer; zero: 200
		answer     string      // empty: created
		broken     map[string]string
		place      string // in the log; empty: nothing is logged
	}{
		"all is right": {path: "/api/checkout", body: good, broken: map[string]string{}},
		"an amount as text": {
			path: "/api/checkout", body: strings.Replace(good, "100.50", `"100.50"`, 1),
			broken: map[string]string{"PROXY-003": "POST /api/checkout request: amount: must be a number"},
			place:  "POST /api/checkout request: amount",
		},
		"no credentials": {
			path: "/api/checkout", body: good, header: http.Header{"Content-Type": {"application/json"}},
			broken: map[string]string{"PROXY-003": "request: X-API-KEY: is required"},
			place:  "POST /api/checkout request: X-API-SECRET",
		},
		"an answer without an id": {
			path: "/api/checkout", body: good, answer: strings.Replace(created, "checkoutId", "checkoutid", 1),
			broken: map[string]string{"PROXY-005": "answer: checkoutId: is required"},
			place:  "POST /api/checkout answer: checkoutId",
		},
		"a status that is not documented": {
			path: "/api/checkout", body: good, status: 418, answer: `{}`,
			broken: map[string]string{"PROXY-005": "answer: status: must be"}, place: "POST /api/checkout answer: status",
		},
		"an operation that there is not": {
			path: "/api/chekout", body: good,
			broken: map[string]string{"PROXY-002": "openapi.yaml has no such operation"},
			place:  "POST /api/chekout request: path",
		},
		"the secret in the body": {
			path: "/api/checkout", body: strings.Replace(good, "/cb", "/cb?s="+secret, 1),
			broken: map[string]string{"PROXY-004": "request: body: has the secret in it"},
			place:  "POST /api/checkout request: body",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, answer, header := c.status, c.answer, c.header
			if status == 0 {
				status = http.StatusOK
			}
			if answer == "" {
				answer = created
			}
			if header == nil {
				header = keys.Clone()
			}
			p := start(t, proxy.Config{Upstream: canned(t, status, answer).URL})

			got := sayWith(t, http.MethodPost, p.URL+c.path, c.body, header)
			require.Equal(t, status, got.status, "it passes all the same")
			require.Equal(t, answer, got.body)
			p.seen("1")

			broken := p.broken()
			require.Len(t, broken, len(c.broken), broken)
			for id, seen := range c.broken {
				require.Contains(t, broken[id], seen, id)
			}
			require.Equal(t, len(c.broken) > 0, p.Violated() > 0)
			require.Equal(t, c.place != "", strings.Contains(p.log.String(), "msg=violation"), p.log)
			if c.place != "" {
				require.Contains(t, p.log.String(), `place="`+c.place+`"`)
				page := sayWith(t, http.MethodGet, p.URL+"/_mock/ui/violations", "", http.Header{}).body
				require.Contains(t, page, `data-testid="violation"`)
			}
		})
	}
}

// An answer that is encoded though nobody asked for it passes, and is not taken for a faulty one of another kind.
func TestEncodedAnswersPass(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		zipped := gzip.NewWriter(w)
		_, _ = io.WriteString(zipped, created)
		_ = zipped.Close()
	}))
	t.Cleanup(upstream.Close)
	p := start(t, proxy.Config{Upstream: upstream.URL})

	got := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "1", "http://127.0.0.1:1/"))
	unzipped, err := gzip.NewReader(strings.NewReader(got.body))
	require.NoError(t, err)
	text, err := io.ReadAll(unzipped)
	require.NoError(t, err)
	require.Equal(t, created, string(text))
	p.seen("1")
	require.Contains(t, p.broken()["PROXY-005"], "Content-Encoding: cannot be checked")
}

func TestNothingSecretIsKept(t *testing.T) {
	t.Parallel()
	const cvv, number = "947", "4000000000000002"
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNotAcceptable)
		_, _ = io.WriteString(w, `{"message":"no `+r.Header.Get("X-Api-Secret")+` `+number+`","echo":`+string(body)+`}`)
	}))
	t.Cleanup(upstream.Close)
	p := start(t, proxy.Config{Upstream: upstream.URL, PublicURL: "own", App: "http://127.0.0.1:1"})

	say(t, http.MethodPost, p.URL+"/api/payment?note="+secret, `{"orderId":"ORD `+number+`","amount":1,"currency":"TRY",`+
		`"pan":"`+number+`","cvv":"`+cvv+`","cardHolderName":"A","note":"`+secret+`"}`)
	say(t, http.MethodPost, p.URL+"/api/checkout",
		order("ORD-"+number, "1", "http://u:"+secret+"@127.0.0.1:1/?card="+number))
	say(t, http.MethodPost, p.URL+"/api/other/"+secret, number)
	p.seen("3")

	judged := p.Judge("")
	var shown bytes.Buffer
	for _, form := range []report.Form{report.JSON, report.HTML, report.JUnit} {
		require.NoError(t, judged.WriteForm(&shown, form))
	}
	file, left, err := p.Scenarios()
	require.NoError(t, err)
	require.Zero(t, left)
	shown.Write(file)
	shown.WriteString(p.log.String())
	for _, path := range []string{
		"/_mock/journal", "/_mock/session", "/_mock/ui/", "/_mock/ui/journal", "/_mock/ui/violations", "/_mock/ui/journal/1",
		"/_mock/merchants", "/_mock/checkouts",
	} {
		r := sayWith(t, http.MethodGet, p.URL+path, "", http.Header{})
		require.Equal(t, http.StatusOK, r.status, path)
		shown.WriteString(r.body)
	}
	for _, hidden := range []string{secret, key, number, `"` + cvv + `"`, url.QueryEscape(secret)} {
		require.NotContains(t, shown.String(), hidden)
	}
	require.Contains(t, shown.String(), "400000******0002", "the masked number is there")
}

func TestDashboardOnlyLooks(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	p := start(t, proxy.Config{Upstream: srv.URL})
	ordered := order("ORD-1", "100.50", "http://127.0.0.1:1/cb")
	id := say(t, http.MethodPost, p.URL+"/api/checkout", ordered).text("checkoutId")
	srv.Pay(id, declinedCard)
	say(t, http.MethodGet, p.URL+"/api/checkout/"+id, "")
	p.seen("1", "status", "FAILED")

	browser := http.Header{"Accept": {"text/html"}}
	for path, want := range map[string][]string{
		"/_mock/ui/":                {"ORD-1", "100.50", "FAILED", "Not sufficient funds"},
		"/_mock/ui/checkouts/" + id: {"ORD-1", "POST /api/checkout", "FAILED", "<svg"},
		"/_mock/ui/journal":         {"GET /api/checkout/" + id, "ORD-1"},
		"/_mock/ui/violations":      {"No violation"},
	} {
		page := sayWith(t, http.MethodGet, p.URL+path, "", browser.Clone())
		require.Equal(t, http.StatusOK, page.status, path)
		for _, text := range want {
			require.Contains(t, page.body, text, path)
		}
		require.NotContains(t, page.body, "/do/", path)
		require.NotContains(t, page.body, `method="post"`, path)
		require.NotContains(t, page.body, "no money moves", path)
	}

	for _, path := range []string{"/_mock/ui/do/reset", "/_mock/ui/session", "/_mock/ui/sandbox", "/_mock/ui/scenarios"} {
		require.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed},
			sayWith(t, http.MethodPost, p.URL+path, "", http.Header{}).status, path)
	}
	refused := sayWith(t, http.MethodPost, p.URL+"/_mock/checkouts/"+id+"/pay", "", http.Header{})
	require.Equal(t, http.StatusMethodNotAllowed, refused.status)
	require.Contains(t, refused.body, "a proxy only shows what passed")
	require.Equal(t, "ok", sayWith(t, http.MethodGet, p.URL+"/_mock/health", "", http.Header{}).text("status"))
}

// What only looks is no call of the API.
func TestWhatOnlyLooksBreaksNothing(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	p := start(t, proxy.Config{Upstream: srv.URL})
	id := say(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-1", "1", "http://127.0.0.1:1/")).text("checkoutId")
	looked := say(t, http.MethodHead, p.URL+"/api/checkout/"+id, "")
	require.Equal(t, http.StatusOK, looked.status)
	require.NotEqual(t, "0", looked.header.Get("Content-Length"))
	require.Equal(t, http.StatusNoContent, say(t, http.MethodOptions, p.URL+"/api/checkout", "").status)
	p.seen("3")
	require.Empty(t, p.broken())
}

// Whoever opens the proxy's address in a browser gets to the dashboard; what an app asks there passes.
func TestBrowserGetsToTheDashboard(t *testing.T) {
	t.Parallel()
	p := start(t, proxy.Config{Upstream: canned(t, http.StatusTeapot, "{}").URL})
	opened := sayWith(t, http.MethodGet, p.URL+"/", "", http.Header{"Accept": {"text/html"}})
	require.Equal(t, []any{http.StatusSeeOther, "./_mock/ui/"}, []any{opened.status, opened.header.Get("Location")})
	require.Equal(t, http.StatusTeapot, sayWith(t, http.MethodGet, p.URL+"/", "", http.Header{}).status)
	require.Equal(t, http.StatusTeapot, say(t, http.MethodGet, p.URL+"/_mockery", "").status)
}

// A web site that gives its own name to the proxy's address must see nothing.
func TestDashboardIsForNoOtherSite(t *testing.T) {
	t.Parallel()
	p := start(t, proxy.Config{Upstream: canned(t, http.StatusOK, created).URL})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"/_mock/journal", nil)
	require.NoError(t, err)
	req.Host = "evil.example.com"
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusForbidden, res.StatusCode)
}
