package contract_test

import (
	"net/http/httptest"
	"testing"

	"github.com/payporter-mock/payporter-mock/contract"
)

// A test of a shop judges it by the same rules as payporter-mock verify merchant.
func ExampleMerchant() {
	testShop := func(t *testing.T) { // in a test file: func TestShop(t *testing.T)
		contract.Merchant(t, contract.Config{
			Start: func(e contract.Environment) (string, error) {
				server := httptest.NewServer(&shop{payporter: e}) // your shop, with its payments at e.BaseURL
				t.Cleanup(server.Close)
				return server.URL, nil
			},
			Order: contract.Order{
				Request: contract.Request{URL: "{{shop}}/orders", JSON: map[string]any{
					"amount":   "{{amount}}",
					"currency": "{{currency}}",
				}},
				OrderID:     contract.Extract{JSON: "$.orderId"},
				RedirectURL: contract.Extract{JSON: "$.redirectUrl"},
			},
			State: contract.State{
				Request:     contract.Request{URL: "{{shop}}/orders/{{orderId}}"},
				Paid:        contract.Condition{Extract: contract.Extract{JSON: "$.status"}, Equals: []string{"paid"}},
				Fulfilments: contract.Extract{JSON: "$.fulfilments"},
			},
			Rules: []string{"FLOW", "TRUST"}, // left out: all
		})
	}
	_ = testShop
}
