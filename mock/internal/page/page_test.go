package page_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

func TestPay(t *testing.T) {
	t.Parallel()

	t.Run("a payment that succeeds leads to its result", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("100.50", "TRY", nil)

		form := s.get(link)
		require.Equal(t, http.StatusOK, form.Status)
		require.Equal(t, "ORD-12345", form.text("order-id"))
		require.Equal(t, "Two books", form.text("description"))
		require.Nil(t, form.find("installments"), "nothing to choose")
		require.Len(t, form.elements("h1"), 1)

		paid := s.post(link, card(goodCard))
		require.Equal(t, http.StatusSeeOther, paid.Status)
		require.Equal(t, link+"/result", paid.location())
		require.Equal(t, payment.Paid, s.checkout(link).State)

		result := s.get(link + "/result")
		require.Equal(t, http.StatusOK, result.Status)
		require.Equal(t, "Payment successful", result.text("result-status"))
		require.Equal(t, "SUCCESS", result.value("result-status", "data-status"))
		require.Equal(t, "542119******0656", result.text("masked-pan"))
		require.Equal(t, "TRY 100.50", result.text("amount"))
		require.NotContains(t, result.Body, goodCard)
	})

	t.Run("what the customer typed is what the merchant gets", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("1000", "TRY", func(o *payment.Order) { o.MaxInstallmentCount, o.InterestPaidByCustomer = 6, true })
		form := card("3744 270000 00003")
		form.Set("cardHolderName", "  AYŞE   YILMAZ ")
		form.Set("expiry", "0440")
		form.Set("cvv", "1234")
		form.Set("installmentCount", "3")
		require.Equal(t, http.StatusSeeOther, s.post(link, form).Status)

		p := s.checkout(link).Payment
		require.Equal(t, payment.Success, p.Status)
		require.Equal(t, "AYŞE YILMAZ", p.CardHolderName)
		require.Equal(t, 3, p.InstallmentCount)
		require.Equal(t, payment.PAN(amexCard).Masked(), p.PAN)

		result := s.get(link+"/result", "Accept-Language", "tr")
		require.Equal(t, "1.035,00 TL", result.text("amount"), "with the interest that the customer pays")
		require.Equal(t, "3 taksit x 345,00 TL (toplam 1.035,00 TL)", result.text("installments"))
	})

	t.Run("a declined payment can be tried again", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("100.50", "TRY", nil)
		require.Nil(t, s.get(link).find("declined"))

		declined := s.post(link, card(declinedCard))
		require.Equal(t, http.StatusSeeOther, declined.Status)
		require.Equal(t, link, declined.location())

		form := s.get(link, "Accept-Language", "tr-TR")
		require.Equal(t, http.StatusOK, form.Status)
		require.Equal(t, "alert", form.value("declined", "role"))
		require.Contains(t, form.text("declined"), "Son ödeme denemeniz reddedildi")
		require.Equal(t, "Not sufficient funds (51)", form.text("bank-answer"))
		require.Nil(t, form.find("error"))
		require.Nil(t, s.post(link, nil).find("declined"), "one thing at a time")

		require.Equal(t, link+"/result", s.post(link, card(goodCard)).location())
		require.Equal(t, 2, s.checkout(link).Attempts)
		require.Nil(t, s.get(link+"/result").find("bank-answer"))
	})

	t.Run("a declined payment that is final leads to its result", func(t *testing.T) {
		t.Parallel()
		s := open(t, false)
		link := s.order("100.50", "TRY", nil)
		require.Equal(t, link+"/result", s.post(link, card(declinedCard)).location())
		result := s.get(link + "/result")
		require.Equal(t, "Payment declined", result.text("result-status"))
		require.Equal(t, "Not sufficient funds (51)", result.text("bank-answer"))
		require.Equal(t, "411111******1129", result.text("masked-pan"))
	})

	t.Run("two tabs never pay twice", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("100.50", "TRY", nil)
		statuses := make([]int, 16)
		var tabs sync.WaitGroup
		for i := range statuses {
			tabs.Go(func() { statuses[i] = s.post(link, card(goodCard)).Status })
		}
		tabs.Wait()
		count := map[int]int{}
		for _, status := range statuses {
			count[status]++
		}
		require.Equal(t, map[int]int{http.StatusSeeOther: 1, http.StatusConflict: 15}, count)
		require.Equal(t, 1, s.checkout(link).Attempts)
	})

	t.Run("a tab that was slower says so", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("100.50", "TRY", nil)
		// The body of this tab is read once the page has found the link open; by then another tab has paid.
		var other seen
		slow := &hooked{
			Reader: strings.NewReader(card(goodCard).Encode()),
			first:  func() { other = s.post(link, card(goodCard)) },
		}
		got := s.send(http.MethodPost, link, slow, "Content-Type", "application/x-www-form-urlencoded", "Expect",
			"100-continue")
		require.Equal(t, http.StatusSeeOther, other.Status)
		require.Equal(t, http.StatusConflict, got.Status)
		require.Contains(t, got.text("error"), "Already paid")
		require.Equal(t, 1, s.checkout(link).Attempts)
	})
}

