package page_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

const wrongCode = "000000"

func code(code string) url.Values { return url.Values{"code": {code}} }

// atTheBank is an order whose customer has pressed Pay and is asked for a code.
func (s *sandbox) atTheBank(number string) (link string) {
	s.t.Helper()
	link = s.order("100.50", "TRY", nil)
	asked := s.post(link, card(number))
	require.Equal(s.t, http.StatusSeeOther, asked.Status)
	require.Equal(s.t, link+"/bank", asked.location())
	require.Equal(s.t, payment.Authenticating, s.checkout(link).State)
	return link
}

func TestBank(t *testing.T) {
	t.Parallel()

	t.Run("its page says what is paid, with which card, and until when", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		s.stopAt(s.merchant.Clock().Now())
		link := s.atTheBank(askedCard)
		bank := s.get(link + "/bank")
		require.Equal(t, http.StatusOK, bank.Status)
		require.Equal(t, "Sandbox Bank", bank.text("bank-name"))
		require.Equal(t, "TRY 100.50", bank.text("amount"))
		require.Equal(t, "ORD-12345", bank.text("order-id"))
		require.Equal(t, "400000******3184", bank.text("masked-pan"))
		require.Equal(t, "one-time-code", bank.value("bank-code", "autocomplete"))
		require.Equal(t, "numeric", bank.value("bank-code", "inputmode"))
		require.Contains(t, bank.text("bank-hint"), payment.BankCode)
		require.Equal(t, "3 tries left.", bank.text("bank-tries-left"))
		require.Equal(t, "180", bank.value("bank-time-left", "data-seconds"))
		ends := s.checkout(link).Challenge.EndsAt.UTC().Format("15:04:05")
		require.Equal(t, "Valid until "+ends+" UTC", bank.text("bank-time-left"))
		require.Equal(t, "181", bank.Header.Get("Refresh"))
		require.Nil(t, bank.find("bank-error"))
		require.NotContains(t, bank.Body, askedCard)
		require.Contains(t, s.get(link+"/bank?lang=tr").text("bank-hint"), "Deneme ortamının şifresi")
	})

	t.Run("the right code pays", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(askedCard)
		paid := s.post(link+"/bank?lang=tr", code(payment.BankCode))
		require.Equal(t, link+"/result?lang=tr", paid.location())
		require.Equal(t, payment.Paid, s.checkout(link).State)
		require.Equal(t, "SUCCESS", s.get(link+"/result").value("result-status", "data-status"))

		again := s.post(link+"/bank", code(payment.BankCode))
		require.Equal(t, link+"/result", again.location())
		require.Equal(t, 1, s.checkout(link).Attempts)
	})

	t.Run("the right code may still be declined", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(poorAsked)
		require.Equal(t, link, s.post(link+"/bank", code(payment.BankCode)).location())
		require.Equal(t, "Not sufficient funds (51)", s.get(link).text("bank-answer"))
	})

	t.Run("wrong codes take the tries away, and the last one the payment", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(askedCard)
		require.Equal(t, link+"/bank", s.post(link+"/bank", code("  ")).location())
		require.Nil(t, s.get(link+"/bank").find("bank-error"), "nothing typed is no try")
		for _, left := range []string{"2 tries left.", "This is your last try."} {
			require.Equal(t, link+"/bank", s.post(link+"/bank", code(wrongCode)).location())
			bank := s.get(link + "/bank")
			require.Equal(t, "This code is wrong. Try again.", bank.text("bank-error"))
			require.Equal(t, "true", bank.value("bank-code", "aria-invalid"))
			require.Equal(t, left, bank.text("bank-tries-left"))
		}
		require.Equal(t, link, s.post(link+"/bank", code(wrongCode)).location())
		form := s.get(link)
		require.Equal(t, "3-D Secure authentication failed (MD_STATUS_0)", form.text("bank-answer"))

		require.Equal(t, link+"/result", s.post(link, card(goodCard)).location())
		require.Equal(t, 2, s.checkout(link).Attempts)
	})

	t.Run("no code is right for a card whose authentication fails", func(t *testing.T) {
		t.Parallel()
		s := open(t, false)
		link := s.atTheBank(hopelessCard)
		require.Equal(t, link+"/result", s.post(link+"/bank", code(payment.BankCode)).location())
		require.Equal(t, payment.Declined, s.checkout(link).State)
	})

	t.Run("who leaves has not paid", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(askedCard)
		require.Equal(t, link, s.send(http.MethodPost, link+"/bank/cancel", nil).location())
		require.Contains(t, s.get(link).text("bank-answer"), "cancelled by the cardholder")
		require.Equal(t, link, s.send(http.MethodPost, link+"/bank/cancel", nil).location())
	})

	t.Run("who is slow has not paid", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		s.stopAt(s.merchant.Clock().Now())
		link := s.atTheBank(askedCard)
		_, err := s.merchant.Queue().Advance(t.Context(), 3*time.Minute)
		require.NoError(t, err)
		require.Equal(t, link, s.get(link+"/bank").location(), "what the page's own Refresh meets")
		require.Contains(t, s.get(link).text("bank-answer"), "not completed in time")
		require.Equal(t, link, s.post(link+"/bank", code(payment.BankCode)).location())
		require.Equal(t, payment.Open, s.checkout(link).State)
	})

	t.Run("who comes a moment too late has not paid", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(askedCard)
		require.NoError(t, s.merchant.Queue().Quiet(func() error { // keeps the bank from giving up, as a busy machine might
			s.stopAt(s.checkout(link).Challenge.EndsAt)
			require.Equal(t, "0", s.get(link+"/bank").value("bank-time-left", "data-seconds"))
			require.Equal(t, link, s.post(link+"/bank", code(payment.BankCode)).location())
			return nil
		}))
		require.Contains(t, s.get(link).text("bank-answer"), "not completed in time")
	})

	t.Run("whoever comes back is led to it", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(askedCard)
		for name, got := range map[string]seen{
			"link": s.get(link + "?lang=tr"), "result": s.get(link + "/result?lang=tr"),
			"pay again": s.post(link+"?lang=tr", card(goodCard)), "cancel": s.send(http.MethodPost, link+"/cancel?lang=tr", nil),
		} {
			require.Equal(t, http.StatusSeeOther, got.Status, name)
			require.Equal(t, link+"/bank?lang=tr", got.location(), name)
		}
		require.Equal(t, 1, s.checkout(link).Attempts)
	})

	t.Run("whoever has nothing to do there is led on", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("100.50", "TRY", nil)
		require.Equal(t, link, s.get(link+"/bank").location())
		require.Equal(t, link, s.post(link+"/bank", code(payment.BankCode)).location())
		s.post(link, card(goodCard))
		require.Equal(t, link+"/result", s.get(link+"/bank").location())
	})

	t.Run("its instalments are with the interest", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.order("1000", "TRY", func(o *payment.Order) { o.MaxInstallmentCount, o.InterestPaidByCustomer = 3, true })
		form := card(hopelessCard) // the other one is from abroad, and pays at once
		form.Set("installmentCount", "3")
		s.post(link, form)
		require.Equal(t, "TRY 1,035.00", s.get(link+"/bank").text("amount"))
	})

	t.Run("what is no form costs no try", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(askedCard)
		got := s.send(http.MethodPost, link+"/bank", strings.NewReader(`{"code":"1"}`), "Content-Type", "application/json")
		require.Equal(t, http.StatusUnsupportedMediaType, got.Status)
		require.Equal(t, link+"/bank?lang=tr", got.value("language", "href"))
		require.Equal(t, payment.BankTries, s.checkout(link).Challenge.Left)
		require.Equal(t, "OPTIONS, POST", s.get(link+"/bank/cancel").Header.Get("Allow"))
	})

	t.Run("its journal says what was done there, but no code", func(t *testing.T) {
		t.Parallel()
		s := open(t, true)
		link := s.atTheBank(askedCard)
		s.get(link + "/bank")
		s.post(link+"/bank", code(unknownCard))
		s.nowhere(link+"/bank", unknownCard)
		s.send(http.MethodPost, link+"/bank/cancel", nil)
		entries := s.newest(store.EntryQuery{Kind: store.EntryBank}, 0)
		require.Len(t, entries, 4)
		bodies := map[string]string{}
		for _, e := range entries {
			bodies[e.Request.Method+" "+e.Request.URL] = string(e.Request.Body)
			require.Equal(t, idOf(link), e.CheckoutID)
		}
		require.Equal(t, map[string]string{
			"GET " + link + "/bank": "", "POST " + link + "/bank": "code=***", "POST " + link + "/bank/cancel": "",
		}, bodies)
	})
}
