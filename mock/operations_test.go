package mock_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/mock"
)

// payout is a path with an operation that no sandbox serves.
const payout = `
  /api/payout/{id}:
    post:
      operationId: createPayout
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: done}}
`

// described is openapi.yaml with some text in place of another.
func described(t *testing.T, replaced ...string) []byte {
	t.Helper()
	document := payporter.OpenAPI()
	for i := 0; i < len(replaced); i += 2 {
		require.Contains(t, string(document), replaced[i])
		document = bytes.ReplaceAll(document, []byte(replaced[i]), []byte(replaced[i+1]))
	}
	return document
}

func TestADescriptionHasWhatIsServedAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		document []byte
		want     []string
	}{
		"one more": {described(t, "\npaths:\n", "\npaths:"+payout), []string{
			`the API description has the operation "createPayout" (POST /api/payout/{id}), which this sandbox does not ` +
				`serve; take it out`,
		}},
		"one renamed": {described(t, "operationId: getCheckout", "operationId: readCheckout"), []string{
			`the API description lacks the operation "getCheckout", which this sandbox serves; put it back, as ` +
				`openapi.yaml has it`,
			`the API description has the operation "readCheckout" (GET /api/checkout/{checkoutId}), which this sandbox ` +
				`does not serve`,
		}},
		"one more, and what breaks a document": {
			described(t, "\npaths:\n", "\npaths:"+payout, "version: ", "x-version: ", "operationId: getCheckout\n",
				"deprecated: false\n"), []string{
				`operation "createPayout"`, `lacks the operation "getCheckout"`, "GET /api/checkout/{checkoutId} has no " +
					"operationId", "version",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mock.New(mock.Config{OpenAPI: c.document})
			require.Error(t, err)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// What the sandbox does with a request follows from the description: its path is named there and nowhere else.
func TestPathsAreThoseOfTheDescription(t *testing.T) {
	t.Parallel()
	c := clientOf(t, mock.Start(t, mock.Config{OpenAPI: described(t, "  /api/checkout", "  /v2/orders")}))
	created := c.post("/v2/orders", order("ORD-1", nowhere))
	require.Equal(t, http.StatusOK, created.status, created.raw)
	require.Equal(t, "ENROLLED", c.get("/v2/orders/"+created.text("checkoutId")).text("status"))

	missed := c.post("/api/checkout", order("ORD-2", nowhere))
	require.Equal(t, http.StatusNotFound, missed.status, missed.raw)
	require.Contains(t, missed.text("message"), "POST /v2/orders, GET /v2/orders/{checkoutId}")

	var kinds []any
	for _, entry := range entriesOf(c.get("/_mock/journal")) {
		kinds = append(kinds, entry["kind"])
	}
	require.Equal(t, []any{"create", "status", "request"}, kinds)

	covered := c.get("/_mock/coverage").raw
	require.Contains(t, covered, "GET /v2/orders/{checkoutId} 200 status ENROLLED")
	require.NotContains(t, covered, "GET /v2/orders/{checkoutId} 200 transactionType REFUND",
		"no checkout makes such a payment")
	require.NotContains(t, covered, "/api/checkout")
}
