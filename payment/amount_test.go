package payment_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payporter-mock/payporter-mock/payment"
)

func TestAmountKeepsItsDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, currency, digits string
		minor                    int64
	}{
		{"100.50", "TRY", "100.50", 10050},
		{"100.5", "TRY", "100.5", 10050},
		{"100", "TRY", "100", 10000},
		{"0.01", "TRY", "0.01", 1},
		{"1249.90", "TRY", "1249.90", 124990},
		{"9999999999.99", "TRY", "9999999999.99", 999999999999},
		{"500", "JPY", "500", 500},
		{"1.234", "KWD", "1.234", 1234},
		{"1e2", "TRY", "100", 10000},
		{"1.5E+1", "TRY", "15", 1500},
		{"1005e-1", "TRY", "100.5", 10050},
		{"1e-2", "TRY", "0.01", 1},
		{"100.5000", "TRY", "100.50", 10050},
		{"100.500", "TRY", "100.50", 10050},
		{"5.0", "JPY", "5", 5},
		{"1500.0", "JPY", "1500", 1500},
		{"1.0E7", "JPY", "10000000", 10000000},
		{"1.0E7", "TRY", "10000000", 1000000000},
		{"12.3450", "KWD", "12.345", 12345},
		{"0.010000000000000000000000000000000000000000000000000000000000000000000", "TRY", "0.01", 1},
	} {
		t.Run(c.number+" "+c.currency, func(t *testing.T) {
			t.Parallel()
			a, err := payment.ParseAmount(c.number, c.currency)
			require.NoError(t, err)
			require.Equal(t, c.digits, a.String())
			require.Equal(t, c.minor, a.Minor())
			require.Equal(t, c.currency, a.Currency())
			encoded, err := json.Marshal(a)
			require.NoError(t, err)
			require.Equal(t, c.digits, string(encoded))
		})
	}
}

func TestAmountRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ number, currency, field, message string }{
		{"-5", "TRY", "amount", "must be greater than 0, got -5"},
		{"-0", "TRY", "amount", "must be greater than 0, got -0"},
		{"0", "TRY", "amount", "must be greater than 0, got 0"},
		{"0.00", "TRY", "amount", "must be greater than 0, got 0.00"},
		{"100.505", "TRY", "amount", "must have at most 2 decimals for TRY, got 100.505"},
		{"1005E-4", "JPY", "amount", "must be a whole number for JPY, got 0.1005"},
		{"1.0E-3", "TRY", "amount", "must have at most 2 decimals for TRY, got 0.001"},
		{"100.5", "JPY", "amount", "must be a whole number for JPY, got 100.5"},
		{"1.2345", "KWD", "amount", "must have at most 3 decimals for KWD, got 1.2345"},
		{"99999999999999999999", "TRY", "amount", "is too large, got 99999999999999999999"},
		{"1e30", "TRY", "amount", "is too large, got 1000000000000000000000000000000"},
		{"1e999999999", "TRY", "amount", "is too large, got 1e999999999"},
		{"-1e-999999999", "TRY", "amount", "must be greater than 0, got -1e-999999999"},
		{"01", "TRY", "amount", "must be a decimal number such as 100.50, got 01"},
		{"NaN", "TRY", "amount", "must be a decimal number such as 100.50, got NaN"},
		{"", "TRY", "amount", "must be a decimal number such as 100.50, got "},
		{"100", "XYZ", "currency", `must be a known ISO 4217 currency code such as TRY, got "XYZ"`},
		{"100", "try", "currency", `must be a known ISO 4217 currency code such as TRY, got "try"`},
	} {
		t.Run(c.number+" "+c.currency, func(t *testing.T) {
			t.Parallel()
			_, err := payment.ParseAmount(c.number, c.currency)
			var fault *payment.Error
			require.ErrorAs(t, err, &fault)
			require.Equal(t, payment.InvalidRequest, fault.Code)
			require.Equal(t, c.field, fault.Field)
			require.Equal(t, c.message, fault.Message)
		})
	}
}

