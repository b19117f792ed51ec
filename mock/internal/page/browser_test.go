package page_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// quickFlows are what a quick run sees of TestInABrowser: the ways to the end, and who has no mouse.
var quickFlows = []string{"pay", "declined, then paid", "the bank's code", "cancel", "keyboard only"}

// Everything that a customer can do works with scripts and without, in both languages, on a phone
// and at a desk.
func TestInABrowser(t *testing.T) {
	t.Parallel()
	for name, flow := range map[string]func(t *testing.T, b *tab){
		"pay":                         payInABrowser,
		"pay in instalments":          payInInstalments,
		"declined, then paid":         declinedThenPaid,
		"faults, then paid":           faultsThenPaid,
		"a test card by one click":    fillByOneClick,
		"cancel":                      cancelInABrowser,
		"keyboard only":               keyboardOnly,
		"the bank's code":             codeOfTheBank,
		"wrong codes":                 wrongCodes,
		"not at the bank":             leaveTheBank,
		"injected markup stays text":  injectionInABrowser,
		"the browser tells the shop":  callbackByBrowser,
		"language switch at the bank": languageAtTheBank,
	} {
		for _, c := range extent.First(1,
			customer{language: "en"}, customer{language: "tr", noScripts: true, phone: true},
			customer{language: "tr", phone: true}, customer{language: "en", noScripts: true},
		) {
			t.Run(name+" "+c.String(), func(t *testing.T) {
				t.Parallel()
				if !slices.Contains(quickFlows, name) {
					extent.NotQuick(t, "one more walk in a browser; others stay")
				}
				flow(t, newTab(t, open(t, true), c))
			})
		}
	}
}

// TestScriptsCanBeOff keeps the tests without scripts honest.
func TestScriptsCanBeOff(t *testing.T) {
	t.Parallel()
	for _, off := range []bool{true, false} {
		b := newTab(t, open(t, true), customer{language: "en", noScripts: off})
		b.do(chromedp.Navigate(`data:text/html,<title>off</title><script>document.title='on'</script>`))
		require.Equal(t, map[bool]string{true: "off", false: "on"}[off], ask[string](b, `document.title`))
	}
}

// says is a text in the customer's language.
func (b *tab) says(english, turkish string) string {
	if b.language == "tr" {
		return turkish
	}
	return english
}

func payInABrowser(t *testing.T, b *tab) {
	link := b.sandbox.order("1234.5", "TRY", nil)
	b.visit(link)
	require.Equal(t, b.says("TRY 1,234.50", "1.234,50 TL"), b.text("amount"))
	require.Equal(t, b.says("Pay TRY 1,234.50", "1.234,50 TL öde"), b.text("pay"))
	require.Equal(t, "0px", ask[string](b, `getComputedStyle(document.body).margin`), "the stylesheet is in force")
	b.pay(goodCard, "result")
	require.Equal(t, b.says("Payment successful", "Ödeme başarılı"), b.text("result-status"))
	require.Equal(t, "542119******0656", b.text("masked-pan"))
	require.Equal(t, "Ayşe Yılmaz", b.sandbox.checkout(link).Payment.CardHolderName)
	b.quiet()
}

func payInInstalments(t *testing.T, b *tab) {
	link := b.sandbox.order("1000", "TRY", func(o *payment.Order) {
		o.MaxInstallmentCount, o.InterestPaidByCustomer = 3,
			true
	})
	b.visit(link)
	if !b.noScripts {
		require.Equal(t, b.says("Pay TRY 1,000.00", "1.000,00 TL öde"), b.text("pay"))
	}
	b.do(chromedp.Focus(at("installments")), chromedp.KeyEvent(kb.ArrowDown+kb.ArrowDown))
	want := b.says("Pay TRY 1,035.00", "1.035,00 TL öde")
	if b.noScripts {
		want = b.says("Pay", "Öde") // rather nothing than a wrong amount
	}
	require.Equal(t, want, b.text("pay"))
	b.pay(goodCard, "result")
	require.Equal(t, b.says("TRY 1,035.00", "1.035,00 TL"), b.text("amount"))
	require.Equal(t, 3, b.sandbox.checkout(link).Payment.InstallmentCount)
	b.quiet()
}

