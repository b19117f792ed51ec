package mock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// storyShop is the code under test of the examples: a shop that takes callbacks and webhooks.
type storyShop struct {
	sandbox *mock.Test
	key     string
	url     string
	close   func()
	fails   atomic.Bool  // it answers every callback with 500
	got     atomic.Int64 // callbacks and webhooks
}

// opens opens a shop of the sandbox.
func opens(sandbox *mock.Test, key string) *storyShop {
	s := &storyShop{sandbox: sandbox, key: key}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.got.Add(1)
		if s.fails.Load() {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	s.url, s.close = server.URL, server.Close
	return s
}

// calls calls the merchant API, and answers what it said.
func (s *storyShop) calls(method, path string, body map[string]any, scenario string) map[string]any {
	text, _ := json.Marshal(body)
	req, _ := http.NewRequestWithContext(context.Background(), method, s.sandbox.URL+path, bytes.NewReader(text))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-API-KEY", s.key)
	req.Header.Set("X-API-SECRET", "test_secret")
	if scenario != "" {
		req.Header.Set("X-Mock-Scenario", scenario)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		panic(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	_ = json.NewDecoder(res.Body).Decode(&answer) // what is missing fails the next step
	return answer
}

// orders makes a checkout, and answers its id.
func (s *storyShop) orders(orderID, scenario string) string {
	made := s.calls(http.MethodPost, "/api/checkout", map[string]any{
		"orderId": orderID, "amount": 100.50, "currency": "TRY", "callback": s.url + "/callback",
	}, scenario)
	return made["checkoutId"].(string)
}

// charges is a card payment by the API; more overlays it.
func (s *storyShop) charges(path string, more map[string]any) map[string]any {
	body := map[string]any{
		"orderId": "ORD-1", "amount": 100.50, "currency": "TRY", "cardHolderName": "AYSE YILMAZ",
		"pan": "5421190122090656", "expiryMonth": "04", "expiryYear": "48", "cvv": "916",
		"requestIp": "203.0.113.7", "requestPort": 49152,
	}
	for name, value := range more {
		body[name] = value
	}
	return s.calls(http.MethodPost, path, body, "")
}

// A customer's first card is declined, the second one is good.
func ExampleMerchant_Pay() {
	t := exampleT() // in a test: its own t
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	id := shop.orders("ORD-1", "")
	declined := sandbox.Pay(id, "4111111111111129")
	fmt.Println(declined.State, declined.Payment.Status, declined.Payment.ResultCode)
	paid := sandbox.PayInInstallments(id, "5421190122090656", 1)
	fmt.Println(paid.State, paid.Payment.Status)
	// Output:
	// OPEN FAILED 51
	// PAID SUCCESS
}

// A callback comes late. The clock is moved instead of waited for.
func ExampleMerchant_Advance() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{Scenario: "callback-late"})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.Freeze()
	sandbox.Pay(shop.orders("ORD-1", ""), "")
	sandbox.Advance(time.Second)
	fmt.Println(shop.got.Load())
	sandbox.Advance(24 * time.Hour)
	fmt.Println(shop.got.Load())
	// Output:
	// 0
	// 1
}

// No callback ever comes. A shop that asks finds out.
func ExampleMerchant_Callbacks() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{Scenario: "callback-lost"})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	id := shop.orders("ORD-1", "")
	sandbox.Pay(id, "")
	sandbox.Advance(72 * time.Hour)
	fmt.Println(shop.got.Load(), len(sandbox.Callbacks(id)))
	fmt.Println(shop.calls(http.MethodGet, "/api/checkout/"+id, nil, "")["status"])
	// Output:
	// 0 0
	// SUCCESS
}

// A shop that answers 500 is told again, as PayPorter documents it. Sending by hand comes in between.
func ExampleMerchant_Redeliver() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.Freeze()
	shop.fails.Store(true)
	id := shop.orders("ORD-1", "")
	sandbox.Pay(id, "")
	sandbox.Advance(0)
	fmt.Println(sandbox.Callbacks(id)[0].Status)
	shop.fails.Store(false)
	fmt.Println(sandbox.Redeliver(sandbox.Callbacks(id)[0].ID).Status)
	// Output:
	// FAILED
	// DELIVERED
}

// A payment with 3-D Secure waits for its customer, who is at the bank.
func ExampleMerchant_PaymentOutcome() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	began := shop.charges("/api/3ds", map[string]any{"successUrl": shop.url + "/paid", "failureUrl": shop.url + "/failed"})
	id := began["paymentId"].(string)
	fmt.Println(sandbox.Payment(id).Status)
	failed := payment.Outcome{Status: payment.Failed, ResultCode: "05", ResultMessage: "Do not honour"}
	fmt.Println(sandbox.PaymentOutcome(id, failed).ResultMessage)
	// Output:
	// ENROLLED
	// Do not honour
}

// A refund waits for the administrator, who approves one and rejects another.
func ExampleMerchant_Approve() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	id := shop.charges("/api/payment", nil)["paymentId"].(string)
	for range 2 {
		shop.calls(http.MethodPost, "/api/payment/"+id+"/refund", map[string]any{"amount": 10, "currency": "TRY"}, "")
	}
	waiting := sandbox.Payments(store.PaymentQuery{ParentID: id, Status: payment.PendingApproval})
	fmt.Println(sandbox.Approve(waiting[0].ID).Status, sandbox.Reject(waiting[1].ID).Status)
	// Output:
	// SUCCESS REJECTED
}

