package openapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
)

// leaks are words that only a library or a programmer would say.
var leaks = [...]string{"schema", "json:", "regular expression", "invalid character", "jsontext", "float64", "%!"}

func FuzzCheckBody(f *testing.F) {
	for _, body := range []string{
		documentedBody, ``, `null`, `[]`, `{}`, `{"orderId":"ORD-1"`, `{"amount":1e400}`, `{"amount":-1E-99999999999}`,
		`{"orderId":"A","amount":1.005,"currency":"TRY","callback":"https://shop.example/"}`,
		`{"orderId":"A","amount":100,"currency":"JPY","callback":"http://[::1]:1/","description":null}`,
		`{"orderId":"4111111111111111","amount":4111111111111111,"currency":"4111-1111-1111-1111","4111111111111111":0}`,
		`{"orderId":null,"amount":null,"currency":null,"callback":null}`,
		`{"orderId":[],"amount":{},"currency":0,"callback":false,"maxInstallmentCount":0.1,"interestPaidByCustomer":{}}`,
		`{"amount":1,"amount":1,"\u0061mount":2}`, `{"":{"":[[[[]]]]}}`, "{\"a\":\"\xff\"}", `{"a":"\ud800"}`, "\ufeff{}",
		`{"orderId":"` + strings.Repeat("9", 200) + `"}`, strings.Repeat(`{"a":[`, 40), "{\"\u202e\":1}", `{"amount":00}`,
		`{"callback":"https://a:b@c/%zz"}`, `{"callback":"//x"}`, `{"amount":0.1e2e3}`, `{"amount":99999999999999999999.99}`,
	} {
		f.Add([]byte(body))
	}
	op := operation(f, "createCheckout")
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(f, err)
	request := spec.Components.Schemas["CreateCheckoutRequest"].Value

	f.Fuzz(func(t *testing.T, data []byte) {
		body, violations := op.CheckBody(data)
		for _, v := range violations {
			require.NotEmpty(t, v.Message)
			require.NotEmpty(t, v.Rule)
			require.NotEqual(t, "form", v.Rule, "every fault has a sentence of its own")
			for _, leak := range leaks {
				echoed := strings.Contains(strings.ToLower(string(data)), leak) || strings.ContainsAny(string(data), `\%`)
				require.True(t, echoed || !strings.Contains(v.String(), leak), v.String())
			}
		}
		again, same := op.CheckBody(data)
		require.Equal(t, violations, same, "the order of the violations is stable")
		require.Equal(t, body.Unknown, again.Unknown)
		if len(violations) == 0 {
			for _, name := range request.Required {
				require.Contains(t, body.Values, name)
			}
			require.True(t, json.Valid(data))
			require.NoError(t, request.VisitJSON(body.Values), "kin-openapi alone takes it too")
		}
	})
}
