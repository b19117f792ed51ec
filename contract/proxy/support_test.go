package proxy_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Test cards, and credentials that no document shows.
const (
	goodCard     = "5421190122090656"
	declinedCard = "4111111111111129"
	key, secret  = "test_proxied_key", "hush-hush-4711"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// proxied is a proxy that runs, and what it wrote into its log.
type proxied struct {
	*proxy.Proxy
	t   *testing.T
	log *logged
}

// logged is what was logged so far.
type logged struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start runs a proxy on a free port. A public URL of "own" is its own address.
func start(t *testing.T, c proxy.Config) *proxied {
	t.Helper()
	p := &proxied{t: t, log: &logged{}}
	c.Logger = slog.New(slog.NewTextHandler(p.log, nil))
	p.Proxy = listening(t, c, 20)

	served := make(chan error, 1)
	go func() { served <- p.Serve(t.Context()) }()
	t.Cleanup(func() {
		p.Close()
		require.NoError(t, <-served)
	})
	return p
}

// listening is a proxy that has taken its address. Its public URL is to be known before, so another test may have taken
// that port meanwhile: it tries so often.
func listening(t *testing.T, c proxy.Config, tries int) *proxy.Proxy {
	t.Helper()
	tried := c
	tried.Addr = "127.0.0.1:0"
	if c.PublicURL == "own" {
		taken := httptest.NewUnstartedServer(nil)
		tried.Addr = taken.Listener.Addr().String()
		taken.Close()
		tried.PublicURL = "http://" + tried.Addr
	}

	p, err := proxy.New(tried)
	require.NoError(t, err)
	if err = p.Listen(); err == nil {
		return p
	}
	p.Close()
	require.Positive(t, tries, "%v", err)
	return listening(t, c, tries-1)
}

// reply is an answer, read.
type reply struct {
	status int
	header http.Header
	body   string
	fields map[string]any
}

// text is a field of the answer.
func (r reply) text(name string) string {
	s, _ := r.fields[name].(string)
	return s
}

// say makes a request with the credentials, and follows no redirect.
func say(t *testing.T, method, address, body string) reply {
	t.Helper()
	return sayWith(t, method, address, body, http.Header{
		"X-Api-Key": {key}, "X-Api-Secret": {secret}, "Content-Type": {"application/json"},
	})
}

func sayWith(t *testing.T, method, address, body string, header http.Header) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	req.Header = header
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)

	r := reply{status: res.StatusCode, header: res.Header, body: string(text)}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	_ = decoder.Decode(&r.fields) // some are no JSON
	return r
}

// order is the body of a create.
func order(id, amount, callback string) string {
	text, _ := json.Marshal(map[string]any{
		"orderId": id, "amount": json.Number(amount), "currency": "TRY", "callback": callback,
	})
	return string(text)
}

// seen waits until the journal of the proxy has so many entries that fit, and answers it as it is told.
func (p *proxied) seen(count string, filter ...string) string {
	p.t.Helper()
	query := url.Values{"count": {count}, "timeout": {"20s"}}
	for i := 0; i+1 < len(filter); i += 2 {
		query.Set(filter[i], filter[i+1])
	}
	r := sayWith(p.t, http.MethodGet, p.URL+"/_mock/journal/wait?"+query.Encode(), "", http.Header{})
	require.Equal(p.t, http.StatusOK, r.status, r.body)
	return r.body
}

// broken are the rules that are broken, with what was seen.
func (p *proxied) broken() map[string]string {
	found := map[string]string{}
	judged := p.Judge("")
	for _, rule := range judged.Rules {
		if rule.Result == report.Failed {
			found[rule.ID] = rule.Seen
		}
	}
	return found
}

// canned is a PayPorter that answers everything the same, as JSON.
func canned(t *testing.T, status int, body string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server
}

// renaming is an address in front of a sandbox that takes the token out of order ids, so that none chooses a scenario.
func renaming(t *testing.T, base string) string {
	t.Helper()
	upstream, err := url.Parse(base)
	require.NoError(t, err)
	forward := httputil.NewSingleHostReverseProxy(upstream)
	forward.Transport = &http.Transport{DisableKeepAlives: true} // which asks again by itself otherwise
	forward.ErrorLog = log.New(io.Discard, "", 0)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		body = bytes.ReplaceAll(body, []byte("-mock:"), []byte("-was:"))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// renamed is what was said, with the tokens put back.
func renamed(said []string) []string {
	back := make([]string, len(said))
	for i, one := range said {
		back[i] = strings.ReplaceAll(one, "-was:", "-mock:")
	}
	return back
}
