package mock_test

import (
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// A card payment by the API, as the sandbox knows it. The card number is masked.
func ExampleMerchant_Payment() {
	t := exampleT() // in a test: its own t
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	made := shop.charges("/api/payment", nil)
	known := sandbox.Payment(made["paymentId"].(string))
	fmt.Println(known.Type, known.Status, known.Amount, known.PAN)
	// Output:
	// SALE SUCCESS 100.5 542119******0656
}

// A sale and what followed it are payments of their own. What follows names the sale as its parent.
func ExampleMerchant_Payments() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sale := shop.charges("/api/payment", nil)["paymentId"].(string)
	shop.calls("POST", "/api/payment/"+sale+"/refund", map[string]any{"amount": 10, "currency": "TRY"}, "")
	for _, found := range sandbox.Payments(store.PaymentQuery{ParentID: sale}) {
		fmt.Println(found.Type, found.Amount, found.Status)
	}
	// Output:
	// REFUND 10 PENDING_APPROVAL
}

// The administrator rejects a refund. The shop must not tell its customer that the money comes back.
func ExampleMerchant_Reject() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sale := shop.charges("/api/payment", nil)["paymentId"].(string)
	shop.calls("POST", "/api/payment/"+sale+"/refund", map[string]any{"amount": 10, "currency": "TRY"}, "")
	waiting := sandbox.Payments(store.PaymentQuery{ParentID: sale, Status: payment.PendingApproval})
	fmt.Println(sandbox.Reject(waiting[0].ID).Status)
	// Output:
	// REJECTED
}

// Webhooks go to the URL that was set last. Without a secret of your own, one is made.
func ExampleMerchant_SetWebhook() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})

	own := sandbox.SetWebhook("http://127.0.0.1:3000/webhook", "a secret of at least 16 characters")
	fmt.Println(own.URL, own.Secret.Reveal())
	fmt.Println(len(sandbox.SetWebhook("http://127.0.0.1:3000/webhook", "").Secret.Reveal()))
	// Output:
	// http://127.0.0.1:3000/webhook a secret of at least 16 characters
	// 64
}

// The code under test gets the secret that the sandbox signs with.
func ExampleMerchant_Webhook() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{
		WebhookURL: "http://127.0.0.1:3000/webhook", WebhookSecret: "a secret of at least 16 characters",
	})

	hook := sandbox.Webhook()
	fmt.Println(hook.URL)
	fmt.Println(hook.Secret.Reveal()) // printed as it is, a secret is masked
	// Output:
	// http://127.0.0.1:3000/webhook
	// a secret of at least 16 characters
}

// Every attempt to deliver a webhook is kept, with what the shop answered.
func ExampleMerchant_Webhooks() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.Freeze()
	sandbox.SetWebhook(shop.url+"/webhook", "")
	shop.fails.Store(true)
	id := shop.charges("/api/payment", nil)["paymentId"].(string)
	sandbox.Advance(0)
	shop.fails.Store(false)
	sandbox.Advance(time.Minute)
	for _, hook := range sandbox.Webhooks(id) {
		fmt.Println(hook.EventType, hook.Status, len(hook.Attempts))
	}
	// Output:
	// payment.status_changed DELIVERED 2
}
