package store

import (
	"bytes"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Mentions reports whether any text of the entry has the text in it, whatever the case: ids, notes, errors, warnings,
// and the addresses, headers and bodies of its messages.
func (e *Entry) Mentions(text string) bool {
	lower := strings.ToLower(text)
	for _, one := range [...]string{
		e.OrderID, e.CheckoutID, e.PaymentID, e.DeliveryID, string(e.Kind), e.Status, e.Scenario, e.Note, e.Error,
	} {
		if strings.Contains(strings.ToLower(one), lower) {
			return true
		}
	}
	for _, one := range e.Warnings {
		if strings.Contains(strings.ToLower(one), lower) {
			return true
		}
	}
	return says(e.Request, lower) || says(e.Response, lower)
}

// says reports whether a message has the text in it.
func says(m *exchange.Message, lower string) bool {
	if m == nil {
		return false
	}
	if strings.Contains(strings.ToLower(m.Method+" "+m.URL), lower) || bytes.Contains(bytes.ToLower(m.Body), []byte(lower)) {
		return true
	}

	for name, values := range m.Headers {
		for _, value := range values {
			if strings.Contains(strings.ToLower(name+": "+value), lower) {
				return true
			}
		}
	}
	return false
}
