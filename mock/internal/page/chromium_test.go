package page_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/chromium"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

const (
	patience = 30 * time.Second // bounds every wait for something that happens at once on an idle machine
	tick     = 20 * time.Millisecond
)

func TestMain(m *testing.M) {
	flag.Parse()
	extent.Spacious()
	extent.Together(3)
	code := m.Run()
	chromium.Stop()
	os.Exit(code)
}

// customer is who sits in front of a tab, and at what.
type customer struct {
	language  string
	noScripts bool
	dark      bool
	phone     bool
	goesBack  bool // to pages that a whole browser has kept
}

func (c customer) String() string {
	text := c.language
	for _, trait := range []struct {
		is   bool
		name string
	}{{c.noScripts, " without scripts"}, {c.phone, " on a phone"}, {c.dark, " in the dark"}} {
		if trait.is {
			text += trait.name
		}
	}
	return text
}

// tab is one customer's browser, which shares nothing with another one.
type tab struct {
	t       *testing.T
	ctx     context.Context
	sandbox *sandbox
	customer

	mu     sync.Mutex // guards alarms
	alarms []string   // dialogs and complaints of the browser
}

// newTab opens a tab of a customer.
func newTab(t *testing.T, s *sandbox, c customer) *tab {
	t.Helper()
	browser := chromium.Lean
	if c.goesBack {
		browser = chromium.Whole
	}
	b := &tab{t: t, ctx: browser.Window(t, time.Minute), sandbox: s, customer: c}
	b.listen()
	b.equip()
	return b
}

// beside opens another tab of the same customer.
func (b *tab) beside() *tab {
	b.t.Helper()
	return newTab(b.t, b.sandbox, b.customer)
}

func (b *tab) listen() {
	b.t.Helper()
	require.NoError(b.t, chromedp.Listen(b.ctx, func(event any) {
		if dialog, ok := event.(*cdppage.EventJavascriptDialogOpening); ok {
			b.alarm("dialog: " + dialog.Message)
		}
	}))
	complaints := chromedp.Console(b.ctx)
	go func() {
		for complaint, err := range complaints {
			if err != nil {
				return
			}
			if text := fmt.Sprint(complaint); !strings.HasPrefix(text, "info:") { // a remark is no complaint
				b.alarm(text)
			}
		}
	}()
}

// equip gives the tab what the customer's device has.
func (b *tab) equip() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Language": b.language},
	})
	require.NoError(b.t, err)
	_, err = chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: b.noScripts})
	require.NoError(b.t, err)
	b.look(b.phone, b.dark)
}

// look shows the page on a device of that kind.
func (b *tab) look(phone, dark bool) {
	b.t.Helper()
	width, height, scheme := int64(1280), int64(800), "light"
	if phone {
		width, height = 390, 844
	}
	if dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(width, height))
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(b.t, err)
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

// click presses something, and waits until something else is to be seen.
func (b *tab) click(testID, awaited string) {
	b.t.Helper()
	b.do(chromedp.Click(at(testID)), chromedp.WaitVisible(at(awaited)))
}

func (b *tab) text(testID string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Text(at(testID)))
	require.NoError(b.t, err)
	return text
}

// value is what stands in a field.
func (b *tab) value(testID string) string {
	b.t.Helper()
	return ask[string](b, `document.querySelector('[data-testid="`+testID+`"]').value`)
}

// focus is the data-testid of what has the focus.
func (b *tab) focus() string {
	b.t.Helper()
	return ask[string](b, `document.activeElement.dataset.testid || ''`)
}

func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err)
	return value
}

// fill puts a card into the form, each field at once as a customer pastes it.
func (b *tab) fill(number string) {
	b.t.Helper()
	for _, field := range [][2]string{
		{"pan", number},
		{"card-holder-name", "Ayşe Yılmaz"},
		{"expiry", "04/40"},
		{"cvv", "916"},
	} {
		b.paste(field[0], field[1])
	}
}

// paste puts a text in the place of what stands in a field.
func (b *tab) paste(testID, text string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(at(testID)))
	ask[bool](b, `(e => { e.focus(); e.select(); return true })(document.querySelector('[data-testid="`+testID+`"]'))`)
	_, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text})
	require.NoError(b.t, err)
}

// pay types a card, sends it, and waits for something to be seen.
func (b *tab) pay(number, awaited string) {
	b.t.Helper()
	b.fill(number)
	b.click("pay", awaited)
}
