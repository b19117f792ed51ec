package shop

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Edit changes an answer of PayPorter on its way to the shop. It gets an answer of its own.
type Edit func(exchange.Message) exchange.Message

// Creates changes the answers to the order's creates.
func (e Edit) Creates(o *Purchase) { o.onCreate = e }

// Statuses changes the answers to the shop's questions for the status.
func (e Edit) Statuses(o *Purchase) { o.onStatus = e }

// Refunds changes the answers to the shop's requests to refund or cancel the order's payment.
func (e Edit) Refunds(o *Purchase) { o.onRefund = e }

// editOf is what is done to the answer to a call; nil: nothing.
func (p *payporter) editOf(c *Call) Edit {
	p.Lock()
	defer p.Unlock()

	for _, o := range p.orders {
		switch {
		case !c.OfLocked(o):
		case c.IsCreate():
			return o.onCreate
		case c.isStatus(), c.isFor(getPayment) && slices.Contains(o.payments, c.paymentID):
			return o.onStatus
		case c.AsksBack():
			return o.onRefund
		}
	}
	return nil
}

// Refusing answers with a status and a body as PayPorter's errors have it.
func Refusing(status int) Edit {
	return func(a exchange.Message) exchange.Message {
		body, _ := json.Marshal(map[string]string{"message": http.StatusText(status)}) // it is text
		a.Status, a.Body = status, body
		return a
	}
}

// Under leaves the whole body, and answers it with another status.
func Under(status int) Edit {
	return func(a exchange.Message) exchange.Message {
		a.Status = status
		return a
	}
}

// Saying changes fields of a good answer; nil takes one out.
func Saying(fields map[string]any) Edit {
	return func(a exchange.Message) exchange.Message {
		var object map[string]json.RawMessage // so that numbers keep their digits
		if a.Status != http.StatusOK || json.Unmarshal(a.Body, &object) != nil {
			return a
		}
		for name, value := range fields {
			if value == nil {
				delete(object, name)
				continue
			}
			object[name], _ = json.Marshal(value) // it is made of plain values
		}
		a.Body, _ = json.Marshal(object) // as it came, and those values
		return a
	}
}
