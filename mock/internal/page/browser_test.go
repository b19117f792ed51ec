package page_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// chromium is the path of a browser. Without one the test is skipped, unless everything must run.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("PAYPORTER_MOCK_TEST_ALL") == "1" {
		t.Fatal("no Chromium found, and PAYPORTER_MOCK_TEST_ALL=1 wants every test")
	}
	t.Skip("no Chromium found")
	return ""
}

// browser starts Chromium for the tests of t. Its user data folder is one that chromedp makes and
// removes: Chromium's children write into it until they are gone, which t.TempDir does not forgive.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(chromium(t)), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU}
	for _, flag := range []string{
		"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // lets it write its files and end by itself
		cancel()
		stop()
	})
	require.NoError(t, chromedp.Do(ctx), "start Chromium")
	return ctx
}

// tab is one customer's browser, which shares nothing with another one.
type tab struct {
	t       *testing.T
	ctx     context.Context
	sandbox *sandbox

	mu     sync.Mutex // guards alarms
	alarms []string   // dialogs and complaints of the browser
}

// newTab opens a tab of a customer who speaks the language.
func newTab(t *testing.T, browser context.Context, s *sandbox, language string) *tab {
	t.Helper()
	b := &tab{t: t, sandbox: s}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	b.ctx = ctx
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		if dialog, ok := event.(*cdppage.EventJavascriptDialogOpening); ok {
			b.alarm("dialog: " + dialog.Message)
		}
	}))
	complaints := chromedp.Console(ctx)
	go func() {
		for complaint, err := range complaints {
			if err != nil {
				return
			}
			b.alarm(fmt.Sprint(complaint))
		}
	}()
	_, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Language": language},
	})
	require.NoError(t, err)
	return b
}

func (b *tab) alarm(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.alarms = append(b.alarms, text)
}

// quiet proves that nothing popped up and that the browser had nothing to complain about. It does
// complain about answers that are faults, so flows with such answers do not ask.
func (b *tab) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Empty(b.t, b.alarms)
}

func at(testID string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + testID + `"]`) }

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.sandbox.URL+path), chromedp.WaitVisible(chromedp.CSS("h1")))
}

func (b *tab) text(testID string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Text(at(testID)))
	require.NoError(b.t, err)
	return text
}

func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err)
	return value
}

// fill types a card into the form.
func (b *tab) fill(number string) {
	b.t.Helper()
	b.do(
		chromedp.SendKeys(at("pan"), number),
		chromedp.Clear(at("card-holder-name")), chromedp.SendKeys(at("card-holder-name"), "Ayşe Yılmaz"),
		chromedp.Clear(at("expiry")), chromedp.SendKeys(at("expiry"), "04/40"),
		chromedp.SendKeys(at("cvv"), "916"),
	)
}

func (b *tab) pay(number string) {
	b.t.Helper()
	b.fill(number)
	b.do(chromedp.Click(at("pay")))
}

func TestInABrowser(t *testing.T) {
	t.Parallel()
	chrome := browser(t)
	s := open(t, true)
	for name, flow := range map[string]func(t *testing.T, b *tab){
		"pay in English":             func(t *testing.T, b *tab) { payInABrowser(t, b, "TRY 1,234.50", "Payment successful") },
		"pay in Turkish":             func(t *testing.T, b *tab) { payInABrowser(t, b, "1.234,50 TL", "Ödeme başarılı") },
		"pay without JavaScript":     payWithoutJavaScript,
		"declined, then paid":        declinedThenPaid,
		"faults, then paid":          faultsThenPaid,
		"cancel":                     cancelInABrowser,
		"keyboard only":              keyboardOnly,
		"injected markup stays text": injectionInABrowser,
		"the browser tells the shop": callbackByBrowser,
		"the button tells the shop":  callbackByButton,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			language := "en-GB"
			if name == "pay in Turkish" {
				language = "tr-TR,tr;q=0.9"
			}
			flow(t, newTab(t, chrome, s, language))
		})
	}
}

func payInABrowser(t *testing.T, b *tab, amount, result string) {
	link := b.sandbox.order("1234.5", "TRY", nil)
	b.visit(link)
	require.Equal(t, amount, b.text("amount"))
	require.Equal(t, "0px", ask[string](b, `getComputedStyle(document.body).margin`), "the stylesheet is in force")
	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("result")))
	require.Equal(t, result, b.text("result-status"))
	require.Equal(t, "542119******0656", b.text("masked-pan"))
	require.Equal(t, "Ayşe Yılmaz", b.sandbox.checkout(link).Payment.CardHolderName)
	b.quiet()
}

