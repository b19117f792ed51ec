package mock_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

const adminToken = "an-admin-token-of-some-length"

// surfer is a browser without JavaScript at a dashboard.
type surfer struct {
	t      *testing.T
	client *http.Client
	url    string // of the sandbox
}

func newSurfer(t *testing.T, sandboxURL string) surfer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request,
		[]*http.Request,
	) error {
		return http.ErrUseLastResponse
	}}
	t.Cleanup(client.CloseIdleConnections)
	return surfer{t, client, sandboxURL}
}

// asks makes a request and follows no redirect; headers are names and values in turn.
func (s surfer) asks(method, path string, form url.Values, headers ...string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(form.Encode()))
	require.NoError(s.t, err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if req.Header.Set(headers[i], headers[i+1]); headers[i] == "Host" {
			req.Host = headers[i+1]
		}
	}
	res, err := s.client.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return res, string(body)
}

// ledTo is the path where a redirect leads. It must be relative, for a proxy may have taken a path away.
func ledTo(t *testing.T, res *http.Response) string {
	t.Helper()
	require.NotRegexp(t, "^/", res.Header.Get("Location"))
	at, err := res.Location()
	require.NoError(t, err)
	return strings.TrimPrefix(at.String(), "http://"+at.Host)
}

func (s surfer) logIn() {
	s.t.Helper()
	res, _ := s.asks(http.MethodPost, "/_mock/ui/login", url.Values{"token": {adminToken}})
	require.Equal(s.t, http.StatusSeeOther, res.StatusCode)
}

// behindTheToken are paths of every kind that the dashboard serves to those who are logged in.
var behindTheToken = []string{
	"/_mock/ui/", "/_mock/ui/?part=live", "/_mock/ui/journal", "/_mock/ui/scenarios", "/_mock/ui/sandbox",
	"/_mock/ui/payments", "/_mock/ui/webhook", "/_mock/ui/payments/00000000-0000-4000-8000-000000000000",
	"/_mock/ui/events?merchant=test_key",
	"/_mock/ui/checkouts/00000000-0000-4000-8000-000000000000",
	"/_mock/ui/checkouts/00000000-0000-4000-8000-000000000000/sequence.svg",
	"/_mock/ui/checkouts/00000000-0000-4000-8000-000000000000/sequence.mmd", "/_mock/ui/nothing",
}

func TestDashboardWantsTheAdminToken(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{AdminToken: adminToken})
	s := newSurfer(t, srv.URL)
	for _, path := range behindTheToken {
		res, body := s.asks(http.MethodGet, path, nil)
		require.Equal(t, http.StatusSeeOther, res.StatusCode, path)
		require.Equal(t, "/_mock/ui/login?back="+url.QueryEscape(path), ledTo(t, res))
		require.Empty(t, body)
		res, body = s.asks(http.MethodGet, path, nil, "Sec-Fetch-Mode", "cors", "Sec-Fetch-Site", "same-origin",
			"Sec-Fetch-Dest", "empty")
		require.Equal(t, http.StatusUnauthorized, res.StatusCode, "a script is not sent to a log-in: %s", path)
		require.NotContains(t, body, "test_key")
	}
	for _, path := range []string{"/_mock/ui/do/freeze", "/_mock/ui/curl/freeze"} {
		res, _ := s.asks(http.MethodPost, path, url.Values{})
		require.Equal(t, http.StatusUnauthorized, res.StatusCode, path)
	}

	res, body := s.asks(http.MethodPost, "/_mock/ui/login", url.Values{
		"token": {adminToken + "x"},
		"back":  {"/_mock/ui/journal"},
	})
	require.Equal(t, http.StatusUnauthorized, res.StatusCode)
	require.Contains(t, body, "This is not the admin token.")
	require.Empty(t, res.Cookies())
	res, _ = s.asks(http.MethodPost, "/_mock/ui/login", url.Values{
		"token": {adminToken},
		"back":  {"/_mock/ui/journal?kind=create"},
	})
	require.Equal(t, "/_mock/ui/journal?kind=create", ledTo(t, res))
	require.Len(t, res.Cookies(), 1)
	cookie := res.Cookies()[0]
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.Empty(t, cookie.Path, "so it is for the dashboard, whatever path a proxy puts before it")
	require.False(t, cookie.Secure, "there is no TLS here")
	require.NotContains(t, cookie.Value, adminToken)

	res, body = s.asks(http.MethodGet, "/_mock/ui/journal", nil)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.NotContains(t, body, adminToken)
	require.Contains(t, body, "Log out")
	res, _ = s.asks(http.MethodGet, "/_mock/clock", nil)
	require.Equal(t, http.StatusUnauthorized, res.StatusCode, "the cookie is for the dashboard only")

	res, _ = s.asks(http.MethodPost, "/_mock/ui/logout", url.Values{})
	require.Equal(t, "/_mock/ui/login", ledTo(t, res))
	res, _ = s.asks(http.MethodGet, "/_mock/ui/journal", nil, "Cookie", cookie.Name+"="+cookie.Value)
	require.Equal(t, http.StatusSeeOther, res.StatusCode, "the session is over, not only its cookie gone")
}

func TestDashboardLogInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{AdminToken: adminToken})
	for _, back := range []string{
		"https://evil.example/", "//evil.example/_mock/ui/", `/\evil.example`, "/_mock/ui/../clock", "javascript:alert(1)",
		"/checkout-link/x", "/_mock/ui//evil.example", "%zz",
	} {
		res, _ := newSurfer(t, srv.URL).asks(http.MethodPost, "/_mock/ui/login", url.Values{
			"token": {adminToken},
			"back":  {back},
		})
		require.Equal(t, "/_mock/ui/", ledTo(t, res), back)
	}
}

func TestDashboardRefusesOtherSites(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	locked := start(t, mock.Config{AdminToken: adminToken})
	in := newSurfer(t, locked.URL)
	in.logIn()
	for name, s := range map[string]surfer{"without a token": newSurfer(t, srv.URL), "logged in": in} {
		for _, forged := range [][]string{
			{"Origin", "https://evil.example"},
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"},
			{"Origin", "null"},
			{
				"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Origin",
				"https://evil.example",
			},
		} {
			for _, path := range []string{
				"/_mock/ui/do/freeze", "/_mock/ui/curl/freeze", "/_mock/ui/login",
				"/_mock/ui/logout",
			} {
				res, _ := s.asks(http.MethodPost, path, url.Values{"token": {adminToken}}, forged...)
				require.Equal(t, http.StatusForbidden, res.StatusCode, "%s: %s %v", name, path, forged)
				require.Empty(t, res.Cookies())
			}
		}
		for _, dest := range []string{"iframe", "image", "empty"} {
			res, _ := s.asks(http.MethodGet, "/_mock/ui/", nil, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors",
				"Sec-Fetch-Dest", dest)
			require.Equal(t, http.StatusForbidden, res.StatusCode, "%s: as %s", name, dest)
		}
		res, _ := s.asks(http.MethodGet, "/_mock/ui/", nil, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate",
			"Sec-Fetch-Dest", "document")
		require.Equal(t, http.StatusOK, res.StatusCode, "%s: a permanent link may be followed from anywhere", name)
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
	}
	res, _ := newSurfer(t, srv.URL).asks(http.MethodGet, "/_mock/ui/", nil, "Host", "evil.example")
	require.Equal(t, http.StatusForbidden, res.StatusCode, "a web site gave its own name to this machine")
	res, body := newSurfer(t, locked.URL).asks(http.MethodGet, "/_mock/ui/journal", nil,
		"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
	require.Equal(t, "0", res.Header.Get("Refresh"), "the browser held its cookie back, and comes again with it")
	require.Equal(t, "Opening the dashboard.", body)
	require.False(t, clockFrozen(t, srv), "nothing that was forged was done")
}

func clockFrozen(t *testing.T, srv *mock.Test) bool {
	t.Helper()
	_, body := newSurfer(t, srv.URL).asks(http.MethodGet, "/_mock/clock", nil)
	return strings.Contains(body, `"frozen":true`)
}

func TestDashboardActsWithoutJavaScript(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	s := newSurfer(t, srv.URL)
	res, body := s.asks(http.MethodPost, "/_mock/ui/do/freeze?merchant="+srv.APIKey,
		url.Values{"back": {"/_mock/ui/sandbox"}})
	require.Equal(t, http.StatusSeeOther, res.StatusCode, body)
	require.True(t, clockFrozen(t, srv))
	at := ledTo(t, res)
	require.Regexp(t, `^/_mock/ui/sandbox\?merchant=test_key&outcome=[A-Z0-9]+#freeze$`, at)
	_, body = s.asks(http.MethodGet, at, nil)
	require.Contains(t, body, "The clock stands at")

	res, _ = s.asks(http.MethodPost, "/_mock/ui/do/nothing", url.Values{})
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	res, _ = s.asks(http.MethodPost, "/_mock/ui/do/pay", url.Values{"yaml": {strings.Repeat("x", 5<<20)}})
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	res, body = s.asks(http.MethodGet, "/_mock/ui/?merchant=test_never_seen", nil)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Contains(t, body, "No checkout yet")
	res, _ = s.asks(http.MethodGet, "/_mock/ui/?merchant=never_seen", nil)
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	_, body = s.asks(http.MethodGet, "/_mock/ui/", nil)
	require.NotContains(t, body, "test_never_seen", "looking at a merchant makes none")
}

// What is shown as curl never has a card in it that is not a test card.
func TestDashboardShowsNoStrangersCard(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	s := newSurfer(t, srv.URL)
	const strange = "4242424242424242"
	for action, form := range map[string]url.Values{
		"pay": {"card": {strange}, "checkoutId": {"x"}}, "outcome": {"resultMessage": {"paid with " + strange}},
		"forge": {"checkoutId": {strange}},
	} {
		_, body := s.asks(http.MethodPost, "/_mock/ui/curl/"+action, form)
		require.NotContains(t, body, strange, action)
		require.Contains(t, body, "424242******4242", action)
	}
	_, body := s.asks(http.MethodPost, "/_mock/ui/curl/pay", url.Values{"card": {"5421190122090656"}, "checkoutId": {"x"}})
	require.Contains(t, body, `"card": "5421190122090656"`)
}

func TestDashboardTellsOfChanges(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/_mock/ui/events?merchant="+srv.APIKey+
		"&journal=0", nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
	lines := bufio.NewScanner(res.Body)
	s := newSurfer(t, srv.URL)
	s.asks(http.MethodPost, "/_mock/reset", nil)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return "the stream has ended"
	}
	first := next()
	require.Regexp(t, `^[1-9]$`, first)
	s.asks(http.MethodPost, "/_mock/reset", nil)
	second := next()
	require.Regexp(t, `^[1-9]$`, second)
	require.NotEqual(t, first, second, "a journal that begins anew is another one")

	srv.Close() // it would wait for some seconds for an exchange in flight
	require.Equal(t, "the stream has ended", next())
}

