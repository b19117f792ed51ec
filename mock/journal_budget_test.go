package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// Many runs with a key each have been made; the one that runs now sees all it does.
func TestNewestKeyHasAWholeJournal(t *testing.T) {
	t.Parallel()
	own := clientOf(t, mock.Start(t, mock.WithJournalBytes(mock.Config{}, 1<<20)))
	note := strings.Repeat("x", 3<<10)
	ask := func(c *client, orderID string) {
		r := c.request(http.MethodPost, "/api/checkout", order(orderID, "http://127.0.0.1:1/"))
		r.Header.Set("X-Note", note)
		require.Equal(t, http.StatusOK, c.send(r).status)
	}
	for i := range 100 {
		c := own.as(fmt.Sprintf("test_run%d", i))
		for n := range 6 {
			ask(c, fmt.Sprint("ORD-", n))
		}
		require.Len(t, entriesOf(c.get("/_mock/journal")), 6, "key %d", i)
		require.Equal(t, http.StatusOK, c.get("/_mock/journal/wait?kind=create&count=6&timeout=0s").status, "key %d", i)
	}
	oldest := entriesOf(own.as("test_run0").get("/_mock/journal"))
	require.Len(t, oldest, 1, "the longest idle gave way")
	require.Equal(t, "ORD-5", oldest[0]["orderId"], "with its oldest entries first")
	require.Len(t, entriesOf(own.as("test_run90").get("/_mock/journal")), 6, "others were idle for longer")
}

func TestHugeHeadersLeaveTheJournalAlone(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	own := clientOf(t, srv)
	location := make(chan string, 4)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", <-location)
	}))
	t.Cleanup(receiver.Close)

	location <- "/" + strings.Repeat("a", 40<<10)
	location <- "/" + strings.Repeat("b", 9<<20)
	for i, want := range []string{"", "the answer's headers are longer than 65536 bytes"} {
		id := own.create(fmt.Sprint("ORD-", i), receiver.URL)
		srv.Pay(id, goodCard)
		got := entriesOf(own.await("kind=callback&checkoutId=" + id))
		if want != "" {
			require.Equal(t, want, got[0]["error"])
			continue
		}
		shown := got[0]["response"].(map[string]any)["headers"].(map[string]any)["Location"].([]any)[0].(string)
		require.Less(t, len(shown), 5<<10)
		require.True(t, strings.HasSuffix(shown, "aaa… (40961 bytes)"), shown[len(shown)-40:])
	}

	r := own.request(http.MethodGet, "/api/checkout/"+noCheckout+"?x="+strings.Repeat("u", 20<<10), "")
	for i := range 6 {
		r.Header.Set(fmt.Sprintf("X-Note-%02d", i), strings.Repeat("n", 5<<10))
	}
	require.Equal(t, http.StatusNotFound, own.send(r).status)
	entries := entriesOf(own.get("/_mock/journal"))
	require.Equal(t, "create", entries[0]["kind"], "nothing is gone")
	asked := entries[len(entries)-1]["request"].(map[string]any)
	require.Contains(t, asked["url"], "… (205")
	require.Less(t, len(fmt.Sprint(asked)), 32<<10)
	require.Contains(t, fmt.Sprint(asked["headers"]), "(left out):[3 headers")
}
