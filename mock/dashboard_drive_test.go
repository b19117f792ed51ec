package mock_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

var instalments = regexp.MustCompile(`(?s)data-testid="pay-installmentCount">(.*?)</select>`)

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
	require.Equal(t, []string{"1: 100.50 TRY"}, offered(once))
	require.Equal(t, []string{
		"1: 100.50 TRY", "2 × 51.26 TRY, 102.52 in all", "3 × 34.67 TRY, 104.01 in all",
	}, offered(three))
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
