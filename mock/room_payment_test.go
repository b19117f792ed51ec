package mock_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

// refunds asks for a refund of some of the payment and answers its id.
func (c *client) refunds(id, amount string) string {
	c.t.Helper()
	r := c.post("/api/payment/"+id+"/refund", part(amount))
	require.Equal(c.t, http.StatusOK, r.status, r.raw)
	return r.text("paymentId")
}

// gone are those of the payments that the sandbox does not know any more.
func (c *client) gone(ids ...string) (gone []string) {
	c.t.Helper()
	for _, id := range ids {
		if c.get("/api/payment/"+id).status == http.StatusNotFound {
			gone = append(gone, id)
		}
	}
	return gone
}

func TestOldestFinishedPaymentsMakeRoom(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	c := clientOf(t, start(t, mock.Config{KeepCheckouts: 3, Logger: logger}))
	checkout := c.create("ORD-0", nowhere)
	reserved := c.pays("/api/pre-authorization", "ORD-1")
	waits := c.pays("/api/payment", "ORD-2")
	pending := c.refunds(waits, "1")
	refunded := c.pays("/api/payment", "ORD-3")
	refund := c.refunds(refunded, "1")
	require.Equal(t, http.StatusOK, c.post("/_mock/payments/"+refund+"/approve", "").status)
	require.Empty(t, c.gone(reserved, waits, pending, refunded, refund), "three payments are kept")

	last := ""
	for i := range 5 {
		last = c.pays("/api/payment", fmt.Sprint("ORD-1", i))
	}
	require.Equal(t, []string{refunded, refund}, c.gone(reserved, waits, pending, refunded, refund, last))
	require.Equal(t, "404 NOT_FOUND", fault(c.post("/api/payment/"+refunded+"/refund", part("1"))))
	require.Equal(t, http.StatusOK, c.get("/api/checkout/"+checkout).status)
	require.Equal(t, 1, strings.Count(log.String(), "the oldest finished payments without a checkout are forgotten"))

	// What was open goes once it has its end.
	require.Equal(t, http.StatusOK, c.post("/_mock/payments/"+pending+"/reject", "").status)
	require.Equal(t, http.StatusOK, c.post("/api/payment/"+reserved+"/cancel", "").status)
	for i := range 3 {
		c.pays("/api/payment", fmt.Sprint("ORD-2", i))
	}
	require.Equal(t, []string{reserved, waits, pending, last}, c.gone(reserved, waits, pending, last))
	require.Len(t, c.get("/_mock/payments").body["payments"], 4, "three, and that of the checkout")
}

func TestCheckoutStaysUntilItsRefundIsDecided(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{KeepCheckouts: 1})
	srv.Freeze()
	c := clientOf(t, srv)
	id := c.create("ORD-1", newShop(t).callback())
	srv.Pay(id, goodCard)
	srv.Advance(0)
	refund := c.refunds(c.get("/api/checkout/"+id).text("paymentId"), "1")
	c.create("ORD-2", nowhere)
	require.Equal(t, []string{"ORD-2", "ORD-1"}, c.orders(), "its refund waits for approval")

	require.Equal(t, http.StatusOK, c.post("/_mock/payments/"+refund+"/approve", "").status)
	c.create("ORD-3", nowhere)
	require.Equal(t, []string{"ORD-3", "ORD-2"}, c.orders())
	require.Equal(t, []string{refund}, c.gone(refund))
}

func TestRequestsThatNeverComeAgainAreForgotten(t *testing.T) {
	t.Parallel()
	books := storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind())
	c := clientOf(t, start(t, mock.Config{Store: books, KeepCheckouts: 1}))
	refusal := "version: 1\nscenarios: [{name: down, when: {operation: payment}, create: {respond: {status: 503, " +
		"times: 2}}}]\n"
	require.Equal(t, http.StatusOK, c.put(refusal).status)
	for i := range store.FewestRuns + 2 {
		require.Equal(t, http.StatusServiceUnavailable, c.post("/api/payment", charge(fmt.Sprint("ORD-", i))).status)
	}

	hasRun := func(orderID string) error {
		return look(t, books, func(r store.Reader) error {
			_, err := r.Run(store.RequestRun("payment", orderID))
			return err
		})
	}
	require.ErrorIs(t, hasRun("ORD-0"), store.ErrNotFound)
	require.ErrorIs(t, hasRun("ORD-1"), store.ErrNotFound)
	require.NoError(t, hasRun("ORD-2"))
	require.NoError(t, hasRun(fmt.Sprint("ORD-", store.FewestRuns+1)))
}
