package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// The amount of a payment whose customer pays interest is the order's, or what the card was charged, as the setting
// says; everybody who answers the payment answers the same.
func TestPaidAmount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount, currency, interest string
		installments               int
		charged                    string
	}{
		{"1000.00", "TRY", "true", 3, "1035.00"},
		{"1000", "TRY", "true", 3, "1035.00"},
		{"100.50", "TRY", "true", 3, "104.01"}, // three times 34.67
		{"1000", "JPY", "true", 3, "1035"},
		{"1000.000", "KWD", "true", 3, "1035.000"},
		{"1", "KWD", "true", 2, "1.020"},
		{"1000.00", "TRY", "true", 1, "1000.00"},
		{"1000", "TRY", "true", 1, "1000"},
		{"1000.00", "TRY", "false", 3, "1000.00"},
		{"9999999999.99", "TRY", "true", 12, "11700000000.00"},
	} {
		for setting, want := range map[payment.PaidAmount]string{
			"": c.amount, payment.PaidAmountOrder: c.amount, payment.PaidAmountCharged: c.charged,
		} {
			name := fmt.Sprintf("%s %s, interest %s, in %d, %s", c.amount, c.currency, c.interest, c.installments, setting)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := clientOf(t, start(t, mock.Config{PaidAmount: setting}))
				id := s.create("ORD-1", nowhere, "amount", c.amount, "currency", `"`+c.currency+`"`,
					"maxInstallmentCount", "12", "interestPaidByCustomer", c.interest)
				require.Contains(t, s.get("/api/checkout/"+id).raw, `"amount":`+c.amount+`,"currency"`, "before payment")

				body := fmt.Sprintf(`{"installmentCount":%d}`, c.installments)
				said := fmt.Sprintf(`"amount":%s,"installmentCount":%d,`, want, c.installments)
				paid := s.post("/_mock/checkouts/"+id+"/pay", body)
				require.Contains(t, paid.raw, said)
				require.Equal(t, c.amount, fmt.Sprint(paid.body["amount"]), "the checkout's own amount is the order's")
				require.Contains(t, s.get("/api/checkout/"+id).raw, said)
			})
		}
	}
}

// A payment that failed had an amount, too; a checkout that ends without one has the order's again.
func TestPaidAmountOfWhatWasNotPaid(t *testing.T) {
	t.Parallel()
	s := clientOf(t, start(t, mock.Config{PaidAmount: payment.PaidAmountCharged}))
	id := s.create("ORD-1", nowhere, "amount", "1000.00", "maxInstallmentCount", "3", "interestPaidByCustomer", "true")
	s.post("/_mock/checkouts/"+id+"/pay", `{"card":"`+declinedCard+`","installmentCount":3}`)
	require.Contains(t, s.get("/api/checkout/"+id).raw, `"amount":1035.00,"installmentCount":3,`)
	s.post("/_mock/checkouts/"+id+"/expire", "")
	require.Contains(t, s.get("/api/checkout/"+id).raw, `"amount":1000.00,"currency"`)
}

// What PayPorter keeps is a part of the payment's amount.
func TestCommissionIsOfThePaidAmount(t *testing.T) {
	t.Parallel()
	commission := map[payment.PaidAmount]float64{}
	for _, setting := range []payment.PaidAmount{payment.PaidAmountOrder, payment.PaidAmountCharged} {
		s := clientOf(t, start(t, mock.Config{PaidAmount: setting, Seed: 1}))
		id := s.create("ORD-1", nowhere, "amount", "1000000.00", "maxInstallmentCount", "3", "interestPaidByCustomer", "true")
		r := s.post("/_mock/checkouts/"+id+"/pay", `{"installmentCount":3}`)
		require.Equal(t, http.StatusOK, r.status, r.raw)
		var err error
		commission[setting], err = r.body["payment"].(map[string]any)["merchantCommission"].(json.Number).Float64()
		require.NoError(t, err)
	}
	require.InDelta(t, 1.035, commission[payment.PaidAmountCharged]/commission[payment.PaidAmountOrder], 1e-6)
}
