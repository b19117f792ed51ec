package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

// paymentAndRefunds is a shop that charges a card by the API and asks for some of it back; somebody approves one refund
// and rejects another on the payment's page.
func paymentAndRefunds(t *testing.T, v *visitor) {
	id := v.charges(t, "ORD-1")
	first, second := v.refunds(t, id, "10"), v.refunds(t, id, "20.25")

	v.visit("payments")
	v.sees(`document.querySelectorAll('[data-testid=payment]').length === 3`)
	v.fill("filter-type", "REFUND")
	v.sees(`document.querySelectorAll('[data-testid=payment]').length === 2`)
	v.fill("filter-order", "nothing")
	v.reads("empty", "No payment fits.")
	v.fill("filter-type", "SALE")
	v.fill("filter-order", "ORD-1")
	v.sees(`document.querySelectorAll('[data-testid=payment]').length === 1`)
	v.click("payment-link")

	v.reads("refundable", "70.25 TRY")
	v.click("approve-" + first + "-submit")
	v.sees(fmt.Sprintf(`document.getElementById('payment-%s').dataset.status === 'SUCCESS'`, first))
	v.click("reject-" + second + "-submit")
	v.sees(fmt.Sprintf(`document.getElementById('payment-%s').dataset.status === 'REJECTED'`, second))
	v.reads("refunded", "10.00 TRY")
	v.reads("refundable", "90.50 TRY")
	v.sees(`document.querySelector('[data-testid=diagram]').textContent` +
		`.includes('POST /api/payment/{paymentId}/refund 20.25 TRY')`)

	third := v.refunds(t, id, "5")
	v.sees(fmt.Sprintf(`document.getElementById('payment-%s') !== null`, third))
	v.visit("payments/" + third)
	v.fill("result-status", "FAILED")
	v.fill("result-resultCode", "05")
	v.click("result-submit")
	v.reads("result-outcome", "The payment, a REFUND, is FAILED now")
	v.sees(fmt.Sprintf(`document.getElementById('payment-%s').dataset.status === 'FAILED'`, third))
	v.fill("result-status", "SUCCESS")
	v.click("result-submit")
	v.reads("result-outcome", "for which nobody decides that")
	v.quiet()
}

// webhookPage is somebody who sets a webhook on its page, whose payment is told of, and who forges one.
func webhookPage(t *testing.T, v *visitor) {
	v.visit("webhook")
	v.reads("hook-none", "no webhook is set")
	v.fill("webhook-url", "http://127.0.0.1:9/hook")
	v.click("webhook-submit")
	v.reads("webhook-outcome", "It is not shown again.")
	v.visit("webhook")
	v.reads("hook-url", "http://127.0.0.1:9/hook")
	v.click("rotate-submit")
	v.reads("rotate-outcome", "It is not shown again.")

	id := v.charges(t, "ORD-1")
	v.sees(`document.querySelectorAll('[data-testid=webhook]').length === 1`)
	v.visit("webhook")
	v.reads("hook-previous", "is valid until")
	text, secret := v.text("example-text"), v.text("example-secret")
	at, body := text[:13], text[14:]
	require.Contains(t, body, id)
	require.Equal(t, payment.SignWebhook(payment.Secret(secret), at, []byte(body)), v.text("example-signature"))

	v.click("webhook-payment")
	v.do(chromedp.WaitVisible(testID("delivery")))
	v.fill("forge-webhook-as", "oldTime")
	v.click("forge-webhook-submit")
	v.reads("forge-webhook-outcome", "The forged webhook was sent. It had no answer: connection refused")
	v.sees(`document.querySelector('[data-testid=diagram]').textContent.includes('forged webhook')`)
	v.quiet()
}

// charges makes a payment by the API, and answers its id.
func (m merchant) charges(t *testing.T, orderID string) string {
	t.Helper()
	return m.pays(t, "/api/payment", fmt.Sprintf(`{"orderId":%q,"amount":100.50,"currency":"TRY",`+
		`"cardHolderName":"AYSE YILMAZ","pan":%q,"expiryMonth":"12","expiryYear":"30","cvv":"123",`+
		`"requestIp":"203.0.113.7","requestPort":49152}`, orderID, goodCard))
}

// refunds asks for some of a payment back, and answers the refund's id.
func (m merchant) refunds(t *testing.T, id, amount string) string {
	t.Helper()
	return m.pays(t, "/api/payment/"+id+"/refund", `{"amount":`+amount+`,"currency":"TRY"}`)
}

// pays calls an operation that makes a payment, and answers its id.
func (m merchant) pays(t *testing.T, path, body string) string {
	t.Helper()
	status, answer := request(t, http.MethodPost, m.sandbox.url+path, jsonType, body,
		"X-API-KEY", m.key, "X-API-SECRET", "test_secret")
	require.Equal(t, http.StatusOK, status, "%s", answer)
	var made struct{ PaymentID string }
	require.NoError(t, json.Unmarshal(answer, &made))
	return made.PaymentID
}

// refunded is a payment with a refund that waits for approval.
func (v *visitor) refunded() string {
	v.t.Helper()
	v.call(v.t, http.MethodPut, "/_mock/webhook", `{"url":"http://127.0.0.1:9/hook"}`, nil)
	id := v.charges(v.t, "ORD-2050")
	v.refunds(v.t, id, "25.50")
	v.call(v.t, http.MethodGet, "/_mock/journal/wait?kind=webhook&timeout=30s", "", nil)
	return id
}
