package main_test

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/chromium"
)

// TestBrowser is a customer with a real browser whose card is declined first.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := newBrowser(t)
	s := open(t, merchants["express"](t), merchant{serve(t), "test_browser"})
	o := s.order(t, "100.50", "TRY")

	require.NoError(t, chromedp.Do(browser.ctx, chromedp.Navigate(o.RedirectURL)))
	browser.pay(t, poorCard)
	require.NoError(t, chromedp.Do(browser.ctx, chromedp.WaitVisible(testID("declined"))))
	s.told(t, o, "1")
	require.Equal(t, failed, s.believes(t, o))

	browser.pay(t, goodCard)
	status, err := chromedp.Run(browser.ctx, chromedp.AttributeValue(testID("result-status"), "data-status"))
	require.NoError(t, err)
	require.Equal(t, "SUCCESS", status.Value)
	s.told(t, o, "2")
	require.Equal(t, paid, s.believes(t, o))

	at, err := url.Parse(o.RedirectURL)
	require.NoError(t, err)
	require.Equal(t, []string{at.Host}, browser.asked(), "the page asks nobody else for anything")
}

// browser is a window that shows one page.
type browser struct {
	ctx   context.Context
	mu    sync.Mutex // guards hosts
	hosts []string   // whom its pages have asked for something
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	b := &browser{ctx: chromium.Lean.Window(t, 2*patience)}
	require.NoError(t, chromedp.Listen(b.ctx, b.note))
	return b
}

// note keeps the host of every request.
func (b *browser) note(event any) {
	sent, ok := event.(*network.EventRequestWillBeSent)
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if at, err := url.Parse(sent.Request.URL); err == nil && !slices.Contains(b.hosts, at.Host) {
		b.hosts = append(b.hosts, at.Host)
	}
}

func (b *browser) asked() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.hosts)
}

// pay fills in the form of the hosted page, sends it, and waits for the page that follows.
func (b *browser) pay(t *testing.T, card string) {
	t.Helper()
	for _, field := range [][2]string{
		{"pan", card}, {"card-holder-name", "AYSE YILMAZ"}, {"expiry", expiry()}, {"cvv", "123"},
	} {
		require.NoError(t, chromedp.Do(b.ctx,
			chromedp.Clear(testID(field[0])), chromedp.SendKeys(testID(field[0]), field[1])), field[0])
	}
	_, err := chromedp.RunResponse(b.ctx, chromedp.Click(testID("pay")))
	require.NoError(t, err)
}

func testID(name string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + name + `"]`) }
