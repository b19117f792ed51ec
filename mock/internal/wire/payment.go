package wire

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Payment is PayPorter's ApiPaymentResponse. Fields that are not known yet are left out.
type Payment struct {
	PaymentID             string                  `json:"paymentId"`
	ParentPaymentID       string                  `json:"parentPaymentId,omitempty"`
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
	p := SinglePayment(c.Payment)
	p.OrderID, p.CustomerID = c.OrderID, c.CustomerID
	p.Amount, p.Currency = c.PaidAmount(), c.Amount.Currency()
	return p
}

// SinglePayment is what GET /api/payment/{paymentId} answers about a payment that knows its amount.
func SinglePayment(p payment.Payment) Payment {
	return Payment{
		PaymentID: p.ID, ParentPaymentID: p.ParentID, OrderID: p.OrderID, Amount: p.Amount,
		InstallmentCount: p.InstallmentCount,
		Currency:         p.Amount.Currency(), MerchantCommission: json.Number(p.Commission), Status: p.Status,
		TransactionType: p.Type, PaymentDate: date(p.Date), CardHolderName: p.CardHolderName, PAN: p.PAN,
		DomInt: p.DomInt, CardScheme: p.Scheme, CardType: p.CardType, CardSubType: p.CardSubType,
		LoyaltyCode: p.LoyaltyCode, ExternalTransactionID: p.ExternalTransactionID, AuthCode: p.AuthCode,
		ResultCode: p.ResultCode, ResultMessage: p.ResultMessage, CustomerID: p.CustomerID,
	}
}

// Overlaid is the payment with the fields of scenarios laid over it, in their order. Properties that
// PayPorter does not know come last, in the order in which they were added.
func (p Payment) Overlaid(layers ...scenarios.Fields) any {
	if !slices.ContainsFunc(layers, func(f scenarios.Fields) bool { return len(f) > 0 }) {
		return p
	}

	plain, err := json.Marshal(p)
	if err != nil {
		return p // its own writing fails again, and is reported there
	}

	names, values := properties(plain)
	for _, field := range slices.Concat(layers...) {
		if _, known := values[field.Name]; !known {
			names = append(names, field.Name)
		}
		values[field.Name] = field.Value
		if field.Removed() {
			delete(values, field.Name)
		}
	}

	return object(names, values)
}

// properties takes a JSON object apart, and keeps the order of its properties.
func properties(plain []byte) (names []string, values map[string]json.RawMessage) {
	values = map[string]json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(plain))
	_, _ = decoder.Token() // the opening brace; what we wrote is well formed

	for decoder.More() {
		name, _ := decoder.Token()
		var value json.RawMessage
		_ = decoder.Decode(&value)
		names = append(names, name.(string))
		values[name.(string)] = value
	}
	return names, values
}

// object puts a JSON object together.
func object(names []string, values map[string]json.RawMessage) json.RawMessage {
	out := []byte{'{'}
	for _, name := range names {
		value, ok := values[name]
		if !ok {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		key, _ := json.Marshal(name) // a string always marshals
		out = append(append(append(out, key...), ':'), value...)
		delete(values, name)
	}
	return append(out, '}')
}

// date writes a time as PayPorter's page does: 2023-05-01T14:30:00Z.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}