// hooked calls first before it is read for the first time.
type hooked struct {
	io.Reader
	once  sync.Once
	first func()
}

func (h *hooked) Read(p []byte) (int, error) {
	h.once.Do(h.first)
	return h.Reader.Read(p)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)

	form := s.get(link)
	require.Equal(t, link+"/cancel", form.value("cancel-form", "action"))
	cancelled := s.send(http.MethodPost, link+"/cancel", nil)
	require.Equal(t, http.StatusSeeOther, cancelled.Status)
	require.Equal(t, link+"/result", cancelled.location())
	require.Equal(t, "Payment cancelled", s.get(link+"/result").text("result-status"))
	require.Nil(t, s.get(link+"/result").find("masked-pan"))

	again := s.send(http.MethodPost, link+"/cancel", nil)
	require.Equal(t, http.StatusGone, again.Status)
}

// closing brings a link into each state in which nobody can pay it.
var closing = map[payment.State]func(s *sandbox, link string){
	payment.Paid:          func(s *sandbox, link string) { s.force(link, payment.Success) },
	payment.Processing:    func(s *sandbox, link string) { s.force(link, payment.PendingApproval) },
	payment.Declined:      func(s *sandbox, link string) { s.force(link, payment.Rejected) },
	payment.LinkCancelled: func(s *sandbox, link string) { s.force(link, payment.Cancelled) },
	payment.Expired: func(s *sandbox, _ string) {
		_, err := s.merchant.Queue().Advance(s.t.Context(), 24*time.Hour)
		require.NoError(s.t, err)
	},
}

func (s *sandbox) force(link string, status payment.Status) {
	s.t.Helper()
	_, err := s.merchant.Outcome(s.t.Context(), idOf(link), payment.Outcome{Status: status})
	require.NoError(s.t, err)
}

