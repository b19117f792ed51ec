package mock_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock"
)

// Cards that decide the outcome.
const (
	goodCard     = "5421190122090656"
	declinedCard = "4111111111111129"
	realCard     = "4242424242424242" // passes the check that real cards pass, and is no test card
)

func TestMain(m *testing.M) {
	flag.Parse()
	extent.Spacious()
	extent.Together(6)
	goleak.VerifyTestMain(m)
}

// shop is a merchant under test: it takes callbacks and answers them as it is told to.
type shop struct {
	*httptest.Server
	mu      sync.Mutex // guards all below
	posts   []post
	answers []int // statuses, the last one lasts
}

// post is a callback as it arrived.
type post struct {
	method, contentType, userAgent, path string
	form                                 url.Values
}

func newShop(t *testing.T, answers ...int) *shop {
	t.Helper()
	s := &shop{answers: answers}
	s.Server = httptest.NewServer(http.HandlerFunc(s.takeCallback))
	t.Cleanup(s.Close)
	return s
}

func (s *shop) takeCallback(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	s.mu.Lock()
	s.posts = append(s.posts, post{r.Method, r.Header.Get("Content-Type"), r.Header.Get("User-Agent"), r.URL.Path, form})
	status := http.StatusOK
	if len(s.answers) > 0 {
		status = s.answers[0]
	}
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	s.mu.Unlock()
	w.WriteHeader(status)
}

func (s *shop) callback() string { return s.URL + "/payment-callback" }

func (s *shop) received() []post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]post(nil), s.posts...)
}

// client calls a sandbox as one merchant.
type client struct {
	t           *testing.T
	base        string
	key, secret string
}

func clientOf(t *testing.T, srv *mock.Test) *client {
	return &client{t: t, base: srv.URL, key: srv.APIKey, secret: srv.APISecret}
}

// as is the same sandbox under another key.
func (c *client) as(key string) *client {
	return &client{t: c.t, base: c.base, key: key, secret: "secret of " + key}
}

// at is the same client for a test within the test.
func (c *client) at(t *testing.T) *client {
	return &client{t: t, base: c.base, key: c.key, secret: c.secret}
}

// reply is an answer, its body decoded.
type reply struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func (r reply) text(name string) string {
	s, _ := r.body[name].(string)
	return s
}

// faults are the field errors of an error answer, as sentences.
func (r reply) faults() []string {
	var all []string
	list, _ := r.body["errors"].([]any)
	for _, e := range list {
		fault := e.(map[string]any)
		all = append(all, fmt.Sprintf("%s: %s", fault["field"], fault["message"]))
	}
	return all
}

func (c *client) send(req *http.Request) reply {
	c.t.Helper()
	res, err := http.DefaultClient.Do(req)
	require.NoError(c.t, err)
	return c.read(res)
}

// sendOnce follows no redirect, and takes the body as it was sent.
func (c *client) sendOnce(req *http.Request) reply {
	c.t.Helper()
	res, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(c.t, err)
	return c.read(res)
}

func (c *client) read(res *http.Response) reply {
	c.t.Helper()
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(c.t, err)
	r := reply{status: res.StatusCode, header: res.Header, raw: string(raw)}
	if len(raw) > 0 && strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		require.NoError(c.t, decoder.Decode(&r.body), "%s", raw)
	}
	return r
}

func (c *client) request(method, path, body string) *http.Request {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	require.NoError(c.t, err)
	req.Header.Set("X-API-KEY", c.key)
	req.Header.Set("X-API-SECRET", c.secret)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func (c *client) get(path string) reply { c.t.Helper(); return c.send(c.request("GET", path, "")) }

// file asks for a scenario file as people's tools do.
func (c *client) file() reply {
	c.t.Helper()
	request := c.request("GET", "/_mock/scenarios", "")
	request.Header.Set("Accept", "*/*")
	return c.send(request)
}

func (c *client) post(path, body string) reply {
	c.t.Helper()
	return c.send(c.request("POST", path, body))
}

// order is a body of POST /api/checkout; extra fields come in pairs of name and JSON value.
func order(orderID, callback string, extra ...string) string {
	fields := map[string]json.RawMessage{
		"orderId": json.RawMessage(`"` + orderID + `"`), "amount": json.RawMessage("100.50"),
		"currency": json.RawMessage(`"TRY"`), "callback": json.RawMessage(`"` + callback + `"`),
	}
	for i := 0; i+1 < len(extra); i += 2 {
		if extra[i+1] == "" {
			delete(fields, extra[i])
			continue
		}
		fields[extra[i]] = json.RawMessage(extra[i+1])
	}
	body, _ := json.Marshal(fields)
	return string(body)
}

// create makes a checkout and answers its id.
func (c *client) create(orderID, callback string, extra ...string) string {
	c.t.Helper()
	r := c.post("/api/checkout", order(orderID, callback, extra...))
	require.Equal(c.t, http.StatusOK, r.status, "%s", r.raw)
	return r.text("checkoutId")
}

// await blocks until the journal shows what the query says.
func (c *client) await(query string) reply {
	c.t.Helper()
	r := c.get("/_mock/journal/wait?timeout=20s&" + query)
	require.Equal(c.t, http.StatusOK, r.status, "%s", r.raw)
	return r
}

func entriesOf(r reply) []map[string]any {
	var all []map[string]any
	list, _ := r.body["entries"].([]any)
	for _, e := range list {
		all = append(all, e.(map[string]any))
	}
	return all
}
