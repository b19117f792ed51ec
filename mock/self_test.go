package mock_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// attack has another merchant make a checkout whose callback is for the sandbox itself, and cancel it. It answers what
// came of the callback.
func (c *client) attack(callback string) map[string]any {
	c.t.Helper()
	other := c.as("test_attacker")
	id := other.create("ATTACK", callback)
	require.Equal(c.t, http.StatusOK, other.post("/_mock/checkouts/"+id+"/outcome", `{"status":"CANCELLED"}`).status)
	require.Equal(c.t, http.StatusOK, other.post("/_mock/clock", `{"advance":"1s"}`).status)
	told := other.get("/_mock/callbacks?checkoutId=" + id).body["callbacks"].([]any)
	require.Len(c.t, told, 1)
	return told[0].(map[string]any)["attempts"].([]any)[0].(map[string]any)
}

// thisMachine is an address of this machine that is not loopback; empty: it has none.
func thisMachine(t *testing.T) string {
	t.Helper()
	all, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range all {
		if ip, _, err := net.ParseCIDR(a.String()); err == nil && ip.To4() != nil && ip.IsPrivate() {
			return ip.String()
		}
	}
	return ""
}

func TestSandboxSendsNothingToItself(t *testing.T) {
	t.Parallel()
	for addr, hosts := range map[string][]string{
		"127.0.0.1:0": {"127.0.0.1", "localhost"},
		"0.0.0.0:0":   {"127.0.0.1", "localhost", "127.1.2.3", thisMachine(t)},
		"[::]:0":      {"127.0.0.1", "localhost", "[::1]", "127.1.2.3", thisMachine(t)},
		"[::1]:0":     {"[::1]"},
	} {
		t.Run(addr, func(t *testing.T) {
			t.Parallel()
			c := clientOf(t, start(t, mock.Config{
				Addr: addr, CallbackAllow: []string{"0.0.0.0/0", "::/0"}, RetryPlan: &mock.RetryPlan{},
			}))
			c.create("ORD-1", nowhere)
			at, err := url.Parse(c.base)
			require.NoError(t, err)
			for _, host := range hosts {
				if host == "" {
					continue
				}
				for _, path := range []string{
					"/_mock/reset?merchant=test_key", "/_mock/ui/do/default-scenarios?merchant=test_key",
					"/",
				} {
					target := "http://" + host + ":" + at.Port() + path
					require.Regexp(t, `^not sent: \S+ is this sandbox itself, which gets no callbacks$`, c.attack(target)["error"],
						target)
					forged := c.as("test_attacker").post("/_mock/callbacks/forge", `{"checkoutId":"x","url":"`+target+`"}`)
					require.Contains(t, forged.text("error"), "is this sandbox itself, which gets no callbacks", target)
				}
			}
			require.Equal(t, []string{"ORD-1"}, c.orders())
		})
	}
}

// Something in between, such as a published port or a proxy of the shop, has an address of its own. The control API
// knows what a sandbox sends all the same, its own or another's.
func TestControlAPIRefusesCallbacksOfSandboxes(t *testing.T) {
	t.Parallel()
	victim := clientOf(t, start(t, mock.Config{}))
	victim.create("ORD-1", nowhere)
	inner, err := url.Parse(victim.base)
	require.NoError(t, err)
	between := httptest.NewServer(httputil.NewSingleHostReverseProxy(inner))
	t.Cleanup(between.Close)

	another := clientOf(t, start(t, mock.Config{RetryPlan: &mock.RetryPlan{}}))
	for _, from := range []*client{victim, another} {
		for _, path := range []string{
			"/_mock/reset?merchant=test_key", "/_mock/ui/do/default-scenarios?merchant=test_key", "/_mock/ui/login",
			"/_mock/ui/logout",
		} {
			told := from.attack(between.URL + path)
			require.Equal(t, "answered 403, 2xx is wanted", told["error"], path)
		}
	}
	told := another.attack(victim.base + "/_mock/reset?merchant=test_key")
	require.Contains(t, told["response"], "callbacks are refused here")
	require.Equal(t, []string{"ORD-1"}, victim.orders())
}

// A shop may hand what it got on to the merchant API, with all headers, and may live on the sandbox's machine, even
// at its port.
func TestOtherServersOfThisMachineGetCallbacks(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(srv.URL, "http://"))
	require.NoError(t, err)
	shop := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ask := c.request(http.MethodGet, "/api/checkout/"+r.PostFormValue("checkoutId"), "")
		ask.Header.Set("User-Agent", r.UserAgent())
		if asked := c.send(ask); asked.text("status") != "SUCCESS" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	beside, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil { // not every system has more of them, and the port may be taken
		beside = shop.Listener
	}
	shop.Listener = beside
	shop.Start()
	t.Cleanup(shop.Close)

	id := c.create("ORD-1", shop.URL+"/callback")
	srv.Pay(id, goodCard)
	srv.Advance(0)
	require.Equal(t, store.Delivered, srv.Callbacks(id)[0].Status, "%+v", srv.Callbacks(id)[0].Attempts)
}

// The hosted page is of the same origin as the control API, so a browser would let its form through.
func TestBrowserBringsNoCallbackToTheSandbox(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: b, callback: {via: browser}}\n").status)
	page := func(callback string) string {
		t.Helper()
		id := c.create("ORD-1", callback)
		srv.Pay(id, goodCard)
		return c.get("/checkout-link/" + id + "/result").raw
	}
	require.Contains(t, page("http://127.0.0.1:9/cb"), `data-testid="return-form"`)
	require.NotContains(t, page(srv.URL+"/_mock/reset"), `data-testid="return-form"`)

	for path, want := range map[string]string{
		"/_mock/reset": "forms are refused here", "/_mock/ui/do/default-scenarios": "Only the dashboard&#39;s own " +
			"forms are taken",
	} {
		req := c.request(http.MethodPost, path, "")
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for name, value := range map[string]string{
			"Origin": srv.URL, "Sec-Fetch-Site": "same-origin",
			"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
		} {
			req.Header.Set(name, value)
		}
		got := c.send(req)
		require.Equal(t, http.StatusForbidden, got.status, path)
		require.Contains(t, got.raw, want)
	}
}
