package wire

import (
	"encoding/json"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// Payment is PayPorter's ApiPaymentResponse. Fields that are not known yet are left out.
type Payment struct {
	PaymentID             string                  `json:"paymentId"`
	OrderID               string                  `json:"orderId"`
	Amount                payment.Amount          `json:"amount"`
	InstallmentCount      int                     `json:"installmentCount,omitempty"`
	Currency              string                  `json:"currency"`
	MerchantCommission    json.Number             `json:"merchantCommission,omitempty"`
	Status                payment.Status          `json:"status"`
	TransactionType       payment.TransactionType `json:"transactionType"`
	PaymentDate           string                  `json:"paymentDate,omitempty"`
	CardHolderName        string                  `json:"cardHolderName,omitempty"`
	PAN                   string                  `json:"pan,omitempty"`
	DomInt                string                  `json:"domInt,omitempty"`
	CardScheme            string                  `json:"cardScheme,omitempty"`
	CardType              string                  `json:"cardType,omitempty"`
	CardSubType           string                  `json:"cardSubType,omitempty"`
	LoyaltyCode           string                  `json:"loyaltyCode,omitempty"`
	ExternalTransactionID string                  `json:"externalTransactionId,omitempty"`
	AuthCode              string                  `json:"authCode,omitempty"`
	ResultCode            string                  `json:"resultCode,omitempty"`
	ResultMessage         string                  `json:"resultMessage,omitempty"`
	CustomerID            string                  `json:"customerId,omitempty"`
}

// PaymentOf is what GET /api/checkout/{checkoutId} answers about the checkout.
func PaymentOf(c payment.Checkout) Payment {
	p := c.Payment
	return Payment{
		PaymentID: p.ID, OrderID: c.OrderID, Amount: c.Amount, InstallmentCount: p.InstallmentCount,
		Currency: c.Amount.Currency(), MerchantCommission: json.Number(p.Commission), Status: p.Status,
		TransactionType: p.Type, PaymentDate: date(p.Date), CardHolderName: p.CardHolderName, PAN: p.PAN,
		DomInt: p.DomInt, CardScheme: p.Scheme, CardType: p.CardType, CardSubType: p.CardSubType,
		LoyaltyCode: p.LoyaltyCode, ExternalTransactionID: p.ExternalTransactionID, AuthCode: p.AuthCode,
		ResultCode: p.ResultCode, ResultMessage: p.ResultMessage, CustomerID: c.CustomerID,
	}
}

// date writes a time as PayPorter's page does: 2023-05-01T14:30:00Z.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}
