package page_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Whatever an impatient customer does, there is one payment at most and never a page without words.
func TestImpatience(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more walk in a browser; others stay")
	for name, flow := range map[string]func(t *testing.T, b *tab){
		"double click":             doubleClick,
		"Enter again and again":    manyEnters,
		"back after paying":        backAfterPaying,
		"back from the bank":       backFromTheBank,
		"reload":                   reload,
		"two tabs":                 twoTabs,
		"two tabs at the bank":     twoTabsAtTheBank,
		"double click at the bank": doubleClickAtTheBank,
		"leave and return":         leaveAndReturn,
	} {
		for _, c := range extent.First(1, customer{language: "tr", noScripts: true}, customer{language: "en"}) {
			c.goesBack = strings.HasPrefix(name, "back")
			t.Run(name+" "+c.String(), func(t *testing.T) {
				t.Parallel()
				flow(t, newTab(t, open(t, true), c))
			})
		}
	}
}

// paid proves that the link was paid with one attempt, and that the page says it.
func (b *tab) paid(link string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS("h1")))
	b.worded()
	require.Equal(b.t, payment.Paid, b.sandbox.checkout(link).State)
	require.Equal(b.t, 1, b.sandbox.checkout(link).Attempts)
}

// worded proves that the page says something in the customer's language.
func (b *tab) worded() {
	b.t.Helper()
	require.Equal(b.t, b.language, ask[string](b, `document.documentElement.lang`))
	require.NotEmpty(b.t, ask[string](b, `document.querySelector('h1').innerText`))
}

// With scripts the second click is not even sent; without them it is, and changes nothing.
func doubleClick(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.fill(goodCard)
	b.do(chromedp.DoubleClick(at("pay")))
	if b.noScripts {
		b.await(`!document.querySelector('[data-testid=pay-form]') && !!document.querySelector('h1')`)
	} else {
		b.do(chromedp.WaitVisible(at("result")))
		require.Equal(t, 1, b.sandbox.posts(link))
	}
	b.paid(link)
}

func manyEnters(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.fill(goodCard)
	b.do(chromedp.KeyEvent(kb.Enter + kb.Enter + kb.Enter))
	b.await(`!document.querySelector('[data-testid=pay-form]') && !!document.querySelector('h1')`)
	b.paid(link)
}

func backAfterPaying(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(goodCard, "result")
	b.back("pay", "error")
	require.Contains(t, b.text("error"), b.says("Already paid", "Ödeme daha önce yapıldı"))
	b.click("see-result", "result")
	b.paid(link)
}

func backFromTheBank(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(askedCard, "bank")
	b.back("pay", "bank")
	b.paste("bank-code", payment.BankCode)
	b.click("bank-confirm", "result")
	b.back("bank-confirm", "result")
	b.paid(link)
}

// back goes back to where things have moved on. With scripts the page looks for itself; without them
// a browser may show what it remembers, and the button there leads on.
func (b *tab) back(button, awaited string) {
	b.t.Helper()
	was := ask[string](b, `location.pathname`)
	ask[bool](b, `history.back(), true`) // a page out of memory is not loaded, which NavigateBack would wait for
	if b.noScripts {
		b.await(`location.pathname !== '` + was + `' && !!document.querySelector('[data-testid=` + button +
			`], [data-testid=` + awaited + `]')`)
		ask[bool](b, `document.querySelector('[data-testid=`+button+`]')?.click(), true`)
	}
	b.await(`!!document.querySelector('[data-testid=` + awaited + `]')`)
}

func reload(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(askedCard, "bank")
	b.do(chromedp.Reload(), chromedp.WaitVisible(at("bank")))
	require.Equal(t, payment.BankTries, b.sandbox.checkout(link).Challenge.Left)
	b.paste("bank-code", payment.BankCode)
	b.click("bank-confirm", "result")
	b.do(chromedp.Reload(), chromedp.WaitVisible(at("result")))
	require.Equal(t, 2, b.sandbox.posts(link), "the form and the code")
	b.paid(link)
}

