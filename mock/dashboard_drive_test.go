package mock_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

var instalments = regexp.MustCompile(`(?s)data-testid="pay-installmentCount"[^>]*>(.*?)</select>`)

func TestPayFormOffersTheInstalmentsThatAreAllowed(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	once := c.create("ORD-1", nowhere)
	three := c.create("ORD-2", nowhere, "maxInstallmentCount", "3", "interestPaidByCustomer", "true")

	offered := func(id string) []string {
		_, page := s.asks(http.MethodGet, "/_mock/ui/checkouts/"+id, nil)
		var labels []string
		for _, o := range regexp.MustCompile(`<option[^>]*>([^<]*)<`).FindAllStringSubmatch(
			instalments.FindStringSubmatch(page)[1], -1) {
			labels = append(labels, o[1])
		}
		return labels
	}
	require.Equal(t, []string{"1 × 100.50"}, offered(once))
	require.Equal(t, []string{
		"1 × 100.50", "2 × 51.26 (102.52)", "3 × 34.67 (104.01)",
	}, offered(three))
}

// A debit card and a foreign one pay at once, also where the form comes back without JavaScript.
func TestPayFormOffersOnePaymentForCardsThatPayAtOnce(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c, s := clientOf(t, srv), newSurfer(t, srv.URL)
	at := "/_mock/ui/checkouts/" + c.create("ORD-1", nowhere, "maxInstallmentCount", "3")
	_, page := s.asks(http.MethodGet, at, nil)
	require.Contains(t, page, ">Instalments, in TRY (in all)<")
	for _, card := range payment.TestCards() {
		bounded := regexp.MustCompile(`<option value="` + card.PAN.Digits() + `" data-most="1"`).MatchString(page)
		require.Equal(t, card.InstallmentsAtMost(3) == 1, bounded, card.PAN.Digits())
	}
	require.NotContains(t, instalments.FindStringSubmatch(page)[1], "disabled", "the first card is a credit card")

	for _, card := range payment.TestCards() {
		id := c.create("ORD-2", nowhere, "maxInstallmentCount", "3")
		at = "/_mock/ui/checkouts/" + id
		res, _ := s.asks(http.MethodPost, "/_mock/ui/do/pay?merchant=test_key", url.Values{
			"back": {at}, "checkoutId": {id}, "card": {card.PAN.Digits()}, "installmentCount": {"3"},
		})
		_, page = s.asks(http.MethodGet, ledTo(t, res), nil)
		off := strings.Count(instalments.FindStringSubmatch(page)[1], "hidden disabled")
		require.Equal(t, 3-card.InstallmentsAtMost(3), off, card.PAN.Digits())
	}
}

func TestPayFormSaysWhatEachTestCardDoes(t *testing.T) {
	t.Parallel()
	for mode, wants := range map[string]string{
		"card": "3-D Secure: no code is asked for.", "always": "3-D Secure: the bank asks for a code first, 123456 is right.",
	} {
		srv := start(t, mock.Config{ThreeDSecure: payment.ThreeDSecure(mode)})
		id := clientOf(t, srv).create("ORD-1", nowhere)
		_, page := newSurfer(t, srv.URL).asks(http.MethodGet, "/_mock/ui/checkouts/"+id, nil)
		require.Contains(t, page, "5421 1901 2209 0656 · Paid<", "the number is first and whole")
		require.Regexp(t, `<dt>5421 1901 2209 0656</dt><dd>Paid. `+wants, page, mode)
		require.Contains(t, page, "the bank asks for a code, and none is right")
	}
}