// A webhook tells the shop of a payment. One with a wrong signature must not be believed.
func ExampleMerchant_ForgeWebhook() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	hook := sandbox.SetWebhook(shop.url+"/webhook", "")
	id := shop.charges("/api/payment", nil)["paymentId"].(string)
	sandbox.WaitFor(store.EntryQuery{Kind: store.EntryWebhook}, 1)
	told := sandbox.Webhooks(id)[0]
	fmt.Println(told.Status, told.EventType, len(hook.Secret.Reveal()))
	forged := sandbox.ForgeWebhook(id, mock.WrongSecret, "")
	fmt.Println(forged.Response.Status, shop.got.Load())
	// Output:
	// DELIVERED payment.status_changed 64
	// 200 2
}

// Two API keys know nothing of each other, so tests of one sandbox can run side by side.
func ExampleServer_Merchant() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	here, there := opens(sandbox, "test_here"), opens(sandbox, "test_there")
	defer here.close()
	defer there.close()

	here.orders("ORD-1", "")
	there.orders("ORD-1", "")
	there.orders("ORD-2", "")
	for _, shop := range []*storyShop{here, there} {
		fmt.Println(shop.key, len(sandbox.Merchant(shop.key).Checkouts(store.CheckoutQuery{})))
	}
	// Output:
	// test_here 1
	// test_there 2
}

// A test about a certain day sets the clock. A link that nobody pays expires.
func ExampleMerchant_SetTime() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.Freeze()
	sandbox.SetTime(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC))
	id := shop.orders("ORD-1", "")
	fmt.Println(sandbox.Advance(48 * time.Hour).Format(time.DateOnly))
	fmt.Println(sandbox.Checkout(id).State)
	sandbox.Resume()
	// Output:
	// 2027-01-02
	// EXPIRED
}

// A scenario of one's own decides about orders. Another one is forced for the next checkout alone.
func ExampleMerchant_PutScenarios() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.PutScenarios([]byte(`
version: 1
scenarios:
  - name: dear-orders-fail
    when: {amount: {gte: 100}}
    payment: {status: FAILED, resultCode: "61"}
`))
	fmt.Println(sandbox.Pay(shop.orders("ORD-1", ""), "").Payment.ResultCode)
	sandbox.NextScenario("insufficient-funds", 1)
	fmt.Println(sandbox.Pay(shop.orders("ORD-2", ""), "").Payment.ResultCode)
	// Output:
	// 61
	// 51
}

// An attacker sends a callback that nobody paid for. The journal shows whether the shop asked PayPorter before it shipped.
func ExampleMerchant_Forge() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	id := shop.orders("ORD-1", "")
	sandbox.Forge(mock.Forgery{CheckoutID: id})
	asked := sandbox.Journal(store.EntryQuery{CheckoutID: id, Kind: store.EntryStatus})
	fmt.Println(shop.got.Load(), len(asked))
	// Output:
	// 1 0
}

// What happens by itself is waited for, and not slept for. Who waits in vain is told what happened instead.
func ExampleMerchant_WaitFor() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{Payer: mock.PayerAuto})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	shop.orders("ORD-1", "")
	told := sandbox.WaitFor(store.EntryQuery{OrderID: "ORD-1", Kind: store.EntryCallback}, 1)
	fmt.Println(told[0].Status)

	soon, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := sandbox.Server.WaitFor(soon, store.EntryQuery{OrderID: "ORD-2"}, 1)
	fmt.Println(errors.Is(err, &payment.Error{Code: payment.TimedOut}))
	// Output:
	// DELIVERED
	// true
}

// What the customer does on the payment page, and what time does, has a verb each.
func ExampleMerchant_Abandon() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	fmt.Println(sandbox.Abandon(shop.orders("ORD-1", "")).State)
	fmt.Println(sandbox.Cancel(shop.orders("ORD-2", "")).State)
	fmt.Println(sandbox.Expire(shop.orders("ORD-3", "")).State)
	fmt.Println(sandbox.Outcome(shop.orders("ORD-4", ""), payment.Outcome{Status: payment.PendingApproval}).State)
	sandbox.Reset(false)
	fmt.Println(len(sandbox.Checkouts(store.CheckoutQuery{})))
	// Output:
	// OPEN
	// CANCELLED
	// EXPIRED
	// PROCESSING
	// 0
}

// A suite's last test looks for what it has not exercised.
func ExampleMerchant_Coverage() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	shop := opens(sandbox, sandbox.APIKey)
	defer shop.close()

	sandbox.Pay(shop.orders("ORD-1", ""), "")
	for _, point := range sandbox.Coverage() {
		if point.Kind == "operation" && point.Count > 0 {
			fmt.Println(point.Name, point.Count)
		}
	}
	// Output:
	// POST /api/checkout 200 1
}

// A secret that became known is replaced. The one before stays valid for a while, so that no webhook is refused.
func ExampleMerchant_RotateWebhook() {
	t := exampleT()
	defer t.cleanUp()
	sandbox := mock.Start(t, mock.Config{})
	before := sandbox.SetWebhook("http://127.0.0.1:3000/webhook", "")
	sandbox.RotateWebhook()
	now := sandbox.Webhook()
	fmt.Println(now.Previous == before.Secret, now.Secret == before.Secret, now.RotatedAt.After(sandbox.Now()))
	// Output:
	// true false false
}