func TestClosedLink(t *testing.T) {
	t.Parallel()
	for _, want := range []struct {
		state            payment.State
		status           int
		english, turkish string
	}{
		{payment.Paid, http.StatusConflict, "Already paid", "Ödeme daha önce yapıldı"},
		{payment.Processing, http.StatusConflict, "Payment is being processed", "Ödemeniz işleniyor"},
		{payment.Declined, http.StatusGone, "Payment declined", "Ödeme reddedildi"},
		{payment.LinkCancelled, http.StatusGone, "Payment cancelled", "Ödemeden vazgeçildi"},
		{payment.Expired, http.StatusGone, "Payment link expired", "Ödeme bağlantısının süresi doldu"},
	} {
		t.Run(string(want.state), func(t *testing.T) {
			t.Parallel()
			s := open(t, false)
			link := s.order("100.50", "TRY", nil)
			closing[want.state](s, link)
			before := s.checkout(link)
			require.Equal(t, want.state, before.State)

			for _, got := range []seen{s.get(link), s.post(link, card(goodCard)), s.send(http.MethodPost, link+"/cancel", nil)} {
				require.Equal(t, want.status, got.Status)
				require.Contains(t, got.text("error"), want.english)
				require.Contains(t, got.text("error"), "the shop", "what the customer can do")
				require.Nil(t, got.find("pay-form"))
			}
			require.Contains(t, s.get(link, "Accept-Language", "tr").text("error"), want.turkish)
			require.Equal(t, before, s.checkout(link), "nothing changes it any more")

			result := s.get(link + "/result?lang=tr")
			require.Equal(t, http.StatusOK, result.Status)
			require.Equal(t, string(want.state), result.value("result", "data-state"))
			require.Contains(t, result.text("result"), "mağaza")
		})
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)

	t.Run("is found in capitals, too", func(t *testing.T) {
		t.Parallel()
		got := s.get("/checkout-link/" + strings.ToUpper(idOf(link)))
		require.Equal(t, http.StatusOK, got.Status)
		require.Equal(t, link, got.value("pay-form", "action"))
	})

	id := idOf(link)
	for name, path := range map[string]string{
		"unknown":           "/checkout-link/123e4567-e89b-42d3-a456-426614174000",
		"no UUID":           "/checkout-link/42",
		"without hyphens":   "/checkout-link/" + strings.ReplaceAll(id, "-", ""),
		"in braces":         "/checkout-link/%7B" + id + "%7D",
		"as a URN":          "/checkout-link/urn:uuid:" + id,
		"with a space":      "/checkout-link/" + id + "%20",
		"with a slash":      link + "/",
		"with more":         link + "/more/and/more",
		"no id":             "/checkout-link/",
		"nothing":           "/checkout-link",
		"wrong hyphens":     "/checkout-link/" + id[:7] + "-" + id[7:8] + id[9:],
		"encoded slashes":   "/checkout-link/..%2f..%2fetc%2fpasswd",
		"broken UTF-8":      "/checkout-link/%ff%fe",
		"unknown, cancel":   "/checkout-link/42/cancel",
		"unknown, result":   "/checkout-link/42/result",
		"a card number":     "/checkout-link/" + unknownCard,
		"assets, but which": "/checkout-link/assets/other.css",
	} {
		t.Run("is not found: "+name, func(t *testing.T) {
			t.Parallel()
			got := s.get(path, "Accept-Language", "tr")
			require.Equal(t, http.StatusNotFound, got.Status)
			require.Empty(t, got.Header.Get("Allow"))
			require.Contains(t, got.text("error"), "Ödeme bağlantısı bulunamadı")
			require.NotContains(t, got.Body, unknownCard)
			require.NotContains(t, s.log.String(), unknownCard)
		})
	}

	t.Run("result of an open one is its form", func(t *testing.T) {
		t.Parallel()
		got := s.get(link + "/result")
		require.Equal(t, http.StatusSeeOther, got.Status)
		require.Equal(t, link, got.location())
	})
}

func TestLinkWhoseTimeIsOver(t *testing.T) {
	t.Parallel()
	for name, visit := range map[string]func(s *sandbox, link string) seen{
		"get":    func(s *sandbox, link string) seen { return s.get(link) },
		"pay":    func(s *sandbox, link string) seen { return s.post(link, card(goodCard)) },
		"cancel": func(s *sandbox, link string) seen { return s.send(http.MethodPost, link+"/cancel", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			link := s.order("100.50", "TRY", nil)
			// Quiet keeps the expiry from running, as a busy machine might.
			require.NoError(t, s.merchant.Queue().Quiet(func() error {
				s.stopAt(s.checkout(link).ExpiresAt)
				got := visit(s, link)
				require.Equal(t, http.StatusGone, got.Status)
				require.Contains(t, got.text("error"), "Payment link expired")
				require.Equal(t, payment.Expired, s.checkout(link).State)
				return nil
			}))
		})
	}
	t.Run("a moment before it is open", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("100.50", "TRY", nil)
		s.stopAt(s.checkout(link).ExpiresAt.Add(-time.Microsecond))
		require.Equal(t, http.StatusOK, s.get(link).Status)
	})
}

