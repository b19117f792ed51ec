package mock

import (
	"context"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// TestMerchant is a Merchant of a test: its methods are those of Merchant, and what goes wrong fails the test.
type TestMerchant struct {
	merchant *Merchant
	tb       TB
}

// ownMerchant is the embedded merchant of a Test.
type ownMerchant = TestMerchant

// Merchant is the merchant with an API key.
func (t *Test) Merchant(apiKey string) *TestMerchant {
	return &TestMerchant{merchant: t.Server.Merchant(apiKey), tb: t.tb}
}

// patience is how long WaitFor of a test waits.
const patience = 10 * time.Second

// must fails the test when something went wrong.
func (t *TestMerchant) must(what string, err error) {
	t.tb.Helper()
	if err != nil {
		t.tb.Fatalf("%s: %v", what, err)
	}
}

// Checkout is Merchant.Checkout.
func (t *TestMerchant) Checkout(checkoutID string) payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.Checkout(context.Background(), checkoutID)
	t.must("Checkout", err)
	return answer
}

// Checkouts is Merchant.Checkouts.
func (t *TestMerchant) Checkouts(q store.CheckoutQuery) []payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.Checkouts(context.Background(), q)
	t.must("Checkouts", err)
	return answer
}

// Pay is Merchant.Pay.
func (t *TestMerchant) Pay(checkoutID, card string) payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.Pay(context.Background(), checkoutID, card)
	t.must("Pay", err)
	return answer
}

// PayInInstallments is Merchant.PayInInstallments.
func (t *TestMerchant) PayInInstallments(checkoutID, card string, count int) payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.PayInInstallments(context.Background(), checkoutID, card, count)
	t.must("PayInInstallments", err)
	return answer
}

// Abandon is Merchant.Abandon.
func (t *TestMerchant) Abandon(checkoutID string) payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.Abandon(context.Background(), checkoutID)
	t.must("Abandon", err)
	return answer
}

// Cancel is Merchant.Cancel.
func (t *TestMerchant) Cancel(checkoutID string) payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.Cancel(context.Background(), checkoutID)
	t.must("Cancel", err)
	return answer
}

// Expire is Merchant.Expire.
func (t *TestMerchant) Expire(checkoutID string) payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.Expire(context.Background(), checkoutID)
	t.must("Expire", err)
	return answer
}

// Outcome is Merchant.Outcome.
func (t *TestMerchant) Outcome(checkoutID string, o payment.Outcome) payment.Checkout {
	t.tb.Helper()
	answer, err := t.merchant.Outcome(context.Background(), checkoutID, o)
	t.must("Outcome", err)
	return answer
}

// Payment is Merchant.Payment.
func (t *TestMerchant) Payment(paymentID string) payment.Payment {
	t.tb.Helper()
	answer, err := t.merchant.Payment(context.Background(), paymentID)
	t.must("Payment", err)
	return answer
}

// Payments is Merchant.Payments.
func (t *TestMerchant) Payments(q store.PaymentQuery) []payment.Payment {
	t.tb.Helper()
	answer, err := t.merchant.Payments(context.Background(), q)
	t.must("Payments", err)
	return answer
}

// Approve is Merchant.Approve.
func (t *TestMerchant) Approve(paymentID string) payment.Payment {
	t.tb.Helper()
	answer, err := t.merchant.Approve(context.Background(), paymentID)
	t.must("Approve", err)
	return answer
}

// Reject is Merchant.Reject.
func (t *TestMerchant) Reject(paymentID string) payment.Payment {
	t.tb.Helper()
	answer, err := t.merchant.Reject(context.Background(), paymentID)
	t.must("Reject", err)
	return answer
}

// PaymentOutcome is Merchant.PaymentOutcome.
func (t *TestMerchant) PaymentOutcome(paymentID string, o payment.Outcome) payment.Payment {
	t.tb.Helper()
	answer, err := t.merchant.PaymentOutcome(context.Background(), paymentID, o)
	t.must("PaymentOutcome", err)
	return answer
}

// PutScenarios is Merchant.PutScenarios.
func (t *TestMerchant) PutScenarios(file []byte) {
	t.tb.Helper()
	t.must("PutScenarios", t.merchant.PutScenarios(context.Background(), file))
}

// NextScenario is Merchant.NextScenario.
func (t *TestMerchant) NextScenario(name string, times int) {
	t.tb.Helper()
	t.must("NextScenario", t.merchant.NextScenario(context.Background(), name, times))
}

