package payment_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestEveryTestCardIsComplete(t *testing.T) {
	t.Parallel()
	cards := payment.TestCards()
	require.Len(t, cards, 39)
	require.Equal(t, "5421190122090656", cards[0].PAN.Digits(), "PayPorter's own example comes first")
	for _, c := range cards {
		require.True(t, payment.Luhn(c.PAN.Digits()), "%s", c.PAN)
		require.Contains(t, []string{"VISA", "MASTERCARD", "TROY", "AMEX"}, c.Scheme, "%s", c.PAN)
		require.Contains(t, []string{"CREDIT", "DEBIT"}, c.Type, "%s", c.PAN)
		require.Contains(t, []string{"DOM", "INT"}, c.DomInt(), "%s", c.PAN)
		require.NotEmpty(t, c.SubType(), "%s", c.PAN)
		require.NotEmpty(t, c.Outcome.ResultCode, "%s", c.PAN)
		require.NotEmpty(t, c.Outcome.ResultMessage, "%s", c.PAN)
		require.NotEmpty(t, c.Source, "%s", c.PAN)
	}
}

func TestCardsDecideTheOutcome(t *testing.T) {
	t.Parallel()
	for pan, want := range map[payment.PAN]payment.Outcome{
		"5421190122090656": {Status: payment.Success, ResultCode: "SUCCESS", ResultMessage: "Successful"},
		"5406670000000009": {Status: payment.Success, ResultCode: "SUCCESS", ResultMessage: "Successful"},
		"4111111111111129": {Status: payment.Failed, ResultCode: "51", ResultMessage: "Not sufficient funds"},
		"4129111111111111": {Status: payment.Failed, ResultCode: "05", ResultMessage: "Do not honour"},
		"4124111111111116": {Status: payment.Failed, ResultCode: "82", ResultMessage: "Invalid CVV"},
		"4131111111111117": {
			Status: payment.Failed, ResultCode: "MD_STATUS_0",
			ResultMessage: "3-D Secure authentication failed",
		},
		"4141111111111115": {Status: payment.Failed, ResultCode: "MD_STATUS_4", ResultMessage: "3-D Secure authentication " +
			"was only attempted"},
		"4151111111111112": {
			Status: payment.Failed, ResultCode: "3DS_NOT_INITIALISED",
			ResultMessage: "3-D Secure cannot be initialised",
		},
	} {
		card, ok := payment.FindTestCard(pan)
		require.True(t, ok, "%s", pan)
		require.Equal(t, want, card.Outcome)
	}
}

func TestSecretsMaskThemselves(t *testing.T) {
	t.Parallel()
	const pan, cvv = "5421190122090656", "hidden-cvv"
	card := payment.Card{PAN: pan, Holder: "AYŞE YILMAZ", ExpiryMonth: 4, ExpiryYear: 2028, CVV: cvv}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, verb+"\n", card)
		fmt.Fprintf(&out, verb+" "+verb+"\n", card.PAN, card.CVV)
	}
	require.NoError(t, json.NewEncoder(&out).Encode(card))
	slog.New(slog.NewTextHandler(&out, nil)).Info("card", "card", card, "pan", card.PAN, "cvv", card.CVV)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("card", "card", card, "pan", card.PAN, "cvv", card.CVV)
	require.NotContains(t, out.String(), pan)
	require.NotContains(t, out.String(), fmt.Sprintf("%x", pan))
	require.NotContains(t, out.String(), cvv)
	require.Contains(t, out.String(), "542119******0656")
}

func TestAmexIsMaskedLikeTheOthers(t *testing.T) {
	t.Parallel()
	require.Equal(t, "374427******0003", payment.PAN("374427000000003").Masked())
}