func declinedThenPaid(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(declinedCard, "declined")
	require.Contains(t, b.text("declined"), "Not sufficient funds (51)")
	require.Equal(t, link, ask[string](b, `location.pathname`))
	b.pay(goodCard, "result")
	require.Equal(t, 2, b.sandbox.checkout(link).Attempts)
	b.quiet()
}

func faultsThenPaid(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(unknownCard, "error-pan")
	require.Contains(t, b.text("error-pan"), b.says("not a test card", "test kartlarından değil"))
	require.Contains(t, b.text("error"), b.says("Some details are not right", "Bazı bilgiler hatalı"))
	require.Equal(t, "pan", b.focus(), "the faulty field has the focus")
	require.Empty(t, b.value("pan"))
	require.Equal(t, "Ayşe Yılmaz", b.value("card-holder-name"))
	b.pay(goodCard, "result")
	require.Equal(t, payment.Paid, b.sandbox.checkout(link).State)
}

func fillByOneClick(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.click("test-cards-summary", "test-card-"+amexCard)
	b.click("test-card-"+amexCard, "pay")
	b.await(`document.querySelector('[data-testid=pan]').value === '3744 270000 00003'`)
	require.Equal(t, b.says("TEST CARD", "TEST KARTI"), b.value("card-holder-name"))
	b.click("pay", "result")
	require.Equal(t, payment.Paid, b.sandbox.checkout(link).State)
	b.quiet()
}

// await waits for the page to become what the expression says.
func (b *tab) await(expression string) {
	b.t.Helper()
	require.Eventually(b.t, func() bool {
		is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression))
		return err == nil && is
	}, patience, tick, expression)
}

func cancelInABrowser(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	other := b.says("tr", "en")
	b.do(chromedp.Click(at("language")), chromedp.WaitVisible(chromedp.CSS(`html[lang=`+other+`] [data-testid=cancel]`)))
	b.click("cancel", "result")
	require.Equal(t, b.says("Ödemeden vazgeçildi", "Payment cancelled"), b.text("result-status"))
	require.Equal(t, payment.LinkCancelled, b.sandbox.checkout(link).State)
	b.quiet()
}

func keyboardOnly(t *testing.T, b *tab) {
	link := b.sandbox.order("600", "TRY", func(o *payment.Order) { o.MaxInstallmentCount = 3 })
	b.visit(link)
	for _, stop := range []struct{ testID, typed string }{
		{"language", ""},
		{"test-cards-summary", ""},
		{"pan", goodCard},
		{"card-holder-name", "AYSE YILMAZ"},
		{"expiry", "0440"},
		{"cvv", "916"},
		{"installments", kb.ArrowDown + kb.ArrowDown},
		{"pay", ""},
		{"cancel", ""},
	} {
		b.do(chromedp.KeyEvent(kb.Tab))
		require.Equal(t, stop.testID, b.focus())
		require.NotEqual(t, "none", ask[string](b, `getComputedStyle(document.activeElement).outlineStyle`),
			"%s shows its focus", stop.testID)
		b.do(chromedp.KeyEvent(stop.typed))
	}
	b.do(chromedp.Focus(at("cvv")), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(at("result")))
	require.Equal(t, 3, b.sandbox.checkout(link).Payment.InstallmentCount)
	b.quiet()
}

func codeOfTheBank(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(askedCard, "bank")
	require.Equal(t, "bank-code", b.focus())
	require.Equal(t, b.says("TRY 100.50", "100,50 TL"), b.text("amount"))
	b.do(chromedp.KeyEvent(wrongCode + kb.Enter))
	b.do(chromedp.WaitVisible(at("bank-error")))
	b.do(chromedp.SendKeys(at("bank-code"), payment.BankCode))
	b.click("bank-confirm", "result")
	require.Equal(t, b.says("Payment successful", "Ödeme başarılı"), b.text("result-status"))
	require.Equal(t, 1, b.sandbox.checkout(link).Attempts)
	b.quiet()
}

