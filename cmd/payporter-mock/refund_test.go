package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"
)

const sharedSecret = "a-webhook-secret-of-some-length"

// selling is an example shop that takes webhooks, with the sandbox that sends them to it.
func selling(t *testing.T, name string) shop {
	t.Helper()
	m := merchant{serve(t), "test_" + name}
	s := open(t, merchants[name](t), m, "PAYPORTER_WEBHOOK_SECRET="+sharedSecret)
	m.call(t, http.MethodPut, "/_mock/webhook", fmt.Sprintf(`{"url":"%s/webhook","secret":%q}`, s.url, sharedSecret), nil)
	return s
}

// refunds asks the shop to give money back, and answers its HTTP status.
func (s shop) refunds(t *testing.T, o order, amount string) int {
	t.Helper()
	status, _ := request(t, http.MethodPost, s.url+"/orders/"+o.OrderID+"/refund", jsonType, `{"amount":`+amount+`}`)
	return status
}

// refunded is how much the shop believes it has given back.
func (s shop) refunded(t *testing.T, o order) float64 {
	t.Helper()
	_, answer := request(t, http.MethodGet, s.url+"/orders/"+o.OrderID, jsonType, "")
	var told struct{ Refunded float64 }
	require.NoError(t, json.Unmarshal(answer, &told))
	return told.Refunded
}

// pending is the id of the refund that waits for its approval.
func (s shop) pending(t *testing.T) string {
	t.Helper()
	var found struct{ Payments []struct{ PaymentID string } }
	s.call(t, http.MethodGet, "/_mock/payments?status=PENDING_APPROVAL", "", &found)
	require.Len(t, found.Payments, 1)
	return found.Payments[0].PaymentID
}

// webhooks waits until so many webhooks have been taken by the shop.
func (s shop) webhooks(t *testing.T, count int) {
	t.Helper()
	path := fmt.Sprintf("/_mock/journal/wait?kind=webhook&status=DELIVERED&count=%d&timeout=30s", count)
	s.call(t, http.MethodGet, path, "", nil)
}

// TestShopsGiveMoneyBack has a customer's refunds approved and rejected.
func TestShopsGiveMoneyBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"express", "python"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := selling(t, name)
			o := s.order(t, "100.50", "TRY")
			require.Equal(t, http.StatusConflict, s.refunds(t, o, "1"), "nothing is paid yet")
			s.call(t, http.MethodPost, "/_mock/checkouts/"+o.checkoutID()+"/pay", "", nil)
			s.webhooks(t, 1)
			require.Equal(t, paid, s.believes(t, o), "by its callback and its webhook, once")

			require.Equal(t, http.StatusOK, s.refunds(t, o, "50.25"))
			require.Zero(t, s.refunded(t, o), "it waits for its approval")
			require.Equal(t, http.StatusConflict, s.refunds(t, o, "50.26"), "more than the rest")
			s.call(t, http.MethodPost, "/_mock/payments/"+s.pending(t)+"/approve", "", nil)
			s.webhooks(t, 2)
			require.InDelta(t, 50.25, s.refunded(t, o), 0)

			require.Equal(t, http.StatusOK, s.refunds(t, o, "50.25"))
			s.call(t, http.MethodPost, "/_mock/payments/"+s.pending(t)+"/reject", "", nil)
			s.webhooks(t, 3)
			require.InDelta(t, 50.25, s.refunded(t, o), 0)
			require.Equal(t, http.StatusOK, s.refunds(t, o, "0.25"), "what was rejected can be asked for again")
			require.Equal(t, paid, s.believes(t, o))
		})
	}
}

// TestShopsTakeWebhooksWithCare sends webhooks that must not be believed, and one that is lost.
func TestShopsTakeWebhooksWithCare(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"express", "python"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := selling(t, name)
			o := s.order(t, "100.50", "TRY")
			s.call(t, http.MethodPost, "/_mock/checkouts/"+o.checkoutID()+"/pay", "", nil)
			s.webhooks(t, 1)
			var of struct{ Payment struct{ PaymentID string } }
			s.call(t, http.MethodGet, "/_mock/checkouts/"+o.checkoutID(), "", &of)
			for as, want := range map[string]int{
				"unsigned": 401, "wrongSecret": 401, "oldTime": 401, "changedBody": 401, "otherMerchant": 401, "repeatedEvent": 200,
			} {
				var sent struct{ Response struct{ Status int } }
				body := fmt.Sprintf(`{"paymentId":%q,"as":%q}`, of.Payment.PaymentID, as)
				s.call(t, http.MethodPost, "/_mock/webhooks/forge", body, &sent)
				require.Equal(t, want, sent.Response.Status, as)
			}
			require.Equal(t, paid, s.believes(t, o))

			s.call(t, http.MethodDelete, "/_mock/webhook", "", nil)
			require.Equal(t, http.StatusOK, s.refunds(t, o, "50.25"))
			s.call(t, http.MethodPost, "/_mock/payments/"+s.pending(t)+"/approve", "", nil)
			require.InDelta(t, 50.25, s.refunded(t, o), 0, "the shop asks, where no webhook comes")
		})
	}
}

// TestShopsDoNotRefundTwice has a refund made whose answer never comes.
func TestShopsDoNotRefundTwice(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"express", "python"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := selling(t, name)
			o := s.order(t, "100.50", "TRY")
			s.call(t, http.MethodPost, "/_mock/checkouts/"+o.checkoutID()+"/pay", "", nil)
			s.webhooks(t, 1)
			s.call(t, http.MethodPut, "/_mock/scenarios", `{"version": 1, "scenarios": [{"name": "cut-off",
				"when": {"operation": "refund"}, "refund": {"fault": "reset", "times": 1, "created": true}}]}`, nil)
			require.Equal(t, http.StatusBadGateway, s.refunds(t, o, "60.50"))
			require.Equal(t, http.StatusConflict, s.refunds(t, o, "60.50"), "it may have been made")
			s.call(t, http.MethodPost, "/_mock/payments/"+s.pending(t)+"/approve", "", nil)
			s.webhooks(t, 2)
			require.InDelta(t, 60.50, s.refunded(t, o), 0)
		})
	}
}

// TestBrowserPaysByThreeDSecureAndGetsHalfBack is a customer whose bank wants a code, and who sends half of it back.
func TestBrowserPaysByThreeDSecureAndGetsHalfBack(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more walk in a browser; others stay")
	browser := newBrowser(t)
	s := selling(t, "express")
	o := s.order(t, "100.50", "TRY")
	require.NoError(t, chromedp.Do(browser.ctx, chromedp.Navigate(o.RedirectURL)))
	browser.pay(t, "4000002760003184")
	require.NoError(t, chromedp.Do(browser.ctx,
		chromedp.WaitVisible(testID("bank-code")), chromedp.SendKeys(testID("bank-code"), payment.BankCode),
		chromedp.Click(testID("bank-confirm")), chromedp.WaitVisible(testID("result-status"))))
	s.webhooks(t, 1)
	require.Equal(t, paid, s.believes(t, o))

	require.Equal(t, http.StatusOK, s.refunds(t, o, "50.25"))
	s.call(t, http.MethodPost, "/_mock/payments/"+s.pending(t)+"/approve", "", nil)
	s.webhooks(t, 2)
	require.Eventually(t, func() bool { return s.refunded(t, o) == 50.25 }, 10*time.Second, 100*time.Millisecond)
}
