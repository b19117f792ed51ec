package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

// TestBrowserGoesToTheBankAndBack is a customer of a shop that pays with 3-D Secure by the API: the shop's page sends
// itself to the bank, and the bank's page sends itself back.
func TestBrowserGoesToTheBankAndBack(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	m := merchant{serve(t), "test_three_d_secure"}
	brought := make(chan url.Values, 10)
	var html string
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/pay" {
			fmt.Fprint(w, html)
			return
		}
		_ = r.ParseForm()
		r.PostForm.Set("at", r.URL.Path)
		brought <- r.PostForm
		fmt.Fprint(w, `<h1 data-testid="thanks">Thank you</h1>`)
	}))
	t.Cleanup(shop.Close)

	keys := []string{"X-API-KEY", m.key, "X-API-SECRET", "secret"}
	body := fmt.Sprintf(`{"orderId": "ORD-1", "amount": 100.50, "currency": "TRY", "cardHolderName": "AYSE YILMAZ", "pan": %q,
		"expiryMonth": "04", "expiryYear": "48", "cvv": "123", "requestIp": "203.0.113.7", "requestPort": 49152,
		"successUrl": "%[2]s/ok", "failureUrl": "%[2]s/no"}`, "4000002760003184", shop.URL)
	status, answer := request(t, http.MethodPost, m.sandbox.url+"/api/3ds", jsonType, body, keys...)
	require.Equal(t, http.StatusOK, status, "%s", answer)
	var started struct{ PaymentID, HTMLContent string }
	require.NoError(t, json.Unmarshal(answer, &started))
	html = started.HTMLContent

	require.NoError(t, chromedp.Do(browser.ctx,
		chromedp.Navigate(shop.URL+"/pay"), chromedp.WaitVisible(testID("bank-code")),
		chromedp.SendKeys(testID("bank-code"), payment.BankCode), chromedp.Click(testID("bank-confirm")),
		chromedp.WaitVisible(testID("thanks"))))
	back := <-brought
	require.Equal(t, [2]string{"/ok", started.PaymentID}, [2]string{back.Get("at"), back.Get("paymentId")})

	status, answer = request(t, http.MethodPost, m.sandbox.url+"/api/3ds/"+started.PaymentID+"/complete", jsonType,
		`{"securityKey": "`+back.Get("securityKey")+`"}`, keys...)
	require.Equal(t, http.StatusOK, status, "%s", answer)
	require.Contains(t, string(answer), `"status":"SUCCESS"`)
}