// Advance is Merchant.Advance.
func (t *TestMerchant) Advance(d time.Duration) time.Time {
	t.tb.Helper()
	answer, err := t.merchant.Advance(context.Background(), d)
	t.must("Advance", err)
	return answer
}

// Freeze is Merchant.Freeze.
func (t *TestMerchant) Freeze() {
	t.tb.Helper()
	t.must("Freeze", t.merchant.Freeze(context.Background()))
}

// Resume is Merchant.Resume.
func (t *TestMerchant) Resume() {
	t.tb.Helper()
	t.must("Resume", t.merchant.Resume(context.Background()))
}

// SetTime is Merchant.SetTime.
func (t *TestMerchant) SetTime(at time.Time) {
	t.tb.Helper()
	t.must("SetTime", t.merchant.SetTime(context.Background(), at))
}

// Now is Merchant.Now.
func (t *TestMerchant) Now() time.Time {
	t.tb.Helper()
	answer, err := t.merchant.Now(context.Background())
	t.must("Now", err)
	return answer
}

// Reset is Merchant.Reset.
func (t *TestMerchant) Reset(keepScenarios bool) {
	t.tb.Helper()
	t.must("Reset", t.merchant.Reset(context.Background(), keepScenarios))
}

// Callbacks is Merchant.Callbacks.
func (t *TestMerchant) Callbacks(checkoutID string) []store.Delivery {
	t.tb.Helper()
	answer, err := t.merchant.Callbacks(context.Background(), checkoutID)
	t.must("Callbacks", err)
	return answer
}

// Webhooks is Merchant.Webhooks.
func (t *TestMerchant) Webhooks(paymentID string) []store.Delivery {
	t.tb.Helper()
	answer, err := t.merchant.Webhooks(context.Background(), paymentID)
	t.must("Webhooks", err)
	return answer
}

// Redeliver is Merchant.Redeliver.
func (t *TestMerchant) Redeliver(deliveryID string) store.Delivery {
	t.tb.Helper()
	answer, err := t.merchant.Redeliver(context.Background(), deliveryID)
	t.must("Redeliver", err)
	return answer
}

// Forge is Merchant.Forge.
func (t *TestMerchant) Forge(f Forgery) store.Entry {
	t.tb.Helper()
	answer, err := t.merchant.Forge(context.Background(), f)
	t.must("Forge", err)
	return answer
}

// ForgeWebhook is Merchant.ForgeWebhook.
func (t *TestMerchant) ForgeWebhook(paymentID string, as WebhookFault, url string) store.Entry {
	t.tb.Helper()
	answer, err := t.merchant.ForgeWebhook(context.Background(), paymentID, as, url)
	t.must("ForgeWebhook", err)
	return answer
}

// Webhook is Merchant.Webhook.
func (t *TestMerchant) Webhook() store.Webhook {
	t.tb.Helper()
	answer, err := t.merchant.Webhook(context.Background())
	t.must("Webhook", err)
	return answer
}

// SetWebhook is Merchant.SetWebhook.
func (t *TestMerchant) SetWebhook(url string, secret payment.Secret) store.Webhook {
	t.tb.Helper()
	answer, err := t.merchant.SetWebhook(context.Background(), url, secret)
	t.must("SetWebhook", err)
	return answer
}

// RotateWebhook is Merchant.RotateWebhook.
func (t *TestMerchant) RotateWebhook() store.Webhook {
	t.tb.Helper()
	answer, err := t.merchant.RotateWebhook(context.Background())
	t.must("RotateWebhook", err)
	return answer
}

// Journal is Merchant.Journal.
func (t *TestMerchant) Journal(q store.EntryQuery) []store.Entry {
	t.tb.Helper()
	answer, err := t.merchant.Journal(context.Background(), q)
	t.must("Journal", err)
	return answer
}

// WaitFor is Merchant.WaitFor, and waits for ten seconds of real time at most.
func (t *TestMerchant) WaitFor(q store.EntryQuery, count int) []store.Entry {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	answer, err := t.merchant.WaitFor(ctx, q, count)
	t.must("WaitFor", err)
	return answer
}

// Coverage is Merchant.Coverage.
func (t *TestMerchant) Coverage() []Covered {
	t.tb.Helper()
	answer, err := t.merchant.Coverage(context.Background())
	t.must("Coverage", err)
	return answer
}
