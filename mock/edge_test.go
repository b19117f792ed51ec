package mock_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// What net/http refuses before any handler runs has the documented error body, too.
func TestUnreadableRequestsGetADocumentedAnswer(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	for name, test := range map[string]struct {
		request string
		status  int
	}{
		"a bad escape": {"GET /api/checkout/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		"no Host":      {"GET /api/checkout/x HTTP/1.1\r\n\r\n", 400},
		"no HTTP":      {"hello\r\n\r\n", 400},
		"an endless header": {
			"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 80<<10) + "\r\n\r\n",
			431,
		},
		"an unknown transfer encoding": {"POST /api/checkout HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
			require.NoError(t, err)
			defer conn.Close()
			require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
			_, _ = io.WriteString(conn, test.request) // the sandbox may hang up before it has read all
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			defer res.Body.Close()
			require.Equal(t, test.status, res.StatusCode)
			require.Equal(t, "application/json", res.Header.Get("Content-Type"))
			var fault struct{ Message, MessageCode, RequestID string }
			require.NoError(t, json.NewDecoder(res.Body).Decode(&fault))
			require.Equal(t, "INVALID_REQUEST", fault.MessageCode)
			want := "malformed HTTP request: check path, headers and Transfer-Encoding"
			if test.status == http.StatusRequestHeaderFieldsTooLarge {
				want = "the headers are too long"
			}
			require.Equal(t, want, fault.Message)
			require.NotEmpty(t, fault.RequestID)
		})
	}
}

func TestWithoutAHostNothingIsCreated(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	body := order("ORD-1", nowhere)
	_, err = fmt.Fprintf(conn, "POST /api/checkout HTTP/1.0\r\nContent-Type: application/json\r\nX-API-KEY: "+
		"%s\r\nX-API-SECRET: %s\r\nContent-Length: %d\r\n\r\n%s",
		c.key, c.secret, len(body), body)
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.Empty(t, c.get("/_mock/checkouts").body["checkouts"])
}

func TestOtherWebSitesCannotDriveTheSandbox(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{PublicURL: "http://shop.example:9000"}))
	for name, test := range map[string]struct {
		host    string
		headers map[string]string
		status  int
	}{
		"a tool":         {"", nil, 200},
		"localhost":      {"localhost:1", nil, 200},
		"the public URL": {"shop.example:9000", nil, 200},
		"IPv6":           {"[::1]:8080", nil, 200},
		"another site":   {"", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.test"}, 403},
		"a name given to us": {"evil.example:8080", map[string]string{
			"Sec-Fetch-Site": "same-origin",
			"Origin":         "http://evil.example:8080",
		}, 403},
		"another site, reading": {"", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			path := map[string]string{http.MethodGet: "/_mock/clock", http.MethodPost: "/_mock/reset"}[method]
			req := c.request(method, path, "")
			if test.host != "" {
				req.Host = test.host
			}
			for k, v := range test.headers {
				req.Header.Set(k, v)
			}
			require.Equal(t, test.status, c.send(req).status, "%s, %s", name, method)
		}
	}
}

func TestJournalCanBeReadOn(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	const checkouts = 25
	for i := range checkouts {
		c.create(fmt.Sprintf("ORD-%d", i), nowhere)
	}
	var orders []any
	after := "0"
	for range 2 * checkouts {
		page := c.get("/_mock/journal?kind=create&limit=4&after=" + after)
		entries := entriesOf(page)
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			orders = append(orders, e["orderId"])
		}
		after = fmt.Sprint(page.body["next"])
	}
	require.Len(t, orders, checkouts)
	require.Equal(t, "ORD-0", orders[0])
	require.Equal(t, "ORD-21", entriesOf(c.get("/_mock/journal?kind=create&limit=4"))[0]["orderId"],
		"without after: the newest")
}

func TestStrangeFieldsCannotFillTheJournal(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	var extra []string
	for i := range 3000 {
		extra = append(extra, fmt.Sprintf("f%04d", i), "1")
	}
	extra = append(extra, strings.Repeat("x", 500), "1", "cvv", `"916"`, "note", `"a\n`+realCard+` b"`)
	id := c.create(realCard, nowhere, extra...)
	entry := entriesOf(c.get("/_mock/journal?checkoutId=" + id))[0]
	require.Len(t, entry["warnings"], 21)
	require.Contains(t, entry["warnings"], "and 2983 more")
	journal := c.get("/_mock/journal").raw
	require.NotContains(t, journal, realCard)
	require.NotContains(t, journal, `\"916\"`)
	require.Len(t, entriesOf(c.get("/_mock/journal?orderId="+realCard)), 1, "and the order is still found by its number")
}

func TestClockStaysWhereTimesCanBeWritten(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for body, field := range map[string]string{
		`{"set":"9999-12-31T23:59:59Z"}`:                                 "set",
		`{"set":"1500-01-01T00:00:00Z"}`:                                 "set",
		`{"set":"0001-01-01T00:00:00Z"}`:                                 "set",
		`{"advance":"2562047h"}`:                                         "advance",
		`{"freeze":true,"set":"2199-12-31T00:00:00Z","advance":"9000h"}`: "advance",
	} {
		r := c.post("/_mock/clock", body)
		require.Equal(t, http.StatusConflict, r.status, body)
		require.Equal(t, []string{field + ": must leave the clock between the years 1970 and 2200"}, r.faults(), body)
	}
	require.Equal(t, false, c.get("/_mock/clock").body["frozen"], "nothing was half done")
}

func TestForgeWantsAnAddressItCanUse(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for url, want := range map[string]string{
		"ftp://x": `url: must be an absolute http or https URL such as ` +
			`https://shop.example.com/payment-callback, got "ftp://x"`,
		"http://127.1/x": "url: must write an IPv4 address as four decimal numbers, such as " +
			"http://127.0.0.1:3000/callback",
		"http://me:pw@127.0.0.1/":  "url: must not contain credentials",
		"http://127.0.0.1:99999/x": "url: must have a port from 1 to 65535",
	} {
		r := c.post("/_mock/callbacks/forge", `{"checkoutId":"x","url":"`+url+`"}`)
		require.Equal(t, http.StatusBadRequest, r.status, r.raw)
		require.Equal(t, []string{want}, r.faults())
	}
}

func TestManySlowReceiversHoldUpNobody(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	slow := receiver(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	srv, merchant := start(t, mock.Config{Payer: mock.PayerAuto, CallbackTimeout: 30 * time.Second}), newShop(t)
	c := clientOf(t, srv)
	for i := range 40 {
		c.create(fmt.Sprintf("ORD-%d", i), slow)
	}
	id := c.create("ORD-quick", merchant.callback())
	c.await("kind=callback&status=DELIVERED&checkoutId=" + id)
	first := entriesOf(c.get("/_mock/journal?kind=callback"))[0]
	require.Equal(t, id, first["checkoutId"], "none of the slow ones has been answered")
}
