package openapi_test

import (
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
)

// documentedBody is PayPorter's own example.
const documentedBody = `{
"orderId": "ORD-12345",
"amount": 100.50,
"currency": "TRY",
"description": "Product purchase",
"callback": "https://example.com/payment-callback",
"maxInstallmentCount": 6,
"interestPaidByCustomer": true
}`

func BenchmarkCheckBody(b *testing.B) {
	op := operation(b, "createCheckout")
	bodies := map[string]string{
		"valid":    documentedBody,
		"smallest": `{"orderId":"ORD-1","amount":25,"currency":"TRY","callback":"https://shop.example/cb"}`,
		"invalid":  `{"orderId":"","amount":-5,"currency":"XYZ","callback":"shop.example"}`,
		"decimals": `{"orderId":"ORD-1","amount":1.005,"currency":"TRY","callback":"https://shop.example/cb"}`,
	}
	for name, body := range bodies {
		b.Run(name, func(b *testing.B) {
			data := []byte(body)
			b.ReportAllocs()
			for b.Loop() {
				op.CheckBody(data)
			}
		})
	}
}

// BenchmarkKin is what BenchmarkCheckBody/valid is to be compared with: the same body decoded by encoding/json and
// judged by kin-openapi alone, by the document as it is.
func BenchmarkKin(b *testing.B) {
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(b, err)
	request := spec.Components.Schemas["CreateCheckoutRequest"].Value
	data := []byte(documentedBody)
	b.ReportAllocs()
	for b.Loop() {
		var values map[string]any
		if err := json.Unmarshal(data, &values); err != nil {
			b.Fatal(err)
		}
		if err := request.VisitJSON(values); err != nil {
			b.Fatal(err)
		}
	}
}