func TestCardCheckNamesEveryFault(t *testing.T) {
	t.Parallel()
	good := payment.Card{PAN: "5421190122090656", Holder: "AYŞE YILMAZ", ExpiryMonth: 4, ExpiryYear: 2028, CVV: "916"}
	for name, c := range map[string]struct {
		change func(*payment.Card)
		want   []payment.FieldError
	}{
		"a good card": {func(*payment.Card) {}, nil},
		"a real card": {
			func(c *payment.Card) { c.PAN = "4242424242424242" },
			[]payment.FieldError{{Field: "pan", Message: "is not a test card of this sandbox; never enter a real card here"}},
		},
		"everything at once": {
			func(c *payment.Card) { *c = payment.Card{} },
			[]payment.FieldError{
				{Field: "pan", Message: "is not a test card of this sandbox; never enter a real card here"},
				{Field: "cardHolderName", Message: "is required"},
				{Field: "expiry", Message: "must be a month and a year such as 04/28"},
				{Field: "cvv", Message: "must have 3 digits"},
			},
		},
		"last month": {
			func(c *payment.Card) { c.ExpiryMonth, c.ExpiryYear = 10, 2026 },
			[]payment.FieldError{{Field: "expiry", Message: "is in the past"}},
		},
		"this month is still good":    {func(c *payment.Card) { c.ExpiryMonth, c.ExpiryYear = 11, 2026 }, nil},
		"an Amex has four CVV digits": {func(c *payment.Card) { c.PAN, c.CVV = "374427000000003", "1234" }, nil},
		"an Amex with three": {
			func(c *payment.Card) { c.PAN = "374427000000003" },
			[]payment.FieldError{{Field: "cvv", Message: "must have 4 digits"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			card := good
			c.change(&card)
			_, faults := card.Check(noon)
			require.Equal(t, c.want, faults)
		})
	}
}

func TestParseExpiry(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]int{
		"04/28": {4, 2028}, "4/28": {4, 2028}, "04 / 28": {4, 2028}, "04/2028": {4, 2028}, "12/30": {12, 2030},
		"13/28": {0, 0}, "0428": {0, 0}, "04/": {0, 0}, "": {0, 0}, "aa/bb": {0, 0}, "04/028": {0, 0}, "00/28": {0, 2028},
	} {
		month, year := payment.ParseExpiry(text)
		require.Equal(t, want, [2]int{month, year}, "%q", text)
	}
}

func TestMaskText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"paid with 4242424242424242 today":                   "paid with 424242******4242 today",
		"4242 4242 4242 4242":                                "424242******4242",
		"4242-4242-4242-4242,":                               "424242******4242,",
		`{"pan":"5421190122090656","x":"5421190122090656"}`:  `{"pan":"542119******0656","x":"542119******0656"}`,
		"4%25204242424242424242":                             "4%2520424242******4242",
		"4242%25204242%25204242%25204242":                    "424242******4242",
		"4242+4242+4242+4242 4242.4242.4242.4242":            "424242******4242 424242******4242",
		"a%204242%204242%2D4242+4242&b":                      "a%20424242******4242&b",
		"pan%3D4242424242424242":                             "pan%3D424242******4242",
		"100.50 + 192.168.100.100 2026.11.27-10.20":          "100.50 + 192.168.100.100 2026.11.27-10.20",
		"374427000000003":                                    "374427******0003",
		"4242424242424243 fails the check":                   "4242424242424243 fails the check",
		"order 1763900000000":                                "order 1763900000000",
		"42424242424242424242 has twenty digits":             "42424242424242424242 has twenty digits",
		`a\n4242424242424242`:                                `a\n424242******4242`, // as JSON escapes it
		"card4242424242424242x":                              "card424242******4242x",
		"8d3f4242-4242-4242-8242-424242424242":               "8d3f4242-4242-4242-8242-424242424242",
		"19:55:26 00000000-0000-4000-8000-000000000001: x":   "19:55:26 00000000-0000-4000-8000-000000000001: x",
		"4222222222222 123e4567-e89b-12d3-a456-426614174000": "422222******2222 123e4567-e89b-12d3-a456-426614174000",
		"4539578763621486-1234-4234-8234-123456789012":       "453957******1486-1234-4234-8234-123456789012",
		"4242424242424242-a":                                 "424242******4242-a",
		"123e4567-e89b-12d3-a456-426614174000":               "123e4567-e89b-12d3-a456-426614174000",
		"":                                                   "",
	} {
		require.Equal(t, want, payment.MaskText(text))
	}
}
