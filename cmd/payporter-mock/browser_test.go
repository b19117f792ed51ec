package main_test

import (
	"context"
	"net/url"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// TestBrowser is a customer with a real browser whose card is declined first.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
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

// browser is a Chromium that shows one page.
type browser struct {
	ctx   context.Context
	mu    sync.Mutex // guards hosts
	hosts []string   // whom its pages have asked for something
}

func startBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(browserPath(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, _ = chromedp.NewContext(ctx, chromedp.WithErrorf(t.Logf))
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // lets it tidy up, unlike the cancel function
	b := &browser{ctx: ctx}
	require.NoError(t, chromedp.Listen(ctx, b.note))
	return b
}

func browserPath(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	extent.Required(t, "there is no browser: install Chromium (on Debian: apt-get install chromium)")
	return ""
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