func payWithoutJavaScript(t *testing.T, b *tab) {
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(t, err)
	b.do(chromedp.Navigate(`data:text/html,<title>off</title><script>document.title='on'</script>`))
	require.Equal(t, "off", ask[string](b, `document.title`))
	link := b.sandbox.order("100.50", "USD", nil)
	b.visit(link)
	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("result")))
	require.Equal(t, "Payment successful", b.text("result-status"))
	require.Equal(t, payment.Paid, b.sandbox.checkout(link).State)
	b.quiet()
}

func declinedThenPaid(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(declinedCard)
	b.do(chromedp.WaitVisible(at("declined")))
	require.Contains(t, b.text("declined"), "Not sufficient funds (51)")
	require.Equal(t, link, ask[string](b, `location.pathname`))

	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("result")))
	require.Equal(t, "Payment successful", b.text("result-status"))
	require.Equal(t, 2, b.sandbox.checkout(link).Attempts)
	b.do(chromedp.Reload())
	require.Equal(t, "Payment successful", b.text("result-status"), "reloading pays nothing")
	require.Equal(t, 2, b.sandbox.checkout(link).Attempts)
	b.quiet()
}

func faultsThenPaid(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(unknownCard)
	b.do(chromedp.WaitVisible(at("error-pan")))
	require.Contains(t, b.text("error-pan"), "not a test card")
	require.Equal(t, "pan", ask[string](b, `document.activeElement.dataset.testid`), "the faulty field has the focus")
	require.Empty(t, ask[string](b, `document.querySelector('[data-testid=pan]').value + document.querySelector('[data-testid=cvv]').value`))
	require.Equal(t, "Ayşe Yılmaz", ask[string](b, `document.querySelector('[data-testid=card-holder-name]').value`))

	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("result")))
	require.Equal(t, payment.Paid, b.sandbox.checkout(link).State)
}

func cancelInABrowser(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.do(chromedp.Click(at("language")), chromedp.WaitVisible(chromedp.CSS(`html[lang=tr] [data-testid=cancel]`)))
	b.do(chromedp.Click(at("cancel")), chromedp.WaitVisible(at("result")))
	require.Equal(t, "Ödemeden vazgeçildi", b.text("result-status"))
	require.Equal(t, payment.LinkCancelled, b.sandbox.checkout(link).State)
	b.quiet()
}

func keyboardOnly(t *testing.T, b *tab) {
	link := b.sandbox.order("600", "TRY", func(o *payment.Order) { o.MaxInstallmentCount = 3 })
	b.visit(link)
	for _, stop := range []struct{ testID, typed string }{
		{"language", ""},
		{"pan", goodCard},
		{"card-holder-name", "AYSE YILMAZ"},
		{"expiry", "0440"},
		{"cvv", "916"},
		{"installments", kb.ArrowDown + kb.ArrowDown},
		{"pay", ""},
		{"cancel", ""},
	} {
		b.do(chromedp.KeyEvent(kb.Tab))
		require.Equal(t, stop.testID, ask[string](b, `document.activeElement.dataset.testid`))
		require.NotEqual(t, "none", ask[string](b, `getComputedStyle(document.activeElement).outlineStyle`), "%s shows its focus", stop.testID)
		b.do(chromedp.KeyEvent(stop.typed))
	}
	b.do(chromedp.Focus(at("cvv")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(at("result")))
	require.Equal(t, "Payment successful", b.text("result-status"))
	require.Equal(t, 3, b.sandbox.checkout(link).Payment.InstallmentCount)
	b.quiet()
}

func injectionInABrowser(t *testing.T, b *tab) {
	attack := `</title></bdi><script>document.title='hacked';alert(1)</script><img src=x onerror="alert(2)"><style>*{display:none}</style>`
	link := b.sandbox.order("100.50", "TRY", func(o *payment.Order) {
		o.OrderID, o.Description, o.CustomerID = attack, attack, attack
	})
	looks := func() {
		t.Helper()
		require.Equal(t, attack, b.text("order-id"))
		require.Equal(t, attack, b.text("description"))
		require.NotContains(t, ask[string](b, `document.title`), "hacked")
		require.Zero(t, ask[int](b, `document.querySelectorAll('script, img, style').length`))
	}
	b.visit(link)
	looks()
	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("result")))
	looks()
	b.quiet()
}

