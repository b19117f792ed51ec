package relay_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/relay"
)

func TestRelayPassesCallbacks(t *testing.T) {
	t.Parallel()
	srv, upstream := sandbox(t)
	heard := make(chan string, 1)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		heard <- req.URL.String() + " " + string(body)
		w.Header().Set("Set-Cookie", "a=b")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "thanks")
	}))
	t.Cleanup(shop.Close)
	r := &recorder{}
	r.passage = func(c *relay.Call) relay.Passage { return relay.Passage{Callback: r.watch} }
	server := start(t, upstream, r)

	_, created, err := say(t, srv, http.MethodPost, server.URL+"/api/checkout",
		`{"orderId":"ORD-1", "amount":100.50, "currency":"TRY", "callback": "`+shop.URL+`/cb?order=1"}`)
	require.NoError(t, err)
	id := strings.Split(created, `"`)[3]
	srv.Pay(id, "5421190122090656")
	srv.Advance(time.Minute)

	require.Equal(t, "/cb?order=1 checkoutId="+id, <-heard)
	callback := r.over(t, 2)[1]
	require.Equal(t, []string{"payporter", "merchant", "callback"}, []string{callback.From, callback.To, callback.Title})
	require.Equal(t, shop.URL+"/cb?order=1", callback.Request.URL)
	require.Equal(t, "checkoutId="+id, callback.Request.Body.String())
	require.Equal(t, http.StatusAccepted, callback.Response.Status)
	require.Equal(t, "a=b", callback.Response.Header("Set-Cookie"), "it is told whole, whatever of it is passed on")
}

func TestRelayLeavesCallbacksAloneThatItCannotPass(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no JSON": `{"callback`, "no text": `{"callback":7}`, "no URL": `{"callback":"nowhere"}`, "none": `{"a":1}`,
		"spelled otherwise": `{"Callback":"http://127.0.0.1/"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{}
			r.passage = func(*relay.Call) relay.Passage { return relay.Passage{Callback: r.watch} }
			server := start(t, echo(), r)
			_, got, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", body)
			require.NoError(t, err)
			require.Equal(t, body, got)
		})
	}
	t.Run("an address that nobody announced", func(t *testing.T) {
		t.Parallel()
		server := start(t, echo(), &recorder{})
		for _, path := range []string{"/_relay/0", "/_relay/", "/_relay/-1", "/_relay/x"} {
			status, _, err := say(t, nil, http.MethodPost, server.URL+path, "a=b")
			require.NoError(t, err)
			require.Equal(t, http.StatusNotFound, status, path)
		}
	})
}

// What only looks like the callback stays: `@` is the address of the shop, `#` the one that stands for it.
func TestRelayPutsItsAddressInPlaceOfTheCallbackAlone(t *testing.T) {
	t.Parallel()
	const shop = "http://127.0.0.1:1/cb"
	for name, body := range map[string]string{
		"the word as a text before it":    `{"description":"callback","note":"@","callback":"#"}`,
		"one within another property":     `{"metadata":{"callback":"@"},"callback":"#"}`,
		"one within a list":               `{"items":[{"callback":"@"}],"callback" : "#" , "a":1}`,
		"one within another one alone":    `{"metadata":{"callback":"@"}}`,
		"one behind it":                   `{"callback":"#","metadata":{"callback":"@"}}`,
		"several, of which the last goes": `{"callback":"@","callback":"#"}`,
		"the last is none":                `{"callback":"@","callback":null}`,
		"spelled otherwise beside it":     `{"Callback":"http://127.0.0.1:2/","callback":"#"}`,
		"escapes in the name":             `{"note":"@","callb\u0061ck":"#"}`,
		"a list of objects":               `[{"callback":"@"}]`,
		"more behind the object":          `{"callback":"@"} {"callback":"@"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{}
			r.passage = func(*relay.Call) relay.Passage { return relay.Passage{Callback: r.watch} }
			server := start(t, echo(), r)
			want := strings.NewReplacer("@", shop, "#", server.URL+"/_relay/0").Replace(body)
			sent := strings.NewReplacer("@", shop, "#", shop).Replace(body)

			_, got, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", sent)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestRelayTellsItsCallbacksFromThoseOfAnother(t *testing.T) {
	t.Parallel()
	heard := make(chan string, 9)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		heard <- req.URL.Path + " " + req.Header.Get("X-Event-Id")
	}))
	t.Cleanup(shop.Close)
	r := &recorder{}
	r.passage = func(*relay.Call) relay.Passage { return relay.Passage{Callback: r.watch, Shared: true} }
	server := startAs(t, echo(), r, "token-")
	order := func(path string) string {
		_, got, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", `{"callback":"`+shop.URL+path+`"}`)
		require.NoError(t, err)
		return strings.Split(got, `"`)[3]
	}

	first, second := order("/a"), order("/b")
	require.Equal(t, server.URL+"/_relay/token-0", first)
	require.Equal(t, []string{first, second}, []string{order("/a"), order("/b")}, "one address stands for each URL")

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, second, strings.NewReader("checkoutId=1"))
	require.NoError(t, err)
	req.Header.Set("X-Event-Id", "7")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, "/b 7", <-heard, "headers come along")

	status, _, err := say(t, nil, http.MethodPost, server.URL+"/_relay/other-0", "checkoutId=1")
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, status)
}
