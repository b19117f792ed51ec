package mock_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

func TestEveryCauseOfA401LooksTheSame(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{APIKey: "shop-1", APISecret: "s3cret"}))
	c.as("test_known").create("ORD-1", "http://127.0.0.1:9/cb")
	for name, credentials := range map[string][2]string{
		"nothing":                   {"", ""},
		"no key":                    {"", "s3cret"},
		"no secret":                 {"shop-1", ""},
		"no secret for a new key":   {"test_new", ""},
		"a wrong secret":            {"shop-1", "wrong"},
		"an unknown key":            {"shop-2", "s3cret"},
		"a test key, wrong secret":  {"test_known", "wrong"},
		"a key with a control char": {"test_\x01", "s"},
		"a very long key":           {"test_" + fmt.Sprintf("%0200d", 1), "s"},
	} {
		for _, call := range [][2]string{
			{"POST", "/api/checkout"},
			{"GET", "/api/checkout/123e4567-e89b-12d3-a456-426614174000"},
		} {
			req := c.request(call[0], call[1], "")
			req.Header["X-Api-Key"], req.Header["X-Api-Secret"] = []string{credentials[0]}, []string{credentials[1]}
			if name == "a key with a control char" {
				req.Header["X-Api-Key"] = []string{"test_ü"} // what a Go client lets through
			}
			r := c.send(req)
			require.Equal(t, http.StatusUnauthorized, r.status, name)
			delete(r.body, "requestId")
			require.Equal(t, map[string]any{
				"message": "valid X-API-KEY and X-API-SECRET headers are required", "messageCode": "UNAUTHORIZED",
				"errors": []any{},
			}, r.body, name)
		}
	}
}

// The answer does not tell which keys there are. Whoever reads the log is told what is wrong.
func TestLogSaysWhyCredentialsWereRefused(t *testing.T) {
	t.Parallel()
	for why, credentials := range map[string][2]string{
		"there is no X-API-KEY header":                       {"", "s3cret"},
		"there is no X-API-SECRET header":                    {"shop-1", ""},
		"the secret is not that of shop-1":                   {"shop-1", "a wrong one"},
		"there is no key shop-2; any that begins with test_": {"shop-2", "s3cret"},
		"X-API-KEY must be at most 128 characters, without":  {strings.Repeat("x", 129), "s3cret"},
		"there is no key 411111******1111; any that begins":  {"4111111111111111", "s3cret"},
	} {
		log := new(logBuffer)
		c := clientOf(t, start(t, mock.Config{
			APIKey: "shop-1", APISecret: "s3cret-of-shop-1", Logger: slog.New(slog.NewTextHandler(log, nil)),
		}))
		req := c.request("POST", "/api/checkout", "{}")
		req.Header["X-Api-Key"], req.Header["X-Api-Secret"] = []string{credentials[0]}, []string{credentials[1]}
		require.Equal(t, http.StatusUnauthorized, c.send(req).status)
		require.Contains(t, log.String(), "valid X-API-KEY and X-API-SECRET headers are required: "+why)
		require.NotContains(t, log.String(), "s3cret")
		require.NotContains(t, log.String(), "a wrong one")
	}
}

func TestTestKeysNeedNoSetUp(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			c := clientOf(t, srv).as(fmt.Sprintf("test_%d", i))
			id := c.create("ORD-1", "http://127.0.0.1:9/cb")
			require.Equal(t, "ENROLLED", c.get("/api/checkout/"+id).text("status"))
		})
	}
	all.Wait()
}