// shop is a merchant whose callback comes by the browser.
func (b *tab) shop() (callback string, told <-chan string) {
	b.t.Helper()
	ids := make(chan string, 10)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost { // browsers ask for icons, too
			ids <- r.PostFormValue("checkoutId")
		}
		_, _ = io.WriteString(w, `<!DOCTYPE html><h1 data-testid="shop">Thank you</h1>`)
	}))
	b.t.Cleanup(shop.Close)
	return shop.URL + "/payment-callback", ids
}

// byBrowser makes an order whose callback goes by the browser.
func (b *tab) byBrowser(callback string) (link string) {
	b.t.Helper()
	set, err := scenarios.Parse("", []byte("version: 1\nscenarios:\n  - {name: b, callback: {via: browser}}\n"))
	require.NoError(b.t, err)
	s := open(b.t, true)
	s.merchant.SetScenarios(set)
	b.sandbox = s
	return s.order("100.50", "TRY", func(o *payment.Order) { o.Callback = callback })
}

func callbackByBrowser(t *testing.T, b *tab) {
	callback, told := b.shop()
	link := b.byBrowser(callback)
	b.visit(link)
	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("shop")))
	require.Equal(t, idOf(link), <-told)
	b.quiet()
}

// Without JavaScript, and after a declined attempt, the customer presses the button.
func callbackByButton(t *testing.T, b *tab) {
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(t, err)
	callback, told := b.shop()
	link := b.byBrowser(callback)
	b.visit(link)
	b.pay(declinedCard)
	b.do(chromedp.WaitVisible(at("declined")), chromedp.Click(at("return")), chromedp.WaitVisible(at("shop")))
	require.Equal(t, idOf(link), <-told)
	b.visit(link)
	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("result")), chromedp.Click(at("return")), chromedp.WaitVisible(at("shop")))
	require.Equal(t, idOf(link), <-told)
	b.quiet()
}

// TestScreenshots takes pictures for people to look at.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("PAYPORTER_MOCK_SCREENSHOTS")
	if folder == "" {
		t.Skip("PAYPORTER_MOCK_SCREENSHOTS names no folder")
	}
	require.NoError(t, os.MkdirAll(folder, 0o755))
	chrome := browser(t)
	for _, language := range []string{"en", "tr"} {
		for _, scheme := range []string{"light", "dark"} {
			for device, size := range map[string][2]int64{"phone": {390, 844}, "desktop": {1280, 900}} {
				b := newTab(t, chrome, open(t, true), language)
				b.do(chromedp.EmulateViewport(size[0], size[1]))
				_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				})
				require.NoError(t, err)
				b.tour(func(name string) {
					picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
					require.NoError(t, err)
					file := fmt.Sprintf("%s-%s-%s-%s.png", name, device, scheme, language)
					require.NoError(t, os.WriteFile(filepath.Join(folder, file), picture, 0o644))
				})
			}
		}
	}
}

// tour visits every kind of screen.
func (b *tab) tour(picture func(name string)) {
	b.t.Helper()
	s := b.sandbox
	link := s.order("12345.50", "TRY", func(o *payment.Order) {
		o.Description, o.MaxInstallmentCount, o.InterestPaidByCustomer = "Two books and a very long pencil, gift wrapped", 6, true
	})
	b.visit(link)
	picture("form")
	b.do(chromedp.SendKeys(at("pan"), unknownCard), chromedp.SendKeys(at("expiry"), "04/20"), chromedp.Click(at("pay")), chromedp.WaitVisible(at("error")))
	picture("errors")
	b.pay(declinedCard)
	b.do(chromedp.WaitVisible(at("declined")))
	picture("declined")
	b.pay(goodCard)
	b.do(chromedp.WaitVisible(at("result")))
	picture("result")
	b.visit(link)
	picture("closed")
	final := s.order("100", "USD", nil)
	b.visit(final)
	b.do(chromedp.Click(at("cancel")), chromedp.WaitVisible(at("result")))
	picture("cancelled")
}
