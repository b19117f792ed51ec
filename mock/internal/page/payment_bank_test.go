package page_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// paymentAtTheBank is the bank's page of a payment that the shop started by the API.
func (s *sandbox) paymentAtTheBank() string {
	s.t.Helper()
	amount, err := payment.ParseAmount("1000", "TRY")
	require.NoError(s.t, err)
	started, err := s.merchant.StartThreeDSecure(s.t.Context(), gateway.Request{Operation: scenarios.OpThreeDSecure},
		gateway.Charge{
			Type: payment.Sale, OrderID: "ORD-1", Amount: amount, InstallmentCount: 3, InterestPaidByCustomer: true,
			Card:       payment.Card{PAN: goodCard, Holder: "AYSE YILMAZ", ExpiryMonth: 4, ExpiryYear: 2048, CVV: "916"},
			SuccessURL: "https://shop.example/ok", FailureURL: "https://shop.example/no",
		})
	require.NoError(s.t, err)
	return "/three-d-secure/" + started.Payment.ID
}

// backFromBank is the page that leads from there back to the shop.
func (s *sandbox) backFromBank() seen {
	s.t.Helper()
	at := s.paymentAtTheBank()
	s.post(at, code(payment.BankCode))
	return s.get(at)
}

func TestBankOfAPaymentByAPI(t *testing.T) {
	t.Parallel()
	s := open(t, true)
	at := s.paymentAtTheBank()
	bank := s.get(at + "?lang=tr")
	require.Equal(t, "1.035,00 TL", bank.text("amount"), "what the card is charged, with the interest")
	require.Equal(t, at+"?lang=tr", bank.value("bank-form", "action"))
	require.Equal(t, at, s.post(at, nil).location(), "the shop's form types nothing")
	require.Nil(t, s.get(at).find("bank-error"))

	s.post(at, code(wrongCode))
	require.Equal(t, "2 tries left.", s.get(at).text("bank-tries-left"))
	require.Equal(t, at+"?lang=tr", s.post(at+"?lang=tr", code(payment.BankCode)).location())
	back := s.get(at)
	require.Equal(t, "https://shop.example/ok", back.value("return-form", "action"))
	require.Contains(t, back.Header.Get("Content-Security-Policy"), "form-action 'self' http: https:")
	require.Contains(t, back.Header.Get("Content-Security-Policy"), "'sha256-")

	left := s.paymentAtTheBank()
	require.Equal(t, left, s.send(http.MethodPost, left+"/cancel", nil).location())
	require.Equal(t, "https://shop.example/no", s.get(left).value("return-form", "action"))
	require.Equal(t, http.StatusNotFound, s.get("/checkout-link/"+left[len("/three-d-secure/"):]).Status)
}
