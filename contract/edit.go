package contract

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// edit changes an answer of PayPorter on its way to the shop. It gets an answer of its own.
type edit func(answer) answer

// creates changes the answers to the order's creates.
func (e edit) creates(o *order) { o.onCreate = e }

// statuses changes the answers to the shop's questions for the status.
func (e edit) statuses(o *order) { o.onStatus = e }

// answering is PayPorter's answer from now on, whatever the sandbox knows.
func (t *trial) answering(o *order, e edit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o.onStatus = e
}

// editOf is what is done to the answer to a call; nil: nothing.
func (p *payporter) editOf(c *call) edit {
	p.mu.Lock()
	defer p.mu.Unlock()
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

// edited lets the sandbox answer, and passes on what becomes of it.
func (p *payporter) edited(w http.ResponseWriter, r *http.Request, e edit) {
	kept := &keeper{header: http.Header{}}
	p.sandbox.ServeHTTP(kept, r)
	a := e(answer{status: max(kept.status, http.StatusOK), header: kept.header, body: kept.body.Bytes()})
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// keeper is an answer that nobody gets.
type keeper struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *keeper) Header() http.Header         { return k.header }
func (k *keeper) WriteHeader(status int)      { k.status = status }
func (k *keeper) Write(p []byte) (int, error) { return k.body.Write(p) }

// refusing answers with a status and a body as PayPorter's errors have it.
func refusing(status int) edit {
	return func(a answer) answer {
		body, _ := json.Marshal(map[string]string{"message": http.StatusText(status)}) // it is text
		a.status, a.body = status, body
		return a
	}
}

// under leaves the whole body, and answers it with another status.
func under(status int) edit {
	return func(a answer) answer {
		a.status = status
		return a
	}
}

// saying changes fields of a good answer; nil takes one out.
func saying(fields map[string]any) edit {
	return func(a answer) answer {
		var object map[string]json.RawMessage // so that numbers keep their digits
		if a.status != http.StatusOK || json.Unmarshal(a.body, &object) != nil {
			return a
		}
		for name, value := range fields {
			if value == nil {
				delete(object, name)
				continue
			}
			object[name], _ = json.Marshal(value) // it is made of plain values
		}
		a.body, _ = json.Marshal(object) // as it came, and those values
		return a
	}
}
