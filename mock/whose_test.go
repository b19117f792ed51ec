package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// TestCallWithoutAKeyNamesItsMerchant is a test that drives its own key's checkout and forgets to say whose it is.
func TestCallWithoutAKeyNamesItsMerchant(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{})).as("test_ci")
	id := c.create("ORD-1", nowhere)
	paid := c.post("/_mock/checkouts/"+id+"/pay", "{}")
	require.Equal(t, "test_ci", paid.header.Get("X-Mock-Merchant"))
	paymentID := paid.body["payment"].(map[string]any)["paymentId"].(string)
	delivery := c.get("/_mock/callbacks").body["callbacks"].([]any)[0].(map[string]any)["id"].(string)

	const unknown = "123e4567-e89b-12d3-a456-426614174000"
	for call, want := range map[string]string{
		"POST /_mock/checkouts/" + id + "/pay":                  "no checkout with this id for test_key; test_ci has one",
		"POST /_mock/checkouts/" + strings.ToUpper(id) + "/pay": "no checkout with this id for test_key; test_ci has one",
		"POST /_mock/checkouts/" + id + "/expire":               "no checkout with this id for test_key; test_ci has one",
		"GET /_mock/checkouts/" + id:                            "no checkout with this id for test_key; test_ci has one",
		"GET /_mock/scenarios/explain?checkoutId=" + id:         "no checkout with this id for test_key; test_ci has one",
		"GET /_mock/scenarios/explain":                          "no checkout yet for test_key; give a paymentId",
		"GET /_mock/payments/" + paymentID:                      "no payment with this id for test_key; test_ci has one",
		"POST /_mock/payments/" + paymentID + "/approve":        "no payment with this id for test_key; test_ci has one",
		"GET /_mock/callbacks/" + delivery:                      "no callback with this id for test_key; test_ci has one",
		"POST /_mock/callbacks/" + delivery + "/redeliver":      "no callback with this id for test_key; test_ci has one",
		"GET /_mock/checkouts/" + unknown:                       "no checkout with this id for test_key",
		"GET /_mock/checkouts/" + id + "?merchant=test_b":       "no checkout with this id for test_b; test_ci has one",
		"GET /_mock/journal/wait?timeout=0s&orderId=ORD-1": "of test_key with orderId=ORD-1, saw 0; nothing else happened; " +
			"test_ci had it",
		"GET /_mock/journal/wait?timeout=0s&kind=callback&checkoutId=" + id: "; test_ci had it",
		"GET /_mock/journal/wait?timeout=0s&orderId=ORD-2": "of test_key with orderId=ORD-2, saw 0; " +
			"nothing else happened",
	} {
		method, path, _ := strings.Cut(call, " ")
		req := c.request(method, path, map[string]string{"GET": "", "POST": "{}"}[method])
		req.Header.Del("X-API-KEY")
		r := c.send(req)
		require.Contains(t, []int{http.StatusNotFound, http.StatusRequestTimeout}, r.status, "%s: %s", call, r.raw)
		require.Contains(t, r.text("message")+".", want, call)
		if strings.Contains(want, "test_ci") {
			require.Contains(t, r.text("message"), "(?merchant=test_ci)", call)
		} else {
			require.NotContains(t, r.text("message"), "test_ci", call)
		}
		require.Contains(t, []string{"test_key", "test_b"}, r.header.Get("X-Mock-Merchant"), call)
	}

	// The merchant API tells nobody of another merchant.
	asked := c.as("test_b").get("/api/checkout/" + id)
	require.Equal(t, "there is no checkout with this id", asked.text("message"))
}
