package main_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestReference is a newcomer who reads what the APIs take, without a network.
func TestReference(t *testing.T) {
	t.Parallel()
	browser, s := newBrowser(t), serve(t)
	for path, operation := range map[string]string{"/docs": "getCheckout", "/docs/control": "moveClock"} {
		require.NoError(t, chromedp.Do(browser.ctx,
			chromedp.Navigate(s.url+path),
			chromedp.WaitVisible(chromedp.CSS(`[id$="-`+operation+`"]`)),
		), path)
	}
	at, err := url.Parse(s.url)
	require.NoError(t, err)
	asked := slices.DeleteFunc(browser.asked(), func(host string) bool { return host == "" }) // icons are data
	require.Equal(t, []string{at.Host}, asked, "the page asks nobody else for anything")
}
