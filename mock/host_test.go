package mock_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// routes are one of each kind: the merchant API, the page, the control API, the dashboard, what people read, and what
// nothing serves.
var routes = []string{
	"GET /", "GET /openapi.yaml", "GET /docs", "GET /docs/control", "GET /metrics",
	"POST /api/checkout", "GET /api/checkout/2955b755-7c46-49af-902a-c2eb53d0b85f", "DELETE /api/checkout",
	"GET /api/none",
	"GET /checkout-link/2955b755-7c46-49af-902a-c2eb53d0b85f", "GET /checkout-link/assets/page.js",
	"GET /_mock/health", "GET /_mock/openapi.yaml", "GET /_mock/clock", "POST /_mock/reset", "GET /_mock/none",
	"GET /_mock/ui/", "GET /_mock/ui/login", "POST /_mock/ui/logout", "GET /_mock/ui/events", "GET /none",
}

// asHost makes a request as a page would that a web site's name led here: to a browser it is of the same origin.
func (c *client) asHost(method, path, host string) reply {
	c.t.Helper()
	req := c.request(method, path, "")
	req.Host = host
	req.Header.Set("Origin", "http://"+host)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.send(req)
}

// Beyond loopback without a token, which is how the README starts it in a container, and on loopback.
func TestNamesOfWebSitesReachNothing(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", "127.0.0.1:0"} {
		c := clientOf(t, start(t, mock.Config{Addr: addr}))
		for _, route := range routes {
			method, path, _ := strings.Cut(route, " ")
			for _, host := range []string{"evil.example", "evil.example:8080", "EVIL.example.", "localhost.evil.example"} {
				got := c.asHost(method, path, host)
				require.Equal(t, http.StatusForbidden, got.status, "%s at %s: %s", route, host, got.raw)
				require.Equal(t, "FORBIDDEN", got.text("messageCode"))
				require.Contains(t, got.text("message"), "--allowed-host")
			}
		}
	}
}

func TestHostsOfTheSandbox(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config mock.Config
		taken  []string
		not    []string
	}{
		"by default": {
			mock.Config{},
			[]string{
				"127.0.0.1", "127.0.0.1:80", "10.1.2.3:8080", "[::1]", "[::1]:8080", "[2001:DB8::1]:8080", "[fe80::1%25eth0]",
				"[::ffff:127.0.0.1]:1",
				"localhost", "LOCALHOST:8080", "localhost.", "localhost.:8080", "localhost:", "sandbox", "sandbox:8080",
				"my_sandbox", "sandbox.",
				"shop.localhost", "a.b.Localhost.:1", "shop.test", "host.docker.internal:8080", "sandbox.default.svc.cluster.local",
			},
			[]string{
				"evil.example", "evil.example.", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example",
				"evil.nottest",
				"evil.cluster.local.example", "cluster.local", ".test", "a..test", "localhost:80:80", "evil.example:80@localhost",
				"[evil.example]", "127.1",
			},
		},
		"the public URL's": {
			mock.Config{PublicURL: "https://Pay.xn--maaza-l1a.example:8443/sandbox"},
			[]string{"pay.xn--maaza-l1a.example", "pay.xn--maaza-l1a.example:1", "PAY.XN--MAAZA-L1A.EXAMPLE."},
			[]string{"xn--maaza-l1a.example", "pay.example", "a.pay.xn--maaza-l1a.example"},
		},
		"listed": {
			mock.Config{AllowedHosts: []string{"Sandbox.Example.com", "*.shops.example"}},
			[]string{
				"sandbox.example.com", "sandbox.example.com.:8080", "SANDBOX.example.com", "a.shops.example",
				"a.b.shops.example:1",
			},
			[]string{"a.sandbox.example.com", "example.com", "shops.example", "evilshops.example", "evil.example"},
		},
		"any, with a token": {
			mock.Config{AdminToken: "a-token-of-some-length"}, []string{"evil.example", "a..b", "localhost:80:80"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.Addr = "0.0.0.0:0"
			c := clientOf(t, start(t, test.config))
			for _, host := range test.taken {
				require.Equal(t, http.StatusOK, c.asRaw(host).StatusCode, host)
			}
			for _, host := range test.not {
				require.NotEqual(t, http.StatusOK, c.asRaw(host).StatusCode, host)
			}
		})
	}
}

// asRaw asks for the health with a Host as it stands, which Go's client would tidy.
func (c *client) asRaw(host string) *http.Response {
	c.t.Helper()
	return c.raw("GET /_mock/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
}

// raw sends a request as it stands.
func (c *client) raw(request string) *http.Response {
	c.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	require.NoError(c.t, err)
	c.t.Cleanup(func() { conn.Close() })
	require.NoError(c.t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, request)
	require.NoError(c.t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(c.t, err)
	c.t.Cleanup(func() { res.Body.Close() })
	return res
}

// What sends no Host is no browser: a load balancer that speaks HTTP/1.0 may look whether the sandbox is there.
func TestRequestsWithoutAHostAreServed(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{Addr: "0.0.0.0:0"}))
	require.Equal(t, http.StatusOK, c.raw("GET /_mock/health HTTP/1.0\r\n\r\n").StatusCode)
	require.Equal(t, http.StatusForbidden, c.raw("GET /_mock/health HTTP/1.0\r\nHost: evil.example\r\n\r\n").StatusCode)
}

func TestAllowedHostsAreNames(t *testing.T) {
	t.Parallel()
	for _, host := range []string{
		"", "*", "*.", "a.*.example", "sandbox.example.com:8080", "http://sandbox.example.com",
		"a b", "[::1]", "a@b.example", "*.*.example",
	} {
		err := mock.Config{AllowedHosts: []string{host}}.Validate()
		require.ErrorContains(t, err, "want a host name such as sandbox.example.com, without scheme and port, or "+
			"*.example.com", host)
	}
	require.NoError(t, mock.Config{AllowedHosts: []string{
		"sandbox.example.com", "*.example.com", "mağaza.example",
		"sandbox", "my_sandbox.example.com",
	}}.Validate())
}