func TestHead(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)
	for _, path := range []string{link, "/checkout-link/42", "/checkout-link/assets/page.css"} {
		got, head := s.get(path), s.send(http.MethodHead, path, nil)
		require.Equal(t, got.Status, head.Status, path)
		require.Empty(t, head.Body, path)
		require.Equal(t, got.Header.Get("Content-Length"), head.Header.Get("Content-Length"), path)
		require.Equal(t, got.Header.Get("Content-Type"), head.Header.Get("Content-Type"), path)
	}
	require.Equal(t, payment.Open, s.checkout(link).State)
}

func TestWrongMethod(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)
	for _, c := range []struct{ method, path, allow string }{
		{http.MethodPut, link, "GET, HEAD, OPTIONS, POST"},
		{http.MethodDelete, link, "GET, HEAD, OPTIONS, POST"},
		{http.MethodTrace, link, "GET, HEAD, OPTIONS, POST"},
		{"NONSENSE", link, "GET, HEAD, OPTIONS, POST"},
		{http.MethodGet, link + "/cancel", "OPTIONS, POST"},
		{http.MethodPost, link + "/result", "GET, HEAD, OPTIONS"},
		{http.MethodPost, "/checkout-link/assets/page.css", "GET, HEAD, OPTIONS"},
	} {
		got := s.send(c.method, c.path, nil)
		require.Equal(t, http.StatusMethodNotAllowed, got.Status, "%s %s", c.method, c.path)
		require.Equal(t, c.allow, got.Header.Get("Allow"), "%s %s", c.method, c.path)
		require.Contains(t, got.text("error"), "This does not work here")
	}
	require.Equal(t, payment.Open, s.checkout(link).State)
}

// What the page refers to may be kept, for as long as it stays what it is.
func TestAssets(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	form := s.get(s.order("100.50", "TRY", nil))
	sheets, scripts := form.elements("link"), form.elements("script")
	require.Len(t, sheets, 1)
	require.Len(t, scripts, 1)
	for _, c := range []struct{ at, contentType, has string }{
		{form.resolved(attr(sheets[0], "href")), "text/css; charset=utf-8", "prefers-color-scheme: dark"},
		{form.resolved(attr(scripts[0], "src")), "text/javascript; charset=utf-8", "'use strict'"},
	} {
		got := s.get(c.at)
		require.Equal(t, http.StatusOK, got.Status)
		require.Equal(t, c.contentType, got.Header.Get("Content-Type"))
		require.Contains(t, got.Header.Get("Cache-Control"), "max-age=")
		require.Contains(t, got.Body, c.has)
		again := s.get(c.at, "If-None-Match", got.Header.Get("ETag"))
		require.Equal(t, http.StatusNotModified, again.Status)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)
	paid := s.order("100.50", "TRY", nil)
	bank := s.atTheBank(askedCard)
	answers := map[string]seen{
		"bank":      s.get(bank + "/bank"),
		"code":      s.post(bank+"/bank", code(wrongCode)),
		"script":    s.get("/checkout-link/assets/page.js"),
		"form":      s.get(link),
		"faulty":    s.post(link, nil),
		"redirect":  s.post(paid, card(goodCard)),
		"closed":    s.get(paid),
		"result":    s.get(paid + "/result"),
		"not found": s.get("/checkout-link/42"),
		"method":    s.send(http.MethodPut, link, nil),
		"type":      s.send(http.MethodPost, link, nil),
		"head":      s.send(http.MethodHead, link, nil),
		"style":     s.get("/checkout-link/assets/page.css"),
	}
	for name, got := range answers {
		h := got.Header
		require.Equal(t, "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; "+
			"frame-ancestors 'none'",
			h.Get("Content-Security-Policy"), name)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), name)
		require.Equal(t, "DENY", h.Get("X-Frame-Options"), name)
		require.Equal(t, "origin", h.Get("Referrer-Policy"), name)
		if name != "style" && name != "script" {
			require.Equal(t, "no-store", h.Get("Cache-Control"), name)
		}
	}
}
