package mock_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// A test compares what its shop ordered with what the sandbox knows.
func ExampleMerchant_Checkout() {
	t := exampleT() // in a test: its own t
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	checkout := sandbox.Checkout(shop.orders("ORD-1", ""))
	fmt.Println(checkout.OrderID, checkout.Amount, checkout.State)
	// Output:
	// ORD-1 100.5 OPEN
}

// A test that knows no checkoutId finds the checkout by its order. Two checkouts are listed here, the newest one first.
func ExampleMerchant_Checkouts() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	shop.orders("ORD-1", "")
	shop.orders("ORD-2", "")
	for _, checkout := range sandbox.Checkouts(store.CheckoutQuery{}) {
		fmt.Println(checkout.OrderID)
	}
	fmt.Println(len(sandbox.Checkouts(store.CheckoutQuery{OrderID: "ORD-1"})))
	// Output:
	// ORD-2
	// ORD-1
	// 1
}

// A customer pays in three instalments. The checkout must allow that many.
func ExampleMerchant_PayInInstallments() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	made := shop.calls("POST", "/api/checkout", map[string]any{
		"orderId": "ORD-1", "amount": 300, "currency": "TRY", "callback": shop.url + "/callback", "maxInstallmentCount": 6,
	}, "")
	paid := sandbox.PayInInstallments(made["checkoutId"].(string), "5421190122090656", 3)
	fmt.Println(paid.State, paid.Payment.InstallmentCount)
	// Output:
	// PAID 3
}

// A customer presses Cancel on the payment page. The shop asks, and learns that.
func ExampleMerchant_Cancel() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	id := shop.orders("ORD-1", "")
	fmt.Println(sandbox.Cancel(id).State)
	fmt.Println(shop.calls("GET", "/api/checkout/"+id, nil, "")["status"])
	// Output:
	// CANCELLED
	// CANCELLED
}

// The time to pay is over. A customer who comes too late cannot pay any more.
func ExampleMerchant_Expire() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	id := shop.orders("ORD-1", "")
	fmt.Println(sandbox.Expire(id).State)
	_, err := sandbox.Server.Pay(context.Background(), id, "")
	fmt.Println(errors.Is(err, &payment.Error{Code: payment.NotPayable}))
	// Output:
	// EXPIRED
	// true
}

// The bank decides. The card of the customer plays no part.
func ExampleMerchant_Outcome() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	id := shop.orders("ORD-1", "")
	declined := sandbox.Outcome(id, payment.Outcome{
		Status: payment.Failed, ResultCode: "54", ResultMessage: "Expired card",
	})
	fmt.Println(declined.Payment.Status, declined.Payment.ResultCode, declined.Payment.ResultMessage)
	// Output:
	// FAILED 54 Expired card
}

// The next two checkouts get a scenario, whatever they order. The third one is paid as usual.
func ExampleMerchant_NextScenario() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.NextScenario("insufficient-funds", 2)
	for _, order := range []string{"ORD-1", "ORD-2", "ORD-3"} {
		fmt.Println(order, sandbox.Pay(shop.orders(order, ""), "").Payment.Status)
	}
	// Output:
	// ORD-1 FAILED
	// ORD-2 FAILED
	// ORD-3 SUCCESS
}

// The journal has every request of the shop, the refused ones too, and every callback.
func ExampleMerchant_Journal() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	shop.calls("POST", "/api/checkout", map[string]any{"orderId": "ORD-1", "currency": "TRY"}, "")
	for _, entry := range sandbox.Journal(store.EntryQuery{Kind: store.EntryCreate}) {
		fmt.Println(entry.Request.Method, entry.Request.URL, entry.Response.Status)
	}
	// Output:
	// POST /api/checkout 400
}

// Several tests share one sandbox. Each of them begins with nothing.
func ExampleMerchant_Reset() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.Pay(shop.orders("ORD-1", ""), "")
	sandbox.Reset(false) // true: the merchant's own scenarios stay
	fmt.Println(len(sandbox.Checkouts(store.CheckoutQuery{})), len(sandbox.Journal(store.EntryQuery{})))
	// Output:
	// 0 0
}
