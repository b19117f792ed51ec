package mock_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

func TestAutomaticPayerPaysOnceTheCreateWasAnswered(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{Payer: mock.PayerAuto}), newShop(t)
	c := clientOf(t, srv)
	const checkouts = 20
	var all sync.WaitGroup
	for i := range checkouts {
		all.Go(func() { c.create(fmt.Sprintf("ORD-%d", i), merchant.callback()) })
	}
	all.Wait()
	c.await(fmt.Sprintf("kind=callback&status=DELIVERED&count=%d", checkouts))
	require.Len(t, merchant.received(), checkouts)
	seen := map[string]string{}
	for _, e := range entriesOf(c.get("/_mock/journal?limit=10000")) {
		id, kind := e["checkoutId"].(string), e["kind"].(string)
		seen[id] += kind + " "
	}
	for id, kinds := range seen {
		require.Equal(t, "create payment callback ", kinds)
		require.Equal(t, "SUCCESS", c.get("/api/checkout/"+id).text("status"))
	}
}

func TestAutomaticPayerWorksWithAFrozenClock(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{Payer: mock.PayerAuto}), newShop(t)
	srv.Freeze()
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	c.await("kind=callback&status=DELIVERED&checkoutId=" + id)
}

func TestCardsDecide(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback(), "maxInstallmentCount", "3")
	for body, want := range map[string]string{
		`{"card":"` + realCard + `"}`: "card: must be the number of a test card of this sandbox, never a real one, got a " +
			"value that looks like a card number",
		`{"card":"12"}`:               `card: must be the number of a test card of this sandbox, never a real one, got "12"`,
		`{"installmentCount":4}`:      "installmentCount: must be at most 3",
		`{"installmentCount":0}`:      "installmentCount: must be at least 1, got 0",
		`{"crad":"5421190122090656"}`: "crad: unknown key, did you mean \"card\"?",
	} {
		r := c.post("/_mock/checkouts/"+id+"/pay", body)
		require.Equal(t, http.StatusBadRequest, r.status, r.raw)
		require.Equal(t, []string{want}, r.faults())
	}
	require.Equal(t, "0", fmt.Sprint(c.get("/_mock/checkouts/" + id).body["attempts"]), "a mistake is no attempt")

	paid := c.post("/_mock/checkouts/"+id+"/pay", `{"card":"3744 2700-0000 003"}`)
	require.Equal(t, http.StatusOK, paid.status, paid.raw)
	got := c.get("/api/checkout/" + id)
	require.Equal(t, "AMEX", got.text("cardScheme"))
	require.Equal(t, "374427******0003", got.text("pan"))
}

func TestForcedOutcome(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	for body, want := range map[string]map[string]any{
		`{"status":"SUCCESS"}`: {"status": "SUCCESS", "resultCode": "SUCCESS", "resultMessage": "Successful"},
		`{"status":"FAILED"}`:  {"status": "FAILED", "resultCode": "05", "resultMessage": "Do not honour"},
		`{"status":"FAILED","resultCode":"51","resultMessage":"Not sufficient funds"}`: {
			"status":     "FAILED",
			"resultCode": "51", "resultMessage": "Not sufficient funds",
		},
		`{"status":"CANCELLED"}`: {
			"status": "CANCELLED", "resultCode": "CANCELLED",
			"resultMessage": "Cancelled by the customer",
		},
		`{"status":"PENDING_APPROVAL"}`: {
			"status": "PENDING_APPROVAL", "resultCode": "PENDING_APPROVAL",
			"resultMessage": "Payment queued for approval",
		},
		`{"status":"REJECTED"}`: {"status": "REJECTED", "resultCode": "REJECTED", "resultMessage": "Rejected"},
		`{"status":"CAPTURED"}`: {"status": "CAPTURED", "resultCode": "SUCCESS", "resultMessage": "Successful"},
	} {
		id := c.create("ORD-1", merchant.callback())
		r := c.post("/_mock/checkouts/"+id+"/outcome", body)
		require.Equal(t, http.StatusOK, r.status, r.raw)
		got := c.get("/api/checkout/" + id)
		for field, value := range want {
			require.Equal(t, value, got.body[field], body)
		}
	}
	id := c.create("ORD-2", merchant.callback())
	c.post("/_mock/checkouts/"+id+"/outcome", `{"status":"PENDING_APPROVAL"}`)
	require.Equal(t, http.StatusConflict, c.post("/_mock/checkouts/"+id+"/pay", "").status, "it is being processed")
	c.post("/_mock/checkouts/"+id+"/outcome", `{"status":"SUCCESS"}`)
	require.Equal(t, "SUCCESS", c.get("/api/checkout/"+id).text("status"))
	require.Equal(t, http.StatusConflict, c.post("/_mock/checkouts/"+id+"/outcome", `{"status":"FAILED"}`).status,
		"paid stays paid")
	for body, want := range map[string]string{
		``: "status: is required",
		`{"status":"success"}`: `status: must be one of SUCCESS, FAILED, PENDING_APPROVAL, CANCELLED, CAPTURED, ` +
			`REJECTED, got "success"`,
		`{"status":"ENROLLED"}`: `status: must be one of SUCCESS, FAILED, PENDING_APPROVAL, CANCELLED, CAPTURED, ` +
			`REJECTED, got "ENROLLED"`,
	} {
		require.Equal(t, []string{want}, c.post("/_mock/checkouts/"+id+"/outcome", body).faults())
	}
}

func TestAbandonedCheckoutWaitsForItsEnd(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	srv.Freeze()
	id := c.create("ORD-1", merchant.callback())
	require.Equal(t, http.StatusOK, c.post("/_mock/checkouts/"+id+"/abandon", "").status)
	require.Equal(t, "ENROLLED", c.get("/api/checkout/"+id).text("status"))
	require.Equal(t, http.StatusOK, c.post("/_mock/checkouts/"+id+"/expire", "").status)
	require.Equal(t, "CANCELLED", c.get("/api/checkout/"+id).text("status"))
	require.Equal(t, http.StatusConflict, c.post("/_mock/checkouts/"+id+"/abandon", "").status)
	require.Equal(t, http.StatusConflict, c.post("/_mock/checkouts/"+id+"/expire", "").status)
	require.Empty(t, merchant.received())
}