func TestMerchantsNeverSeeEachOther(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	mine, yours := clientOf(t, srv).as("test_mine"), clientOf(t, srv).as("test_yours")
	id := mine.create("ORD-1", merchant.callback())
	yours.create("ORD-2", merchant.callback())

	foreign := yours.get("/api/checkout/" + id)
	unknown := yours.get("/api/checkout/123e4567-e89b-12d3-a456-426614174000")
	require.Equal(t, http.StatusNotFound, foreign.status)
	delete(foreign.body, "requestId")
	delete(unknown.body, "requestId")
	require.Equal(t, unknown.body, foreign.body)
	require.Equal(t, unknown.header.Get("Content-Length"), foreign.header.Get("Content-Length"))

	for _, call := range []string{"pay", "expire", "abandon"} {
		require.Equal(t, http.StatusNotFound, yours.post("/_mock/checkouts/"+id+"/"+call, "").status)
	}
	require.Equal(t, http.StatusNotFound, yours.get("/_mock/checkouts/"+id).status)
	require.Equal(t, http.StatusOK, mine.post("/_mock/checkouts/"+id+"/pay", "").status)
	mine.await("kind=callback&status=DELIVERED&checkoutId=" + id)
	for _, path := range []string{
		"/_mock/journal?kind=create", "/_mock/journal?kind=callback", "/_mock/checkouts",
		"/_mock/callbacks",
	} {
		require.NotContains(t, yours.get(path).raw, id, path)
	}

	require.Equal(t, http.StatusOK, yours.post("/_mock/clock", `{"set":"2030-01-01T00:00:00Z","freeze":true}`).status)
	require.Equal(t, false, mine.get("/_mock/clock").body["frozen"])
	require.Equal(t, http.StatusOK, yours.post("/_mock/reset", "").status)
	require.Equal(t, "SUCCESS", mine.get("/api/checkout/"+id).text("status"))
}

func TestControlNamesTheMerchant(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	mine := c.as("test_mine")
	id := mine.create("ORD-1", "http://127.0.0.1:9/cb")
	plain, err := http.Get(c.base + "/_mock/checkouts/" + id + "?merchant=test_mine")
	require.NoError(t, err)
	plain.Body.Close()
	require.Equal(t, http.StatusOK, plain.StatusCode)
	require.Equal(t, http.StatusNotFound, c.get("/_mock/checkouts/"+id).status, "the configured merchant has "+
		"another journal")

	paid := c.post("/_mock/checkouts/"+id+"/pay?merchant=test_mine", `{}`)
	require.Equal(t, "test_mine", paid.text("merchant"), "whoever reads the answer alone sees whose checkout it was")
	sale := mine.pays("/api/payment", "ORD-2")
	require.Equal(t, "test_mine", c.get("/_mock/payments/"+sale+"?merchant=test_mine").text("merchant"))

	unknown := c.get("/_mock/clock?merchant=live_key")
	require.Equal(t, http.StatusNotFound, unknown.status)
	require.Contains(t, unknown.text("message"), "test_")

	t.Run("before its first request", func(t *testing.T) {
		c := clientOf(t, &mock.Test{Server: &mock.Server{URL: c.base}}).as("test_early")
		require.Equal(t, http.StatusOK, c.post("/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`).status)
		id := c.create("ORD-1", "http://127.0.0.1:9/cb")
		require.Equal(t, "2026-01-31T12:00:00Z", c.get("/_mock/checkouts/"+id).text("createdAt"))
	})
}

func TestResetForgetsTheMerchant(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t, http.StatusInternalServerError)
	c := clientOf(t, srv)
	srv.Freeze()
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	srv.Advance(time.Minute)
	require.Equal(t, http.StatusOK, c.post("/_mock/reset?keep=scenarios", "").status)

	require.Equal(t, http.StatusNotFound, c.get("/api/checkout/"+id).status)
	require.Empty(t, c.get("/_mock/checkouts").body["checkouts"])
	require.Empty(t, c.get("/_mock/callbacks").body["callbacks"])
	clock := c.get("/_mock/clock")
	require.Equal(t, false, clock.body["frozen"])
	require.NotContains(t, clock.body, "nextDue")
	require.Equal(t, id, c.create("ORD-1", merchant.callback()), "random values begin anew")
}

func TestSeedMakesARunAgain(t *testing.T) {
	t.Parallel()
	ids := func(seed uint64) string {
		c := clientOf(t, start(t, mock.Config{Seed: seed}))
		return c.create("ORD-1", "http://127.0.0.1:9/cb") + c.create("ORD-2", "http://127.0.0.1:9/cb")
	}
	require.Equal(t, ids(7), ids(7))
	require.NotEqual(t, ids(7), ids(8))
}
