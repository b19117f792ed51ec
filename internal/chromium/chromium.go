// Package chromium is the browser in which tests look at pages. It owns no test.
//
// A browser is started once for all tests of a package, when the first one wants it. TestMain ends it:
//
//	code := m.Run()
//	chromium.Stop()
//	os.Exit(code)
package chromium

import (
	"context"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// Browser is a Chromium that all tests of a package share.
type Browser struct {
	names []string // of its program, the best first

	once sync.Once
	ctx  context.Context
	err  error
	stop func()
}

// Lean is for all tests but a few. It is the engine without the program around it where this machine has that
// ("headless shell", which Playwright and Puppeteer use, too), and Whole where not. A page costs it a third of the
// processor time.
var Lean = &Browser{names: append([]string{"chromium-headless-shell", "chrome-headless-shell"}, Whole.names...)}

// Whole is what a customer has. It keeps pages in memory to go back to, which Lean does not.
var Whole = &Browser{names: []string{"chromium", "chromium-browser", "google-chrome"}}

// Stop ends what was started. No test may go on.
func Stop() {
	for _, b := range []*Browser{Lean, Whole} {
		if b.stop != nil {
			b.stop()
		}
	}
}

// Path is the browser's program. Without one the test is left out, unless everything must run.
func (b *Browser) Path(t testing.TB) string {
	t.Helper()
	path := b.path()
	if path == "" {
		extent.Required(t, "there is no browser: install Chromium (on Debian: apt-get install chromium)")
	}
	return path
}

// Window is a window that shares nothing with others, for chromedp. It is closed at the end of the test, or when the
// time is over.
func (b *Browser) Window(t testing.TB, most time.Duration) context.Context {
	t.Helper()
	path := b.Path(t)
	b.once.Do(func() { b.start(path) })
	require.NoError(t, b.err, "start %s", path)
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, most)
	t.Cleanup(cancel)
	return ctx
}

func (b *Browser) path() string {
	for _, name := range b.names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// start starts the browser. Its user data folder is one that chromedp makes and removes: Chromium's children write into
// it until they are gone.
func (b *Browser) start(path string) {
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
	}
	for _, flag := range []string{
		"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-dev-shm-usage",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	b.ctx = ctx
	b.stop = func() {
		_ = chromedp.Cancel(ctx) // lets it write its files and end by itself
		cancel()
		end()
	}
	b.err = chromedp.Do(ctx)
}
