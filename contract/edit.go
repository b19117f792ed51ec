package contract

import (
	"encoding/json"
	"net/http"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// edit changes an answer of PayPorter on its way to the shop. It gets an answer of its own.
type edit func(exchange.Message) exchange.Message

// creates changes the answers to the order's creates.
func (e edit) creates(o *order) { o.onCreate = e }

// statuses changes the answers to the shop's questions for the status.
func (e edit) statuses(o *order) { o.onStatus = e }

// editOf is what is done to the answer to a call; nil: nothing.
func (p *payporter) editOf(c *call) edit {
	p.Lock()
	defer p.Unlock()
	for _, o := range p.orders {
		switch {
		case !c.ofLocked(o):
		case c.isCreate():
			return o.onCreate
		case c.isStatus():
			return o.onStatus
		}
	}
	return nil
}

// refusing answers with a status and a body as PayPorter's errors have it.
func refusing(status int) edit {
	return func(a exchange.Message) exchange.Message {
		body, _ := json.Marshal(map[string]string{"message": http.StatusText(status)}) // it is text
		a.Status, a.Body = status, body
		return a
	}
}

// under leaves the whole body, and answers it with another status.
func under(status int) edit {
	return func(a exchange.Message) exchange.Message {
		a.Status = status
		return a
	}
}

// saying changes fields of a good answer; nil takes one out.
func saying(fields map[string]any) edit {
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