func wrongCodes(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(askedCard, "bank")
	for _, awaited := range []string{"2", "1"} {
		b.do(chromedp.SendKeys(at("bank-code"), wrongCode), chromedp.Click(at("bank-confirm")))
		b.await(`document.querySelector('[data-testid=bank-tries-left]')?.textContent.includes('` +
			map[string]string{"2": "2", "1": b.says("last", "son")}[awaited] + `') === true`)
	}
	b.do(chromedp.SendKeys(at("bank-code"), wrongCode))
	b.click("bank-confirm", "declined")
	require.Contains(t, b.text("declined"), "MD_STATUS_0")
	b.pay(goodCard, "result")
	require.Equal(t, payment.Paid, b.sandbox.checkout(link).State)
	b.quiet()
}

func leaveTheBank(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(askedCard, "bank")
	b.click("bank-cancel", "declined")
	require.Contains(t, b.text("declined"), "cancelled by the cardholder")
	require.Equal(t, payment.Open, b.sandbox.checkout(link).State)
	b.quiet()
}

func languageAtTheBank(t *testing.T, b *tab) {
	link := b.sandbox.order("100.50", "TRY", nil)
	b.visit(link)
	b.pay(askedCard, "bank")
	other := b.says("tr", "en")
	b.do(chromedp.Click(at("language")), chromedp.WaitVisible(chromedp.CSS(`html[lang=`+other+
		`] [data-testid=bank-code]`)))
	b.do(chromedp.SendKeys(at("bank-code"), payment.BankCode))
	b.click("bank-confirm", "result")
	require.Equal(t, b.says("Ödeme başarılı", "Payment successful"), b.text("result-status"))
	b.quiet()
}

func injectionInABrowser(t *testing.T, b *tab) {
	attack := `</title></bdi><script>document.title='hacked';alert(1)</script><img src=x ` +
		`onerror="alert(2)"><style>*{display:none}</style>`
	link := b.sandbox.order("100.50", "TRY", func(o *payment.Order) {
		o.OrderID, o.Description, o.CustomerID = attack, attack, attack
	})
	looks := func() {
		t.Helper()
		require.Equal(t, attack, b.text("order-id"))
		require.Equal(t, attack, b.text("description"))
		require.NotContains(t, ask[string](b, `document.title`), "hacked")
		require.Zero(t, ask[int](b, `document.querySelectorAll('script:not([src*="/checkout-link/assets/page.js"]), img, `+
			`style').length`))
	}
	b.visit(link)
	looks()
	b.do(chromedp.SendKeys(at("card-holder-name"), attack), chromedp.Click(at("pay")), chromedp.WaitVisible(at("error")))
	looks()
	b.pay(askedCard, "bank")
	looks()
	b.do(chromedp.SendKeys(at("bank-code"), payment.BankCode))
	b.click("bank-confirm", "result")
	looks()
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

// byBrowser is the scenario whose callback goes by the browser.
func byBrowser(t *testing.T) *scenarios.Set {
	t.Helper()
	set, err := scenarios.Parse("", []byte("version: 1\nscenarios:\n  - {name: b, callback: {via: browser}}\n"))
	require.NoError(t, err)
	return set
}

// byBrowser makes an order whose callback goes by the browser.
func (b *tab) byBrowser(callback string) (link string) {
	b.t.Helper()
	s := open(b.t, true)
	s.putScenarios(byBrowser(b.t))
	b.sandbox = s
	return s.order("100.50", "TRY", func(o *payment.Order) { o.Callback = callback })
}

// A result is sent by itself where scripts run; without them, and after a declined attempt, the
// customer presses the button.
func callbackByBrowser(t *testing.T, b *tab) {
	callback, told := b.shop()
	link := b.byBrowser(callback)
	b.visit(link)
	b.pay(declinedCard, "declined")
	b.click("return", "shop")
	require.Equal(t, idOf(link), <-told)
	b.visit(link)
	if b.noScripts {
		b.pay(goodCard, "result")
		b.click("return", "shop")
	} else {
		b.pay(goodCard, "shop")
	}
	require.Equal(t, idOf(link), <-told)
	b.quiet()
}
