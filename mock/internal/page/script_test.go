package page_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// posts is how often a form of the link was sent.
func (s *sandbox) posts(link string) int {
	n := 0
	for _, e := range s.newest(store.EntryQuery{CheckoutID: idOf(link)}, 0) {
		if (e.Kind == store.EntryPage || e.Kind == store.EntryBank) && e.Request.Method == http.MethodPost {
			n++
		}
	}
	return n
}

// caret is where the caret stands in the card number.
func (b *tab) caret() int {
	b.t.Helper()
	return ask[int](b, `document.querySelector('[data-testid=pan]').selectionStart`)
}

func (b *tab) putCaret(place string) {
	b.t.Helper()
	ask[bool](b, `(e => { e.focus(); e.setSelectionRange(`+place+`,`+place+`); return true `+
		`})(document.querySelector('[data-testid=pan]'))`)
}

func TestCardNumberIsGrouped(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	b := newTab(t, s, customer{language: "en"})
	b.visit(s.order("100.50", "TRY", nil))

	b.do(chromedp.SendKeys(at("pan"), "54211"))
	require.Equal(t, "5421 1", b.value("pan"))
	require.Equal(t, 6, b.caret())
	b.do(chromedp.KeyEvent("90122090656"))
	require.Equal(t, "5421 1901 2209 0656", b.value("pan"))

	b.putCaret("5") // behind the first space
	b.do(chromedp.KeyEvent(kb.Backspace))
	require.Equal(t, "5421 9012 2090 656", b.value("pan"), "the digit before the space is gone")
	require.Equal(t, 3, b.caret())
	b.do(chromedp.KeyEvent("1"))
	require.Equal(t, "5421 1901 2209 0656", b.value("pan"))
	b.putCaret("4") // before the first space
	b.do(chromedp.KeyEvent(kb.Delete))
	require.Equal(t, "5421 9012 2090 656", b.value("pan"), "the digit behind the space is gone")
	require.Equal(t, 4, b.caret())
	b.putCaret("2")
	b.do(chromedp.KeyEvent("7"))
	require.Equal(t, "5472 1901 2209 0656", b.value("pan"))
	require.Equal(t, 3, b.caret(), "the caret stays in the middle")

	for pasted, want := range map[string]string{
		"4111-1111-1111-1129":                "4111 1111 1111 1129",
		" 3744 2700 0000 003 ":               "3744 270000 00003",
		"card: 9792072000017956, thanks":     "9792 0720 0001 7956",
		"3744270000000031":                   "3744 270000 00003 1",
		"54211901220906560000":               "5421 1901 2209 0656 0000",
		"no number":                          "",
		"5421\u00a01901\u00a022090656\u200b": "5421 1901 2209 0656",
	} {
		b.paste("pan", pasted)
		require.Equal(t, want, b.value("pan"), pasted)
	}
	b.quiet()
}

func TestExpiryGetsItsSlash(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	b := newTab(t, s, customer{language: "en"})
	b.visit(s.order("100.50", "TRY", nil))
	for typed, want := range map[string]string{
		"0428": "04/28", "04/28": "04/28", "428": "04/28", "4/28": "04/28", "1": "1", "1/28": "01/28", "12": "12/",
		"122028":            "12/2028",
		"12" + kb.Backspace: "12", "ab0c4-28": "04/28",
	} {
		ask[string](b, `document.querySelector('[data-testid=expiry]').value = ''`)
		b.do(chromedp.SendKeys(at("expiry"), typed))
		require.Equal(t, want, b.value("expiry"), "%q", typed)
	}
	b.paste("expiry", "04/2028") // as browsers fill it in
	require.Equal(t, "04/2028", b.value("expiry"))
	b.quiet()
}

