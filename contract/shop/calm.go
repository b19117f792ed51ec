package shop

import (
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// calmFor is how long an answer is held back that answers one of too many questions.
const calmFor = 2 * time.Second

// mostUnclaimed is how many questions about a checkout of no order are answered at once.
const mostUnclaimed = 10

// calm keeps a shop that asks without an end from asking faster and faster: what it asks about orders with which
// nothing is done any more is answered slowly, and so is what it asks again and again about no order.
func (p *payporter) calm(c *Call, answer Edit) Edit {
	if !p.AsksOn.Load() || !c.isStatus() || !p.isIdle(c) {
		return answer
	}
	return func(a exchange.Message) exchange.Message {
		time.Sleep(calmFor)
		if answer != nil {
			a = answer(a)
		}
		return a
	}
}

// isIdle reports whether a question is about nothing that a trial waits for.
func (p *payporter) isIdle(c *Call) bool {
	p.Lock()
	defer p.Unlock()
	if o := p.owners[c.checkoutID]; o != nil {
		return o.done
	}
	return p.countLocked(0, func(other *Call) bool {
		return other.isStatus() && other.checkoutID == c.checkoutID
	}) > mostUnclaimed
}
