package mock_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

func TestRateLimitIsEachMerchantsByItsClock(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{RateLimit: mock.RateLimit{Requests: 3, Per: time.Minute}})
	c := clientOf(t, srv)
	c.post("/_mock/clock", `{"freeze": true}`)
	for range 3 {
		c.create("ORD-1", nowhere)
	}
	refused := c.post("/api/checkout", order("ORD-2", nowhere))
	require.Equal(t, http.StatusTooManyRequests, refused.status)
	require.Equal(t, "TOO_MANY_REQUESTS", refused.text("messageCode"))
	require.Equal(t, "the limit is 3 requests in 1m0s; come back when Retry-After says", refused.text("message"))
	require.Equal(t, "20", refused.header.Get("Retry-After"))
	require.Len(t, c.get("/_mock/checkouts").body["checkouts"], 3, "nothing is done for a request that is refused")
	require.Contains(t, c.get("/_mock/ui/violations").raw, "No violation yet.", "to be fast is no breach of it")

	c.as("test_another").create("ORD-3", nowhere)
	srv.Advance(19 * time.Second)
	require.Equal(t, http.StatusTooManyRequests, c.post("/api/checkout", order("ORD-2", nowhere)).status)
	srv.Advance(time.Second)
	c.create("ORD-2", nowhere)
	c.post("/_mock/reset", "")
	for range 3 {
		c.create("ORD-1", nowhere)
	}
}
