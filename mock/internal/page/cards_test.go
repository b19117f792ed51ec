package page_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

// filled is the form as the page has filled it in.
func (a seen) filled() url.Values {
	return url.Values{
		"pan": {a.value("pan", "value")}, "cardHolderName": {a.value("card-holder-name", "value")},
		"expiry": {a.value("expiry", "value")}, "cvv": {a.value("cvv", "value")},
	}
}

// Every test card is in the fold-out, and one click on it fills in a form that does what it says.
func TestCardsOfTheSandbox(t *testing.T) {
	t.Parallel()
	for _, c := range payment.TestCards() {
		t.Run(c.PAN.Digits(), func(t *testing.T) {
			t.Parallel()
			s := open(t, true)
			link := s.order("100.50", "TRY", nil)
			form := s.get(link)
			id := "test-card-" + c.PAN.Digits()
			says := form.text(id)
			filled := s.get(form.value(id, "href")).filled()
			require.Equal(t, "TEST CARD", filled.Get("cardHolderName"))
			require.Equal(t, form.value(id, "data-number"), filled.Get("pan"))
			require.Equal(t, form.value(id, "data-expiry"), filled.Get("expiry"))
			require.Equal(t, form.value(id, "data-cvv"), filled.Get("cvv"))

			require.Equal(t, http.StatusSeeOther, s.post(link, filled).Status)
			got := s.checkout(link)
			if got.State == payment.Authenticating {
				require.Contains(t, says, "asks for a code")
				got = s.withCode(link)
			} else {
				require.NotContains(t, says, "asks for a code")
			}
			switch {
			case got.Payment.Status == payment.Success && c.Bank3DS == payment.NotAsked:
				require.Contains(t, form.text("test-cards-paid"), says)
			case got.Payment.Status == payment.Success:
				require.Contains(t, says, "Then: Paid")
			case c.Bank3DS == payment.Hopeless:
				require.Contains(t, says, "none is right")
			default:
				require.Contains(t, says, got.Payment.ResultMessage+" ("+got.Payment.ResultCode+")")
			}
			if c.Outcome.Status == payment.Success {
				return
			}
			turkish := s.get(s.order("1", "TRY", nil) + "?lang=tr").find(id)
			require.NotContains(t, textOf(turkish), c.Outcome.ResultMessage, "Turkish has words of its own")
		})
	}
}

func (s *sandbox) withCode(link string) payment.Checkout {
	s.t.Helper()
	s.post(link+"/bank", code(payment.BankCode))
	return s.checkout(link)
}

// Where every card's bank is asked, or none, the fold-out says so.
func TestCardsBySetting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asks        payment.ThreeDSecure
		good, asked string
		state       payment.State // of a link after Pay with a card that is asked by card
	}{
		{
			payment.ThreeDSecureByCard, "Vakıfbank, credit card", "The bank asks for a code. Then: Not sufficient funds (51)",
			payment.Authenticating,
		},
		{payment.ThreeDSecureAlways, "The bank asks for a code. Then: Paid Vakıfbank, credit card", "The bank asks for a " +
			"code. Then: Not sufficient funds (51)", payment.Authenticating},
		{payment.ThreeDSecureNever, "Vakıfbank, credit card", "Not sufficient funds (51)", payment.Open},
	} {
		t.Run(string(c.asks), func(t *testing.T) {
			t.Parallel()
			s := openAs(t, true, c.asks)
			link := s.order("100.50", "TRY", nil)
			form := s.get(link)
			require.Equal(t, "5421 1901 2209 0656 "+c.good, form.text("test-card-"+goodCard))
			require.Equal(t, "4000 0082 6000 3178 "+c.asked+" Foreign, credit card", form.text("test-card-"+poorAsked))
			list := map[bool]string{true: "test-cards-declined", false: "test-cards-3ds"}[c.asks == payment.ThreeDSecureNever]
			require.Contains(t, form.text(list), "4000 0082 6000 3178")
			s.post(link, card(poorAsked))
			require.Equal(t, c.state, s.checkout(link).State)
		})
	}
}

func TestFilledInForm(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	link := s.order("100.50", "TRY", nil)

	require.Equal(t, "TEST KARTI", s.get(link+"?lang=tr&card="+goodCard).filled().Get("cardHolderName"))
	require.Equal(t, "3744 270000 00003", s.get(link+"?card="+amexCard).filled().Get("pan"))
	for _, other := range []string{unknownCard, "", "x", "%3Cscript%3E"} {
		require.Empty(t, s.get(link+"?card="+other).value("pan", "value"), "only a test card is shown")
	}
	s.nowhere(link, goodCard, s.get(link+"?card="+amexCard))
	require.Equal(t, "04/28", s.get(link+"?card="+goodCard).filled().Get("expiry"), "as it is published")
	s.stopAt(time.Date(2028, 5, 1, 0, 0, 0, 0, time.UTC)) // the link is over by then
	later := s.order("100.50", "TRY", nil)
	require.Equal(t, "12/31", s.get(later+"?card="+goodCard).filled().Get("expiry"), "good by the merchant's clock")
}

func TestWaysToPay(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	for _, c := range []struct {
		interest bool
		lang     string
		rows     []string
		pay      string
	}{
		{true, "en", []string{
			"Single payment 1,000.00 – 1,000.00", "2 instalments 510.00 20.00 1,020.00",
			"3 instalments 345.00 35.00 1,035.00",
		}, "Pay"},
		{
			false, "tr",
			[]string{"Tek çekim 1.000,00 1.000,00", "2 taksit 500,00 1.000,00", "3 taksit 333,33 1.000,00"},
			"1.000,00 TL öde",
		},
	} {
		link := s.order("1000", "TRY", func(o *payment.Order) {
			o.MaxInstallmentCount, o.InterestPaidByCustomer = 3,
				c.interest
		})
		form := s.get(link + "?lang=" + c.lang)
		for i, row := range []string{"installments-1", "installments-2", "installments-3"} {
			require.Equal(t, c.rows[i], form.text(row))
		}
		require.Equal(t, c.pay, form.text("pay"), "the amount only where no choice changes it")
	}
}
