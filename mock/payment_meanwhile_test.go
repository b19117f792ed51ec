package mock_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// A result is forced for the payment that is named. One that has failed meanwhile keeps its result, and the checkout's
// next payment is not given it.
func TestOutcomeOfAPaymentThatFailsMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	merchant, books := newShop(t), newMeanwhileBooks(t)
	srv := start(t, mock.Config{Store: books})
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	first := srv.Checkout(id).Payment.ID

	done := books.happens(func() { srv.Pay(id, declinedCard) })
	forced := c.post("/_mock/payments/"+first+"/outcome", `{"status": "SUCCESS"}`)

	require.True(t, done())
	require.Equal(t, http.StatusConflict, forced.status, forced.raw)
	require.Equal(t, "FAILED", c.payment(first).text("status"))
	require.Equal(t, payment.Open, srv.Checkout(id).State)
}