func twoTabs(t *testing.T, b *tab) {
	link, other := b.sandbox.order("100.50", "TRY", nil), b.beside()
	for _, tab := range []*tab{b, other} {
		tab.visit(link)
		tab.fill(goodCard)
	}
	b.click("pay", "result")
	other.click("pay", "error")
	require.Contains(t, other.text("error"), b.says("Already paid", "Ödeme daha önce yapıldı"))
	other.paid(link)
}

func twoTabsAtTheBank(t *testing.T, b *tab) {
	link, other := b.sandbox.order("100.50", "TRY", nil), b.beside()
	for _, tab := range []*tab{b, other} {
		tab.visit(link)
		tab.fill(askedCard)
	}
	b.click("pay", "bank")
	other.click("pay", "bank") // led there, too
	require.Equal(t, 1, b.sandbox.checkout(link).Attempts)
	for _, tab := range []*tab{b, other} {
		tab.paste("bank-code", payment.BankCode)
	}
	b.click("bank-confirm", "result")
	other.click("bank-cancel", "result") // too late
	other.paid(link)
}

func doubleClickAtTheBank(t *testing.T, b *tab) {
	link := b.sandbox.atTheBank(askedCard)
	b.visit(link)
	b.paste("bank-code", wrongCode)
	b.do(chromedp.DoubleClick(at("bank-confirm")))
	b.await(`!!document.querySelector('[data-testid=bank-error]')`)
	if !b.noScripts {
		require.Equal(t, payment.BankTries-1, b.sandbox.checkout(link).Challenge.Left, "one try")
	}
	b.worded()
	b.paste("bank-code", payment.BankCode)
	b.do(chromedp.DoubleClick(at("bank-confirm")), chromedp.WaitVisible(at("result")))
	b.paid(link)
}

func leaveAndReturn(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.fill(askedCard)
	b.do(chromedp.Navigate("about:blank"))
	b.visit(link)
	b.pay(askedCard, "bank")
	b.do(chromedp.Navigate("about:blank"))
	b.visit(link)
	b.do(chromedp.WaitVisible(at("bank")))
	b.paste("bank-code", payment.BankCode)
	b.click("bank-confirm", "result")
	b.do(chromedp.Navigate("about:blank"))
	b.visit(link)
	b.click("see-result", "result")
	b.paid(link)
}

// While the payment is on its way the page says so and takes nothing more; a page that comes back
// from memory is ready again, or looks at how things stand.
func TestPayIsBusy(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)
	b := newTab(t, s, customer{language: "tr"})
	b.visit(link)
	b.fill(goodCard)
	// What the script lets go is counted and held back, as a slow network would.
	ask[bool](b, `window.sent = 0, addEventListener('submit', e => { window.sent += !e.defaultPrevented; `+
		`e.preventDefault() }), true`)
	b.do(chromedp.DoubleClick(at("pay")))
	b.do(chromedp.Focus(at("cvv")), chromedp.KeyEvent(kb.Enter))
	ask[bool](b, `document.querySelector('[data-testid=pay-form]').requestSubmit(), true`)
	require.Equal(t, 1, ask[int](b, `window.sent`))
	require.Equal(t, "Bir dakika lütfen…", b.text("pay"))
	require.True(t, ask[bool](b, `document.querySelector('[data-testid=pay]').disabled`))

	ask[bool](b, `dispatchEvent(new PageTransitionEvent('pageshow', {persisted: false}))`)
	require.Equal(t, "100,50 TL öde", b.text("pay"))
	require.False(t, ask[bool](b, `document.querySelector('[data-testid=pay]').disabled`))

	require.Equal(t, http.StatusSeeOther, s.post(link, card(goodCard)).Status)
	ask[bool](b, `dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))`)
	b.do(chromedp.WaitVisible(at("see-result")))
	b.paid(link)
}