func TestDashboardTellsOfTheFirstRequestOfAKey(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		srv.URL+"/_mock/ui/events?merchant=test_not_yet&journal=1", nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusOK, res.StatusCode, "a page that waits for the first request is connected")
	lines := bufio.NewScanner(res.Body)
	require.True(t, lines.Scan(), "it is told at once that somebody listens")

	clientOf(t, srv).as("test_not_yet").create("ORD-1", nowhere)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "data: ") {
	}
	require.Regexp(t, `^data: [0-9]+$`, lines.Text())
}

func TestBrowsersAreSentToTheDashboard(t *testing.T) {
	t.Parallel()
	s := newSurfer(t, start(t, mock.Config{}).URL)
	res, _ := s.asks(http.MethodGet, "/", nil, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	require.Equal(t, "/_mock/ui/", ledTo(t, res))
	_, body := s.asks(http.MethodGet, "/", nil, "Accept", "*/*")
	require.Contains(t, body, "POST /api/checkout")
}

var loaded = regexp.MustCompile(`(?:href|src)="../..(/_mock/ui/assets/[^"]+)"`)

func TestDashboardsFirstVisitIsLight(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	s := newSurfer(t, srv.URL)
	res, page := s.asks(http.MethodGet, "/_mock/ui/", nil)
	require.Equal(t, http.StatusOK, res.StatusCode)
	total, seen := len(page), map[string]bool{}
	for _, found := range loaded.FindAllStringSubmatch(page, -1) {
		if seen[found[1]] {
			continue
		}
		seen[found[1]] = true
		res, zipped := s.asks(http.MethodGet, found[1], nil, "Accept-Encoding", "gzip")
		require.Equal(t, http.StatusOK, res.StatusCode, found[1])
		require.Equal(t, "public, max-age=31536000, immutable", res.Header.Get("Cache-Control"))
		total += len(zipped)
		plain, err := gzip.NewReader(strings.NewReader(zipped))
		require.NoError(t, err)
		text, err := io.ReadAll(plain)
		require.NoError(t, err)
		_, whole := s.asks(http.MethodGet, found[1], nil, "Accept-Encoding", "identity")
		require.Equal(t, whole, string(text))
	}
	require.Len(t, seen, 5)
	require.Less(t, total, 250<<10)
	t.Logf("a first visit is %d bytes", total)
}

// BenchmarkDashboardList shows the list of a merchant with 10,000 checkouts: its first page, its last,
// and what must look at every checkout.
func BenchmarkDashboardList(b *testing.B) {
	srv, err := mock.New(mock.Config{Seed: 1})
	require.NoError(b, err)
	b.Cleanup(srv.Close)
	h := srv.Handler()
	for i := range 10_000 {
		body := fmt.Sprintf(`{"orderId":"ORD-%d","amount":100.50,"currency":"TRY","description":"Two `+
			`books","callback":"http://127.0.0.1:9/","maxInstallmentCount":1,"interestPaidByCustomer":false}`, i)
		req, _ := http.NewRequest(http.MethodPost, "http://127.0.0.1/api/checkout", strings.NewReader(body))
		req.Header = http.Header{
			"Content-Type": {"application/json"}, "X-Api-Key": {srv.APIKey},
			"X-Api-Secret": {srv.APISecret},
		}
		w := &nobody{header: http.Header{}}
		h.ServeHTTP(w, req)
		require.Equal(b, http.StatusOK, w.status)
	}
	for name, query := range map[string]string{
		"newest": "", "search for what is not there": "&search=nobody", "status": "&status=SUCCESS",
		"scenario": "&scenario=none-such", "callback": "&callback=failed",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				req, _ := http.NewRequest(http.MethodGet, "http://127.0.0.1/_mock/ui/?part=live"+query, nil)
				w := &nobody{header: http.Header{}}
				if h.ServeHTTP(w, req); w.status != http.StatusOK {
					b.Fatal(w.status)
				}
			}
		})
	}
}

