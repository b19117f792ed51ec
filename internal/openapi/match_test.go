package openapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

const pathsDocument = `
openapi: 3.0.3
info: {title: Paths, version: "1"}
paths:
  /payment:
    post: {operationId: createPayment, responses: &done {"200": {description: done}}}
  /payment/{paymentId}:
    parameters: &payment [{name: paymentId, in: path, required: true, schema: {type: string}}]
    get: {operationId: getPayment, responses: *done}
    post: {operationId: changePayment, responses: *done}
  /payment/3ds:
    post: {operationId: startThreeDSecure, responses: *done}
  /payment/{paymentId}/refund/{part}:
    parameters: [{name: paymentId, in: path, required: true, schema: {type: string}}, {name: part, in: path, required: true, schema: {type: string}}]
    post: {operationId: refundPayment, responses: *done}
`

func TestMatchFindsTheOperationOfARequest(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(pathsDocument))
	require.NoError(t, err)
	for request, want := range map[[2]string]struct {
		id     string
		params map[string]string
	}{
		{"POST", "/payment"}:               {"createPayment", map[string]string{}},
		{"GET", "/payment/p-1"}:            {"getPayment", map[string]string{"paymentId": "p-1"}},
		{"GET", "/payment/3ds"}:            {"getPayment", map[string]string{"paymentId": "3ds"}},
		{"POST", "/payment/3ds"}:           {"startThreeDSecure", map[string]string{}},
		{"POST", "/payment/p-1"}:           {"changePayment", map[string]string{"paymentId": "p-1"}},
		{"POST", "/payment/p-1/refund/2"}:  {"refundPayment", map[string]string{"paymentId": "p-1", "part": "2"}},
		{"GET", "/payment"}:                {},
		{"HEAD", "/payment/p-1"}:           {},
		{"GET", "/payment/"}:               {},
		{"POST", "/payment/"}:              {},
		{"GET", "/payment/p-1/"}:           {},
		{"GET", "/Payment/p-1"}:            {},
		{"POST", "payment"}:                {},
		{"POST", ""}:                       {},
		{"POST", "/payment/p-1/refund"}:    {},
		{"POST", "/payment//refund/2"}:     {},
		{"POST", "/other/p-1/refund/2"}:    {},
		{"POST", "/payment/p-1/refund/2/"}: {},
	} {
		op, params, ok := doc.Match(request[0], request[1])
		require.Equal(t, want.id != "", ok, "%s", request)
		require.Equal(t, want.params, params, "%s", request)
		if ok {
			require.Equal(t, want.id, op.ID, "%s", request)
			if request[1] != "/payment/3ds" {
				require.Equal(t, request[1], op.PathWith(params))
			}
		}
	}
}

func TestPathWithFillsInWhatIsGiven(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(pathsDocument))
	require.NoError(t, err)
	op, ok := doc.Operation("refundPayment")
	require.True(t, ok)
	require.Equal(t, "POST /payment/{paymentId}/refund/{part}", op.Title())
	require.Equal(t, []string{"paymentId", "part"}, op.PathParams())
	require.Equal(t, "/payment/p-1/refund/{part}", op.PathWith(map[string]string{"paymentId": "p-1", "other": "2"}))
}
