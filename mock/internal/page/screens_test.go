package page_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"
)

// screens is every page in every state, and how a customer comes to see it.
var screens = map[string]func(b *tab){
	"form": func(b *tab) { b.visit(b.sandbox.books(1)) },
	"form-instalments": func(b *tab) {
		b.visit(b.sandbox.books(6))
		b.do(chromedp.Focus(at("installments")), chromedp.KeyEvent("3"))
		b.paste("pan", "9792 0720 0001 7956")
	},
	"form-faulty": func(b *tab) {
		b.visit(b.sandbox.books(3))
		b.paste("pan", "5421 1901 2209 0655")
		b.paste("expiry", "04/20")
		b.click("pay", "error-pan")
	},
	"form-faulty-by-server": func(b *tab) {
		b.visit(b.sandbox.books(3))
		b.fill(goodCard)
		ask[string](b, `document.querySelector('[data-testid=installments]').selectedOptions[0].value = '99'`)
		b.click("pay", "error-installments")
	},
	"form-test-cards": func(b *tab) {
		b.visit(b.sandbox.books(1))
		b.click("test-cards-summary", "test-cards-3ds")
	},
	"form-filled-in": func(b *tab) { b.visit(b.sandbox.books(1) + "?lang=" + b.language + "&card=" + goodCard) },
	"form-declined": func(b *tab) {
		b.visit(b.sandbox.books(1))
		b.pay(declinedCard, "declined")
	},
	"form-declined-with-return": func(b *tab) {
		callback, _ := b.shop()
		b.visit(b.byBrowser(callback))
		b.pay(declinedCard, "return")
	},
	"bank": func(b *tab) {
		b.visit(b.sandbox.books(1))
		b.pay(askedCard, "bank")
	},
	"bank-wrong-code": func(b *tab) {
		b.visit(b.sandbox.books(1))
		b.pay(askedCard, "bank")
		b.paste("bank-code", wrongCode)
		b.click("bank-confirm", "bank-error")
	},
	"result-paid": func(b *tab) {
		b.visit(b.sandbox.books(6))
		b.do(chromedp.Focus(at("installments")), chromedp.KeyEvent("3"))
		b.pay(goodCard, "result")
	},
	"result-declined": func(b *tab) {
		b.sandbox = open(b.t, false)
		b.visit(b.sandbox.books(1))
		b.pay(declinedCard, "result")
	},
	"result-cancelled": func(b *tab) {
		b.visit(b.sandbox.books(1))
		b.click("cancel", "result")
	},
	"result-expired": func(b *tab) { b.visit(b.sandbox.ended(payment.Expired) + "/result") },
	"result-processing": func(b *tab) {
		b.visit(b.sandbox.ended(payment.Processing) + "/result")
		ask[bool](b, `stop(), true`) // it would look again by itself while we do
	},
	"closed-paid":       func(b *tab) { b.visit(b.sandbox.ended(payment.Paid)) },
	"closed-processing": func(b *tab) { b.visit(b.sandbox.ended(payment.Processing)) },
	"closed-declined":   func(b *tab) { b.visit(b.sandbox.ended(payment.Declined)) },
	"closed-cancelled":  func(b *tab) { b.visit(b.sandbox.ended(payment.LinkCancelled)) },
	"closed-expired":    func(b *tab) { b.visit(b.sandbox.ended(payment.Expired)) },
	"unknown-link":      func(b *tab) { b.visit("/checkout-link/123e4567-e89b-42d3-a456-426614174000") },
}

// books is an order as shops have them.
func (s *sandbox) books(installments int) (link string) {
	return s.order("12345.50", "TRY", func(o *payment.Order) {
		o.OrderID, o.Description = "ORD-20391", "Two books and a very long pencil, gift wrapped"
		o.MaxInstallmentCount, o.InterestPaidByCustomer = installments, true
	})
}

// ended is a link that nobody can pay.
func (s *sandbox) ended(state payment.State) (link string) {
	link = s.books(1)
	closing[state](s, link)
	return link
}

// TestScreens looks at every page in every state, in both languages, on a phone and on a desk, by
// day and by night: axe finds nothing that keeps somebody out, nothing is cut off, and pictures are
// taken for people where PAYPORTER_MOCK_SCREENSHOTS names a folder.
func TestScreens(t *testing.T) {
	t.Parallel()
	axe := axeSource(t)
	folder := os.Getenv("PAYPORTER_MOCK_SCREENSHOTS")
	if folder != "" {
		require.NoError(t, os.MkdirAll(folder, 0o755))
	}
	for _, name := range extent.Every(1, 8, slices.Sorted(maps.Keys(screens))) {
		show := screens[name]
		for _, language := range extent.First(1, "tr", "en") {
			t.Run(name+"-"+language, func(t *testing.T) {
				t.Parallel()
				b := newTab(t, open(t, !strings.HasPrefix(name, "closed-declined")), customer{language: language})
				show(b)
				ask[bool](b, axe+";true")
				for _, c := range extent.First(1, customer{phone: true, dark: true}, customer{}, customer{dark: true},
					customer{phone: true}) {
					b.look(c.phone, c.dark)
					require.Empty(t, b.violations(), "%+v", c)
					require.LessOrEqual(t, ask[int](b, `document.documentElement.scrollWidth - innerWidth`), 0,
						"nothing is cut off: %+v", c)
					if folder != "" {
						b.picture(folder, name, c)
					}
				}
			})
		}
	}
}

// axeSource is the program of axe-core.
func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../../../testdata/playwright/node_modules/axe-core/axe.min.js")
	if err != nil {
		extent.Required(t, "axe-core is missing: run npm ci in testdata/playwright")
	}
	return string(source)
}

// violations is what axe has to say against the page.
func (b *tab) violations() []string {
	b.t.Helper()
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ['violations']}).then(r =>
		r.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.target + ': ' + n.failureSummary)))`, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err)
	return found
}

func (b *tab) picture(folder, name string, c customer) {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(b.t, err)
	device, scheme := "desktop", "light"
	if c.phone {
		device = "phone"
	}
	if c.dark {
		scheme = "dark"
	}
	file := fmt.Sprintf("%s-%s-%s-%s.png", name, device, scheme, b.language)
	require.NoError(b.t, os.WriteFile(filepath.Join(folder, file), picture, 0o644))
}

// A first visit is light: the form with everything that it loads.
func TestWeight(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	form := s.get(s.books(12) + "?lang=tr")
	weight := len(form.Body)
	for _, tag := range [][2]string{{"link", "href"}, {"script", "src"}} {
		for _, n := range form.elements(tag[0]) {
			weight += len(s.get(form.resolved(attr(n, tag[1]))).Body)
		}
	}
	require.Less(t, weight, 60<<10)
	require.Greater(t, weight, 20<<10, "everything was weighed")
}
