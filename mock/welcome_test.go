package mock_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// GET / says what there is: every operation that is served, and what it does, from the document.
func TestRootListsWhatThereIs(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	got := c.get("/").raw
	for _, want := range []string{
		"A merchant sends X-API-KEY and X-API-SECRET", "POST /api/checkout ", "Create a checkout link", "GET  /api/checkout/{checkoutId} ",
		"POST /api/payment/{paymentId}/refund ", "Ask for a refund", "GET  /checkout-link/{checkoutId} ", "GET  /docs ",
	} {
		require.Contains(t, got, want)
	}
	require.Equal(t, 11, strings.Count(got, " /api/"), got)
}