// nobody takes an answer and looks at its status only.
type nobody struct {
	header http.Header
	status int
}

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) Write(p []byte) (int, error) { return len(p), nil }
func (n *nobody) WriteHeader(status int)      { n.status = status }

func TestDashboardDrawsTheLifeOfACheckout(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	s := newSurfer(t, srv.URL)
	id := makeCheckout(t, srv)
	srv.Pay(id, "")
	srv.Advance(0)

	res, body := s.asks(http.MethodGet, "/_mock/ui/checkouts/"+id+"/sequence.mmd", nil)
	require.Contains(t, res.Header.Get("Content-Disposition"), "checkout-"+id+".mmd")
	require.Contains(t, body, "POST /api/checkout")
	require.Contains(t, body, "callback, try 1")
	require.Contains(t, body, "(planned) callback, try 2")
	require.Contains(t, body, "(planned) callback, tries 5 to 9 from here on", "nine tries in 48 hours, as documented")
	res, body = s.asks(http.MethodGet, "/_mock/ui/checkouts/"+id+"/sequence.svg", nil)
	require.Equal(t, "image/svg+xml", res.Header.Get("Content-Type"))
	require.Contains(t, body, "<svg")
	require.NotContains(t, body, "#entry-", "there is nothing to click on in a file")

	for range 10_001 {
		s.asks(http.MethodGet, "/api/nothing", nil, "X-API-KEY", srv.APIKey, "X-API-SECRET", srv.APISecret)
	}
	_, body = s.asks(http.MethodGet, "/_mock/ui/checkouts/"+id, nil)
	require.Contains(t, body, "has forgotten the beginning")
}

func makeCheckout(t *testing.T, srv *mock.Test) string {
	t.Helper()
	order := `{"orderId":"ORD-1","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:9/","maxInstallmentCount":1,"interestPaidByCustomer":false}`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/api/checkout", strings.NewReader(order))
	require.NoError(t, err)
	req.Header = http.Header{
		"Content-Type": {"application/json"}, "X-Api-Key": {srv.APIKey},
		"X-Api-Secret": {srv.APISecret},
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	var made struct{ CheckoutID string }
	require.NoError(t, json.NewDecoder(res.Body).Decode(&made))
	return made.CheckoutID
}
