package payment_test

import (
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

func TestMinorDigits(t *testing.T) {
	t.Parallel()
	known := map[string]int{
		"TRY": 2, "USD": 2, "JPY": 0, "UYI": 0, "KWD": 3, "CLF": 4, "UYW": 4, "XCG": 2, "SLE": 2,
		"ZWG": 2, "VED": 2, "XAD": 2,
	}
	for currency, want := range known {
		got, ok := payment.MinorDigits(currency)
		require.True(t, ok, currency)
		require.Equal(t, want, got, currency)
	}
	for _, currency := range []string{
		"", " ", "T", "try", "TRYX", "D A", "Y T", "XXX", "XTS", "XAU", "BGN", "HRK", "ANG",
		"SLL", "ZWL", "CUC",
	} {
		_, ok := payment.MinorDigits(currency)
		require.False(t, ok, currency)
	}
}

func TestCurrencies(t *testing.T) {
	t.Parallel()
	codes := payment.Currencies()
	require.IsIncreasing(t, codes, "sorted, none twice")
	for _, code := range codes {
		_, ok := payment.MinorDigits(code)
		require.True(t, ok, code)
	}

	t.Run("are those of openapi.yaml", func(t *testing.T) {
		t.Parallel()
		request := createRequest(t)
		require.ElementsMatch(t, request.Properties["currency"].Value.Enum, anySlice(codes))
	})
	t.Run("have the decimals of openapi.yaml", func(t *testing.T) {
		t.Parallel()
		rule, _ := createRequest(t).Extensions["x-payporter-decimals"].(map[string]any)
		others, _ := rule["others"].(map[string]any)
		usual, _ := rule["usual"].(float64)
		listed := map[string]int{}
		for count, currencies := range others {
			for _, code := range currencies.([]any) {
				digits, err := strconv.Atoi(count)
				require.NoError(t, err)
				listed[code.(string)] = digits
			}
		}

		for _, code := range codes {
			want, other := listed[code]
			if !other {
				want = int(usual)
			}
			got, _ := payment.MinorDigits(code)
			require.Equal(t, want, got, code)
			delete(listed, code)
		}
		require.Empty(t, listed, "no other currency is listed")
	})
}

func createRequest(t *testing.T) *openapi3.Schema {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(t, err)
	return spec.Components.Schemas["CreateCheckoutRequest"].Value
}

func anySlice(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}
