package mock_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

func TestJournalShowsBothDirections(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	c.await("kind=callback&checkoutId=" + id)
	c.get("/api/checkout/" + id)

	entries := entriesOf(c.get("/_mock/journal?orderId=ORD-1"))
	var kinds []string
	for i, e := range entries {
		kinds = append(kinds, e["kind"].(string))
		require.Equal(t, id, e["checkoutId"], "%d", i)
	}
	require.Equal(t, []string{"create", "payment", "callback", "status"}, kinds)
	sent := entries[2]["request"].(map[string]any)
	require.Equal(t, merchant.callback(), sent["url"])
	require.Equal(t, "checkoutId="+id, sent["body"])
	require.Equal(t, "DELIVERED", entries[2]["status"])
	require.Equal(t, srv.Callbacks(id)[0].ID, entries[2]["deliveryId"])

	t.Run("narrowed", func(t *testing.T) {
		for query, want := range map[string]int{
			"kind=status": 1, "kind=status&status=SUCCESS": 1, "kind=status&status=200": 1, "status=404": 0, "after=2": 2,
			"checkoutId=" + strings.ToUpper(id): 4, "checkoutId=123e4567-e89b-12d3-a456-426614174000": 0, "limit=1": 1,
		} {
			require.Len(t, entriesOf(c.get("/_mock/journal?"+query)), want, query)
		}
		for query, want := range map[string]string{
			"kind=callbak": `kind: must be one of create, status, request, page, bank, payment, callback, webhook, forge, ` +
				`control, sale, 3ds, pre-authorization, capture, cancel, refund, installment-options, got "callbak"`,
			"checkoutId=1": `checkoutId: must be a UUID, got "1"`,
			"after=x":      `after: must be a whole number, got "x"`,
			"limit=0":      "limit: must be at least 1, got 0",
		} {
			r := c.get("/_mock/journal?" + query)
			require.Equal(t, http.StatusBadRequest, r.status, query)
			require.Equal(t, []string{want}, r.faults())
		}
	})
}

func TestJournalKeepsNoSecret(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{APISecret: "very-secret", AdminToken: "admin-secret-of-16"}), newShop(t)
	c := clientOf(t, srv)
	c.create("ORD-1", merchant.callback(), "pan", `"`+realCard+`"`, "description", `"card `+realCard+`"`)
	c.create("ORD-3", merchant.callback(), "description", `"4929%252D1111%252D1111%252D1113 and %4222222222222"`)
	c.post("/api/checkout", order("ORD-2", "https://user:hidden-pw@shop.example/cb"))
	c.get("/api/checkout/123e4567-e89b-12d3-a456-426614174000?pan=" + realCard + "&cvv=hidden-cvv")
	c.get("/api/nothing/" + realCard)
	control := func(method, path, body string) reply {
		req := c.request(method, path, body)
		req.Header.Set("Authorization", "Bearer admin-secret-of-16")
		return c.send(req)
	}
	id := control("GET", "/_mock/checkouts", "").body["checkouts"].([]any)[0].(map[string]any)["checkoutId"].(string)
	refused := control("POST", "/_mock/checkouts/"+id+"/pay", `{"card":"`+realCard+`"}`)
	require.Equal(t, []string{"card: must be the number of a test card of this sandbox, never a real one, got a value " +
		"that looks like a card number"}, refused.faults())
	journal := control("GET", "/_mock/journal", "").raw
	require.Contains(t, journal, "ORD-2")
	for _, secret := range []string{
		realCard, "very-secret", "admin-secret-of-16", "hidden-pw", "hidden-cvv", "252D1111",
		"222222222",
	} {
		require.NotContains(t, journal, secret)
		require.NotContains(t, refused.raw, secret)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())

	t.Run("answers when it happens", func(t *testing.T) {
		waited := make(chan reply)
		go func() {
			waited <- c.get("/_mock/journal/wait?timeout=20s&kind=payment&status=SUCCESS&checkoutId=" + id)
		}()
		srv.Pay(id, goodCard)
		r := <-waited
		require.Equal(t, http.StatusOK, r.status, r.raw)
		require.Len(t, entriesOf(r), 1)
	})
	t.Run("answers at once when it has happened", func(t *testing.T) {
		require.Equal(t, http.StatusOK, c.get("/_mock/journal/wait?timeout=0s&kind=payment&orderId=ORD-1").status)
	})
	t.Run("tells what it saw instead", func(t *testing.T) {
		c.await("kind=callback&checkoutId=" + id)
		r := c.get("/_mock/journal/wait?timeout=1ms&kind=callback&status=EXHAUSTED&count=2&checkoutId=" + id)
		require.Equal(t, http.StatusRequestTimeout, r.status)
		require.Equal(t, "TIMED_OUT", r.text("messageCode"))
		waited, rest, _ := strings.Cut(strings.TrimPrefix(r.text("message"), "waited "), " ")
		require.Equal(t, "for 2 entries of test_key with kind=callback status=EXHAUSTED checkoutId="+id+
			", saw 0; the latest was: create ENROLLED, payment SUCCESS, callback DELIVERED", rest)
		d, err := time.ParseDuration(waited)
		require.NoError(t, err, r.raw)
		require.GreaterOrEqual(t, d, time.Millisecond)
		require.Len(t, r.body["seen"], 3)
	})
	t.Run("refuses a bad time", func(t *testing.T) {
		for _, timeout := range []string{"x", "-1s", "6m"} {
			r := c.get("/_mock/journal/wait?timeout=" + timeout)
			require.Equal(t, []string{`timeout: must be a duration from 0s to 5m, such as 10s, got "` + timeout + `"`},
				r.faults())
		}
	})
}
