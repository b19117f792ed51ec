package proxy

import (
	"bytes"
	"encoding/json"
	"net/url"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// facts are what a body says that the proxy looks at. What it does not say is empty.
type facts struct {
	fields map[string]json.RawMessage // all of it; nil: it is no JSON object

	OrderID, CheckoutID, PaymentID    string
	Callback, Currency, Amount        string
	Status, ResultCode, ResultMessage string
	Message, Type                     string
}

// mostFacts bounds the body that facts are read from, in bytes: those of PayPorter are far shorter.
const mostFacts = 16 << 10

// factsOf reads a JSON object. One that is very long says nothing.
func factsOf(body []byte) (f facts) {
	object := len(body) <= mostFacts && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{"))
	if !object || json.Unmarshal(body, &f.fields) != nil {
		return facts{}
	}
	for name, to := range map[string]*string{
		"orderId": &f.OrderID, "checkoutId": &f.CheckoutID, "paymentId": &f.PaymentID, "callback": &f.Callback,
		"currency": &f.Currency, "status": &f.Status, "resultCode": &f.ResultCode, "resultMessage": &f.ResultMessage,
		"message": &f.Message, "transactionType": &f.Type,
	} {
		_ = json.Unmarshal(f.fields[name], to) // one of another type says nothing here
	}

	var amount json.Number
	if json.Unmarshal(f.fields["amount"], &amount) == nil {
		f.Amount = amount.String()
	}
	return f
}

// formOf reads a callback, which says something in its form or in its query.
func formOf(m *exchange.Message) facts {
	if u, err := url.Parse(m.URL); err == nil && u.Query().Get("checkoutId") != "" {
		return facts{CheckoutID: u.Query().Get("checkoutId")}
	}
	form, err := url.ParseQuery(string(m.Body))
	if err != nil || !form.Has("checkoutId") {
		return factsOf(m.Body)
	}
	return facts{CheckoutID: form.Get("checkoutId")}
}