// The script knows the scheme of every card that the sandbox knows.
func TestSchemeIsRecognised(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "every test card is typed in a browser")
	names := map[string]string{"VISA": "Visa", "MASTERCARD": "Mastercard", "TROY": "Troy", "AMEX": "American Express"}
	s := open(t, true)
	b := newTab(t, s, customer{language: "tr"})
	b.visit(s.order("100.50", "TRY", nil))
	scheme := `document.querySelector('[data-testid=card-scheme]').innerText.trim()`
	require.Empty(t, ask[string](b, scheme))
	require.Equal(t, "status", ask[string](b, `document.querySelector('[data-testid=card-scheme]').getAttribute('role')`),
		"it is told to who cannot see it")
	for _, card := range payment.TestCards() {
		b.paste("pan", card.PAN.Digits()[:6])
		require.Equal(t, names[card.Scheme], ask[string](b, scheme), card.PAN.Masked())
		require.Equal(t, 1, ask[int](b, `[...document.querySelectorAll('[data-testid=card-scheme] svg')].filter(e => `+
			`e.getBoundingClientRect().width > 0).length`))
	}
	for other, want := range map[string]string{
		"2221": "Mastercard", "2720": "Mastercard", "2721": "", "2220": "",
		"34": "American Express", "37": "American Express", "36": "", "1": "",
	} {
		b.paste("pan", other)
		require.Equal(t, want, ask[string](b, scheme), other)
	}
	b.paste("pan", "37")
	require.Equal(t, 4, ask[int](b, `document.querySelector('[data-testid=cvv]').maxLength`))
	b.paste("pan", "4")
	require.Equal(t, 3, ask[int](b, `document.querySelector('[data-testid=cvv]').maxLength`))
	b.quiet()
}

// What the script finds is said where the server says it and in the same words, and nothing is sent.
func TestScriptSaysWhatTheServerSays(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "every fault is typed in a browser")
	for _, language := range extent.First(1, "tr", "en") {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			link := s.order("100.50", "TRY", nil)
			b := newTab(t, s, customer{language: language})
			for _, typed := range [][4]string{
				{"", "", "", ""},
				{" ", " ", " ", ""},
				{"5421", "AYŞE", "13/40", "12"},
				{unknownCard, unknownCard, "01/20", "123"},
				{goodCard + "00000000", "AYŞE", "00/40", "1"},
				{goodCard, "4012 8888 8888 1881", "4", "123"},
				{amexCard, "AYŞE", "12/40", "123"},
				{goodCard, "AYŞE", "12/2020", "123"},
			} {
				b.visit(link)
				for i, field := range []string{"pan", "card-holder-name", "expiry", "cvv"} {
					b.paste(field, typed[i])
				}
				b.click("pay", "error")
				got := ask[map[string]string](b, `Object.fromEntries([...document.querySelectorAll('.fault')].map(e => `+
					`[e.dataset.testid, e.textContent]))`)
				require.Equal(t, s.faults(link, typed, language), got, "%q", typed)
				require.Equal(t, len(got), ask[int](b, `document.querySelectorAll('[data-testid=error] li a').length`))
				require.True(t, ask[bool](b, `[...document.querySelectorAll('.fault')].every(f => {
					const input = document.querySelector('[aria-describedby="' + f.id + '"]');
					return input.getAttribute('aria-invalid') === 'true' && input.id === f.id.slice(6) })`))
				require.True(t, ask[bool](b, `document.activeElement.getAttribute('aria-invalid') === 'true'`),
					"the first has the focus")
				require.NotContains(t, b.value("pan")+b.value("card-holder-name"), "4012", "what may be a real card is gone")
			}
			require.Equal(t, 8, s.posts(link), "only this test has sent anything")

			b.fill("5421 1901 2209 0655")
			b.click("pay", "error-pan")
			require.Equal(t, b.says("There is a mistake in this number. Compare it with the card.", "Bu numarada bir hata "+
				"var. Kartınızla karşılaştırın."), b.text("error-pan"))
			b.do(chromedp.KeyEvent(kb.End + kb.Backspace + "6"))
			require.False(t, ask[bool](b, `!!document.querySelector('.fault, [aria-invalid]')`), "it is gone once it is mended")
			b.click("pay", "result")
			require.Equal(t, 9, s.posts(link))
			b.quiet()
		})
	}
}