// An amount that is taken means exactly what its digits mean, whatever way they are written.
func TestAmountMeansItsDigits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "number")
		currency := rapid.SampledFrom([]string{"TRY", "JPY", "KWD", "CLF"}).Draw(t, "currency")
		a, err := payment.ParseAmount(number, currency)
		if err != nil {
			t.Skip("refused")
		}
		want, _ := new(big.Rat).SetString(number)
		got, ok := new(big.Rat).SetString(a.String())
		require.True(t, ok)
		require.Zero(t, want.Cmp(got), "%s was read as %s", number, a)
		decimals, _ := payment.MinorDigits(currency)
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
		require.Zero(t, new(big.Rat).Mul(want, scale).Cmp(new(big.Rat).SetInt64(a.Minor())))
	})
}

func TestAmountArithmetic(t *testing.T) {
	t.Parallel()
	a, err := payment.ParseAmount("100.5", "TRY")
	require.NoError(t, err)
	require.Equal(t, "100.50", a.Fixed())
	require.Equal(t, "2.00", a.Percent(199).String()) // 1.99995
	require.Equal(t, "33.50", a.Over(3).String())
	require.Equal(t, "201.00", a.Plus(a).String())
	yen, err := payment.ParseAmount("1000", "JPY")
	require.NoError(t, err)
	require.Equal(t, "20", yen.Percent(199).String())
	small, err := payment.ParseAmount("0.05", "TRY")
	require.NoError(t, err)
	require.Equal(t, "0.00", small.Percent(199).String())
}

// The example of PayPorter's page on installment options.
func TestInstallmentsMatchTheDocumentedExample(t *testing.T) {
	t.Parallel()
	amount, err := payment.ParseAmount("1000.00", "TRY")
	require.NoError(t, err)
	options := payment.Order{Amount: amount, MaxInstallmentCount: 3, InterestPaidByCustomer: true}.Installments()
	require.Len(t, options, 3)
	require.Equal(t, "1000.00", options[0].Total.Fixed())
	require.Equal(t, "510.00", options[1].Each.String())
	require.Equal(t, "1020.00", options[1].Total.String())
	require.Equal(t, "345.00", options[2].Each.String())
	require.Equal(t, "1035.00", options[2].Total.String())

	options = payment.Order{Amount: amount, MaxInstallmentCount: 3}.Installments()
	require.Equal(t, "1000.00", options[2].Total.Fixed())
	require.Equal(t, "333.33", options[2].Each.String())
}

func TestInstallmentsAddUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, currency string }{
		{"100", "JPY"},
		{"100.50", "TRY"},
		{"9999999999.99", "TRY"},
		{"0.07", "TRY"},
	} {
		amount, err := payment.ParseAmount(c.amount, c.currency)
		require.NoError(t, err)
		for _, way := range (payment.Order{
			Amount: amount, MaxInstallmentCount: 12,
			InterestPaidByCustomer: true,
		}).Installments() {
			require.Equal(t, way.Total.Minor(), way.Each.Minor()*int64(way.Count), "%s in %d", c.amount, way.Count)
		}
	}
	amount, err := payment.ParseAmount("0.01", "TRY")
	require.NoError(t, err)
	for _, interest := range []bool{true, false} {
		for _, way := range (payment.Order{
			Amount: amount, MaxInstallmentCount: 12,
			InterestPaidByCustomer: interest,
		}).Installments() {
			require.Positive(t, way.Each.Minor(), "a part of nothing, %d of them", way.Count)
		}
	}
}

// Books write amounts down, those that no order may have as well.
func TestAmountIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	most, err := payment.ParseAmount("9999999999.99", "TRY")
	require.NoError(t, err)
	tiny, err := payment.ParseAmount("0.01", "TRY")
	require.NoError(t, err)
	yen, err := payment.ParseAmount("5", "JPY")
	require.NoError(t, err)
	for _, want := range []payment.Amount{{}, most, most.Plus(most), tiny, tiny.Percent(1), yen} {
		text, err := want.MarshalBinary()
		require.NoError(t, err)
		var got payment.Amount
		require.NoError(t, got.UnmarshalBinary(text))
		require.Equal(t, want, got)
	}
	var got payment.Amount
	for _, wrong := range []string{"1.234 TRY", "x TRY", "1 XXX", "1"} {
		require.Error(t, got.UnmarshalBinary([]byte(wrong)), wrong)
	}
}
