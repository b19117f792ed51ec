package main_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestDashboardPictures takes pictures for people to look at.
func TestDashboardPictures(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("PAYPORTER_MOCK_SCREENSHOTS")
	if folder == "" {
		t.Skip("PAYPORTER_MOCK_SCREENSHOTS names no folder")
	}
	require.NoError(t, os.MkdirAll(folder, 0o755))
	locked := serve(t, "--admin-token", "a-long-enough-token")
	for _, scheme := range []string{"light", "dark"} {
		for device, size := range map[string][2]int64{"phone": {390, 844}, "desktop": {1280, 800}} {
			v := newVisitor(t, merchant{serve(t), "test_pictures"})
			v.do(chromedp.EmulateViewport(size[0], size[1]))
			v.emulate(scheme)
			v.tour(locked, func(name string) {
				picture, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
				require.NoError(t, err)
				file := fmt.Sprintf("dashboard-%s-%s-%s.png", name, device, scheme)
				require.NoError(t, os.WriteFile(filepath.Join(folder, file), picture, 0o644))
			})
		}
	}
}

// tour visits every page in every kind of state; locked is a sandbox with an admin token.
func (v *visitor) tour(locked sandbox, seen func(name string)) {
	v.t.Helper()
	v.populate()
	v.visit("")
	seen("list")
	v.fill("search", "nobody has this")
	v.do(chromedp.WaitVisible(testID("empty")))
	seen("list-nothing-fits")
	v.visit("checkouts/" + v.failing())
	seen("checkout")
	v.run(`document.querySelector('.entry[data-kind=callback]').open = true; ` +
		`document.querySelector('[data-testid=pay-curl]').open = true`)
	v.click("outcome-submit")
	v.do(chromedp.WaitVisible(chromedp.CSS(`[data-testid=outcome] [data-testid=outcome-words]`)))
	seen("checkout-open")
	v.open("merchants")
	seen("merchants")
	v.visit("payments")
	seen("payments")
	v.visit("payments/" + v.refunded())
	seen("payment")
	v.visit("webhook")
	seen("webhook")
	v.visit("journal")
	seen("journal")
	v.open("session")
	seen("session")
	v.visit("violations")
	seen("violations")
	v.visit("coverage")
	seen("coverage")
	v.call(v.t, http.MethodPost, "/_mock/scenarios/next", `{"scenario":"lost-card","times":2}`, nil)
	v.visit("scenarios")
	v.fill("scenarios-yaml", "version: 1\nscenarios:\n  - name: sometimes\n    paymnt: {status: FAILED}\n    when: "+
		"{amount: {gte: lots}}\n")
	v.click("scenarios-submit")
	v.do(chromedp.WaitVisible(testID("faults")))
	seen("scenarios-faulty")
	v.visit("scenarios/library")
	seen("library")
	v.visit("scenarios/library/callback-duplicated")
	seen("sample")
	v.visit("sandbox")
	v.click("freeze-submit")
	v.do(chromedp.WaitVisible(chromedp.CSS(`[data-testid=clock][data-frozen=true]`)))
	seen("sandbox-frozen")
	v.do(chromedp.Navigate(locked.url+"/_mock/ui/"), chromedp.WaitVisible(testID("login")))
	seen("login")
}

// populate makes checkouts in every state.
func (v *visitor) populate() {
	v.t.Helper()
	t, m := v.t, v.merchant
	pay := func(id, card string) {
		m.call(t, http.MethodPost, "/_mock/checkouts/"+id+"/pay", fmt.Sprintf(`{"card":%q}`, card), nil)
	}
	pay(m.creates(t, "ORD-2041", "description", "Two books and a very long pencil, gift wrapped"), goodCard)
	pay(m.creates(t, "ORD-2042", "customerId", "vip-17"), poorCard)
	m.call(t, http.MethodPost, "/_mock/checkouts/"+m.creates(t, "ORD-2043")+"/expire", "", nil)
	m.call(t, http.MethodPost, "/_mock/scenarios/next", `{"scenario":"callback-duplicated"}`, nil)
	pay(m.creates(t, "ORD-2044"), goodCard)
	m.call(t, http.MethodPost, "/_mock/checkouts/"+m.creates(t, "ORD-2045")+"/outcome", `{"status":"PENDING_APPROVAL"}`,
		nil)
	m.creates(t, "ORD-2046", "description", "Still open")
	m.call(t, http.MethodPost, "/_mock/callbacks/forge", fmt.Sprintf(`{"checkoutId":%q}`, v.failing()), nil)
	status, _ := request(t, http.MethodPost, m.sandbox.url+"/api/checkout", jsonType,
		`{"orderId":"ORD-2047","amount":"12"}`, "X-API-KEY", m.key, "X-API-SECRET", "test_secret")
	require.Equal(t, http.StatusBadRequest, status)
	m.call(t, http.MethodGet, "/_mock/journal/wait?kind=callback&count=4&timeout=30s", "", nil)
}

// failing is the checkout that was declined, and whose callback nobody takes.
func (v *visitor) failing() string {
	v.t.Helper()
	var found struct {
		Checkouts []struct{ CheckoutID string }
	}
	v.call(v.t, http.MethodGet, "/_mock/checkouts?orderId=ORD-2042", "", &found)
	require.Len(v.t, found.Checkouts, 1)
	return found.Checkouts[0].CheckoutID
}
