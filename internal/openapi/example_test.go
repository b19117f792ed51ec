package openapi_test

import (
	"fmt"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func ExampleOperation_CheckBody() {
	doc, err := openapi.Parse(payporter.OpenAPI())
	if err != nil {
		fmt.Println(err)
		return
	}
	create, _ := doc.Operation("createCheckout")
	_, violations := create.CheckBody([]byte(`{"orderId": "ORD-1", "amount": 1.005, "currency": "TRY"}`))
	for _, v := range violations {
		fmt.Println(v)
	}
	_, violations = create.CheckBody([]byte(`{"orderId": "ORD-1", "amount": 1.005, "currency": "JPY", "callback": ` +
		`"http://localhost:3000/"}`))
	fmt.Println(violations[0])
	// Output:
	// amount: must have at most 2 decimals for TRY, got 1.005
	// callback: is required
	// amount: must be a whole number for JPY, got 1.005
}
