package mock_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// orders are those of the merchant's checkouts, newest first.
func (c *client) orders() []string {
	c.t.Helper()
	var all []string
	for _, v := range c.get("/_mock/checkouts").body["checkouts"].([]any) {
		all = append(all, v.(map[string]any)["orderId"].(string))
	}
	return all
}

func TestOldestFinishedCheckoutsMakeRoom(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	srv, merchant := start(t, mock.Config{KeepCheckouts: 3, Logger: logger}), newShop(t)
	srv.Freeze()
	c := clientOf(t, srv)
	c.create("open", merchant.callback())
	var ids []string
	for i := range 4 {
		id := c.create(fmt.Sprintf("paid-%d", i), merchant.callback(), "description", `"mock:success"`)
		srv.Pay(id, goodCard)
		srv.Advance(0)
		ids = append(ids, id)
	}
	require.Equal(t, []string{"paid-3", "paid-2", "open"}, c.orders())
	require.Equal(t, http.StatusNotFound, c.get("/api/checkout/"+ids[0]).status)
	require.Equal(t, "SUCCESS", c.get("/api/checkout/"+ids[3]).text("status"))
	require.Equal(t, 1, strings.Count(log.String(), "the oldest finished checkouts are forgotten"))
}

func TestCheckoutStaysUntilItsCallbackWasTold(t *testing.T) {
	t.Parallel()
	srv, dead := start(t, mock.Config{KeepCheckouts: 1}), newShop(t, http.StatusServiceUnavailable)
	srv.Freeze()
	c := clientOf(t, srv)
	id := c.create("paid", dead.callback())
	srv.Pay(id, goodCard)
	srv.Advance(time.Minute)
	c.create("open", dead.callback())
	require.Equal(t, []string{"open", "paid"}, c.orders(), "its callback is to be sent again")

	srv.Advance(72 * time.Hour)
	c.create("another", dead.callback())
	require.NotContains(t, c.orders(), "paid")
}
