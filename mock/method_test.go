package mock_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock"
)

// controlAPI is the document that the sandbox serves about its control API.
func controlAPI(t *testing.T, c *client) *openapi.Document {
	t.Helper()
	document, err := openapi.Parse([]byte(c.get("/_mock/openapi.yaml").raw))
	require.NoError(t, err)
	return document
}

// served are the paths that the sandbox serves, each with the methods that it takes, as Allow lists them. A new
// operation of either document is among them by itself.
func served(t *testing.T, c *client, checkoutID, callbackID string) map[string]string {
	t.Helper()
	const look, link = "GET, HEAD, OPTIONS", "/checkout-link/"
	paths := map[string]string{
		"/": look, "/openapi.yaml": look, "/metrics": look, "/_mock/openapi.yaml": look, "/docs": look, "/docs/control": look,
		"/docs/start.js": look, "/docs/docs.css": look, "/docs/5.35.0/swagger-ui-bundle.js": look,
		"/docs/5.35.0/swagger-ui.css": look,

		link + checkoutID: "GET, HEAD, OPTIONS, POST", link + checkoutID + "/cancel": "OPTIONS, POST",
		link + checkoutID + "/bank": "GET, HEAD, OPTIONS, POST", link + checkoutID + "/bank/cancel": "OPTIONS, POST",
		link + checkoutID + "/result": look, link + "assets/page.css": look, link + "assets/page.js": look,

		"/_mock/ui": look, "/_mock/ui/": look, "/_mock/ui/journal": look, "/_mock/ui/scenarios": look,
		"/_mock/ui/sandbox":  look,
		"/_mock/ui/coverage": look, "/_mock/ui/violations": look, "/_mock/ui/login": "GET, HEAD, OPTIONS, POST",
		"/_mock/ui/logout": "OPTIONS, POST", "/_mock/ui/do/reset": "OPTIONS, POST", "/_mock/ui/curl/reset": "OPTIONS, POST",
		"/_mock/ui/assets/icon.svg": look, "/_mock/ui/checkouts/" + checkoutID: look, "/_mock/ui/events": look,
		"/_mock/ui/checkouts/" + checkoutID + "/sequence.svg": look, "/_mock/ui/checkouts/" + checkoutID +
			"/sequence.mmd": look,
	}
	merchantAPI, err := openapi.Parse(payporter.OpenAPI())
	require.NoError(t, err)
	methods := map[string][]string{}
	for _, op := range append(controlAPI(t, c).Operations(), merchantAPI.Operations()...) {
		path := strings.NewReplacer("{checkoutId}", checkoutID, "{callbackId}", callbackID).Replace(op.Path)
		methods[path] = append(methods[path], op.Method)
		if op.Method == http.MethodGet {
			methods[path] = append(methods[path], http.MethodHead)
		}
	}
	for path, taken := range methods {
		taken = append(taken, http.MethodOptions)
		slices.Sort(taken)
		paths[path] = strings.Join(taken, ", ")
	}
	return paths
}

// asked are the queries that an operation does not answer without.
func asked(path, checkoutID string) string {
	switch path {
	case "/_mock/scenarios/explain":
		return path + "?checkoutId=" + checkoutID
	case "/_mock/journal/wait":
		return path + "?timeout=1ms&kind=forge"
	}
	return path
}

func TestEveryPathTakesTheMethodsThatItNames(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	srv.Advance(0)

	for path, allow := range served(t, c, id, srv.Callbacks(id)[0].ID) {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			t.Parallel()
			options := c.at(t).send(c.request(http.MethodOptions, path, ""))
			require.Equal(t, http.StatusNoContent, options.status, "OPTIONS: %s", options.raw)
			require.Equal(t, allow, options.header.Get("Allow"))
			require.Empty(t, options.header.Get("Content-Type"))
			for name := range options.header {
				require.NotContains(t, name, "Access-Control", "no CORS is promised")
			}

			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "NONSENSE"} {
				if slices.Contains(strings.Split(allow, ", "), method) {
					continue
				}
				refused := c.at(t).send(c.request(method, path, ""))
				require.Equal(t, http.StatusMethodNotAllowed, refused.status, "%s: %s", method, refused.raw)
				require.Equal(t, allow, refused.header.Get("Allow"), method)
			}
		})
	}
}

func TestNoPathIsMadeUpByAnUnknownMethod(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for _, path := range []string{
		"/nothing", "/api", "/api/nothing", "/_mock/nothing", "/_mock/ui/nothing", "/docs/nothing",
		"/checkout-link/x/nothing",
	} {
		for _, method := range []string{http.MethodHead, http.MethodOptions, http.MethodPut, "NONSENSE"} {
			for _, key := range []string{c.key, ""} {
				req := c.request(method, path, "")
				req.Header.Set("X-API-KEY", key)
				got := c.send(req)
				require.Equal(t, http.StatusNotFound, got.status, "%s %s with key %q: %s", method, path, key, got.raw)
				require.Empty(t, got.header.Get("Allow"))
			}
		}
	}
}

// HEAD is what tools wait with until a server is there.
func TestHeadAnswersAsGetWithoutABody(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	srv.Advance(0)
	srv.Freeze()

	paths := []string{
		"/api/checkout/123e4567-e89b-12d3-a456-426614174000", "/api/checkout/x", "/api/nothing", "/_mock/callbacks?limit=0",
		"/nothing",
		"/_mock/ui/nothing", "/checkout-link/x", "/_mock/ui/events?merchant=nobody",
	}
	for path, allow := range served(t, c, id, srv.Callbacks(id)[0].ID) {
		if strings.Contains(allow, http.MethodGet) && path != "/_mock/ui/events" {
			paths = append(paths, asked(path, id))
		}
	}
	// One path after the other: some answers list what was asked meanwhile, so their length would differ.
	for _, path := range paths {
		t.Run(strings.Trim(path, "/"), func(t *testing.T) {
			for _, encoding := range []string{"identity", "gzip"} {
				asks := func(method string) reply {
					req := c.request(method, path, "")
					req.Header.Set("Accept-Encoding", encoding)
					return c.at(t).sendOnce(req)
				}
				got, head := asks(http.MethodGet), asks(http.MethodHead)
				require.Equal(t, got.status, head.status, "%s", got.raw)
				require.Empty(t, head.raw)
				require.Equal(t, lasting(got.header), lasting(head.header))
			}
		})
	}
}