// faults is what the server says to the form, by data-testid.
func (s *sandbox) faults(link string, typed [4]string, language string) map[string]string {
	s.t.Helper()
	got := s.post(link, map[string][]string{
		"pan": {typed[0]}, "cardHolderName": {typed[1]}, "expiry": {typed[2]}, "cvv": {typed[3]},
	}, "Accept-Language", language)
	require.Equal(s.t, http.StatusUnprocessableEntity, got.Status)
	said := map[string]string{}
	for _, id := range faultIDs {
		if got.find(id) != nil {
			said[id] = got.text(id)
		}
	}
	return said
}

// A moved clock moves what has expired, in the script as on the server.
func TestScriptKnowsTheMerchantsTime(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	s.stopAt(s.merchant.Clock().Now().AddDate(20, 0, 0))
	link := s.order("100.50", "TRY", nil)
	b := newTab(t, s, customer{language: "en"})
	b.visit(link)
	b.fill(goodCard) // until 04/40
	b.click("pay", "error-expiry")
	require.Equal(t, "This date is in the past.", b.text("error-expiry"))
	require.Zero(t, s.posts(link))
}

func TestFillIn(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)
	b := newTab(t, s, customer{language: "tr"})
	b.visit(link)
	b.paste("card-holder-name", "Ayşe Yılmaz")
	b.click("test-cards-summary", "test-card-"+poorAsked)
	b.do(chromedp.Click(at("test-card-" + poorAsked)))
	require.Equal(t, "4000 0082 6000 3178", b.value("pan"))
	require.Equal(t, "Ayşe Yılmaz", b.value("card-holder-name"), "what was typed stays")
	require.Equal(t, "pay", b.focus())
	require.False(t, ask[bool](b, `document.querySelector('details').open`))
	require.Equal(t, link, ask[string](b, `location.pathname + location.search + location.hash`), "no other page")
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(at("bank")))
	b.quiet()
}

func TestWaysAreChosenInTheTable(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more walk in a browser; others stay")
	s := open(t, true)
	link := s.order("1000", "TRY", func(o *payment.Order) { o.MaxInstallmentCount, o.InterestPaidByCustomer = 12, true })
	b := newTab(t, s, customer{language: "tr"})
	b.visit(link)
	b.do(chromedp.Click(at("installments-2")))
	require.Equal(t, "2", b.value("installments"))
	require.Equal(t, "1.020,00 TL öde", b.text("pay"))
	require.Equal(t, "2", ask[string](b, `[...document.querySelectorAll('.chosen')].map(r => r.dataset.count).join()`))
	b.pay(goodCard, "result")
	require.Equal(t, 2, s.checkout(link).Payment.InstallmentCount)
	b.quiet()
}

func TestCountdown(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more walk in a browser; others stay")
	s := open(t, true)
	link := s.atTheBank(askedCard)
	b := newTab(t, s, customer{language: "en"})
	b.visit(link)
	require.Contains(t, b.text("bank-time-left"), "Time left:")
	b.await(`/^2:\d\d$/.test(document.querySelector('[role=timer]').textContent)`)
	b.quiet()
}

// The page moves on by itself when the bank has given up, with scripts or without.
func TestBankGivesUpInABrowser(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more walk in a browser; others stay")
	for _, c := range []customer{{language: "en"}, {language: "tr", noScripts: true}} {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			link := s.atTheBank(askedCard)
			_, err := s.merchant.Queue().Advance(t.Context(), s.checkout(link).Challenge.EndsAt.Sub(
				s.merchant.Clock().Now())-2e9)
			require.NoError(t, err)
			b := newTab(t, s, c)
			b.do(chromedp.Navigate(s.URL+link+"/bank"), chromedp.WaitVisible(at("declined")))
			require.Contains(t, b.text("bank-answer"), "not completed in time")
			require.Equal(t, payment.Open, s.checkout(link).State)
		})
	}
}
