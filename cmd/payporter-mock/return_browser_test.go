package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// TestBrowserReturnsThroughARedirect is a customer whose browser brings the callback to a shop that
// sends it on to another host, as shops with an API of their own do.
func TestBrowserReturnsThroughARedirect(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more walk in a browser; others stay")
	browser := newBrowser(t)
	thanks := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<h1 data-testid="thanks">Thank you</h1>`)
	}))
	t.Cleanup(thanks.Close)
	posted := make(chan string, 10)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posted <- r.PostFormValue("checkoutId")
		http.Redirect(w, r, thanks.URL, http.StatusSeeOther)
	}))
	t.Cleanup(api.Close)

	m := merchant{serve(t), "test_return"}
	status, _ := request(t, http.MethodPut, m.sandbox.url+"/_mock/scenarios", "application/yaml",
		"version: 1\nscenarios: [{name: by-browser, callback: {via: browser}}]\n", "X-API-KEY", m.key)
	require.Equal(t, http.StatusOK, status)
	id := m.creates(t, "ORD-1", "callback", api.URL+"/callback")
	require.NoError(t, chromedp.Do(browser.ctx, chromedp.Navigate(m.sandbox.url+"/checkout-link/"+id)))
	browser.pay(t, goodCard)
	require.NoError(t, chromedp.Do(browser.ctx, chromedp.WaitVisible(testID("thanks"))))
	require.Equal(t, id, <-posted)
}