// lasting are the headers that do not change from one request to the next. How long the texts are that count requests
// or name one, is not among them.
func lasting(h http.Header) http.Header {
	h = h.Clone()
	h.Del("Date")
	if n := h.Get("Content-Length"); n == "0" {
		h.Del("Content-Length") // net/http says it of no HEAD
	} else if n != "" {
		h.Set("Content-Length", strings.Repeat("n", len(n)))
	}
	return h
}

// A script waits with HEAD as with GET.
func TestHeadOfAWaitWaits(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	id := c.create("ORD-1", nowhere)
	answered := make(chan int)
	go func() {
		answered <- c.send(c.request(http.MethodHead, "/_mock/journal/wait?timeout=20s&kind=payment&status=SUCCESS",
			"")).status
	}()
	srv.Pay(id, goodCard)
	require.Equal(t, http.StatusOK, <-answered)
	require.Equal(t, http.StatusRequestTimeout,
		c.send(c.request(http.MethodHead, "/_mock/journal/wait?timeout=1ms&kind=forge", "")).status)
}

func TestHeadOfAStreamEnds(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	head := c.send(c.request(http.MethodHead, "/_mock/ui/events?merchant="+c.key, ""))
	require.Equal(t, http.StatusOK, head.status)
	require.Equal(t, "text/event-stream", head.header.Get("Content-Type"))
	require.Equal(t, "no-store", head.header.Get("Cache-Control"))

	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
	_, err = fmt.Fprintf(conn, "HEAD /_mock/ui/events?merchant=%s HTTP/1.1\r\nHost: localhost\r\n\r\n"+
		"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n", c.key)
	require.NoError(t, err)
	reader := bufio.NewReader(conn)
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		res, err := http.ReadResponse(reader, &http.Request{Method: method})
		require.NoError(t, err, "the connection is free for the next request")
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusOK, res.StatusCode)
	}
}

// A HEAD asks nothing about a payment: it uses up no step of a scenario, and no rule takes it for the question that a
// shop must ask before it fulfils an order.
func TestHeadIsNoStatusQuestion(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	put := c.send(c.request(http.MethodPut, "/_mock/scenarios",
		`{"version":1,"scenarios":[{"name":"down-once","status":[{"respond":{"status":500},"times":1}]}]}`))
	require.Equal(t, http.StatusOK, put.status, put.raw)
	id := c.create("ORD-1", nowhere)

	for range 3 {
		head := c.send(c.request(http.MethodHead, "/api/checkout/"+id, ""))
		require.Equal(t, http.StatusInternalServerError, head.status, "as the next GET")
	}
	covered := strings.Contains(c.get("/_mock/coverage").raw, `"name":"GET /api/checkout/{checkoutId} 500","count":0`)
	require.True(t, covered, "it is none of the API's operations")
	require.Equal(t, http.StatusInternalServerError, c.get("/api/checkout/"+id).status)
	require.Equal(t, http.StatusOK, c.get("/api/checkout/"+id).status)

	require.Len(t, entriesOf(c.get("/_mock/journal?kind=status&checkoutId="+id)), 2)
	heads := entriesOf(c.get("/_mock/journal?kind=request&checkoutId=" + id))
	require.Len(t, heads, 3)
	require.Equal(t, "HEAD", heads[0]["request"].(map[string]any)["method"])
}

// A HEAD of the control API drives nothing, and is in no journal.
func TestHeadOfTheControlAPIIsNotRecorded(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.create("ORD-1", nowhere)
	c.send(c.request(http.MethodHead, "/_mock/checkouts/"+id, ""))
	require.Len(t, entriesOf(c.get("/_mock/journal")), 1)
}

// Who is not let in by GET is not let in by HEAD either, and is led to the same place.
func TestHeadWantsTheTokenAsGetDoes(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{AdminToken: "the-admin-token-of-this-test"}))
	for path, want := range map[string]int{
		"/_mock/clock": 401, "/metrics": 401, "/_mock/health": 200, "/_mock/ui/": 303, "/_mock/ui/events": 303,
		"/_mock/ui/login": 200,
	} {
		got, head := c.sendOnce(c.request(http.MethodGet, path, "")), c.sendOnce(c.request(http.MethodHead, path, ""))
		require.Equal(t, want, got.status, path)
		require.Equal(t, want, head.status, path)
		require.Equal(t, got.header.Get("Location"), head.header.Get("Location"), path)
	}
}

// A browser asks before a script may call another site: whoever looks for the reason finds the question.
func TestABrowsersQuestionIsRecorded(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	req := c.request(http.MethodOptions, "/api/checkout", "")
	req.Header.Del("X-API-KEY")
	req.Header.Set("Origin", "http://shop.test")
	req.Header.Set("Access-Control-Request-Method", "POST")
	require.Equal(t, http.StatusNoContent, c.send(req).status)
	entry := entriesOf(c.get("/_mock/strangers"))[0]
	require.Equal(t, "request", entry["kind"])
	require.Equal(t, "OPTIONS", entry["request"].(map[string]any)["method"])
}
