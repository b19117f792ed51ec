package provider

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// made is a checkout that several rules look at.
type made struct {
	order   order
	created *call
	id      string
	status  *call // what was answered about it last

	mu    sync.Mutex // guards asked
	asked *call      // what was answered while its callback waited for its answer
}

// fixtures are made when they are first needed, so that a narrowed run makes no more requests than it needs.
type fixtures struct{ unpaid, whole, paid, declined, foreign fixture }

// fixture is a checkout, or why there is none.
type fixture struct {
	tried  bool
	made   *made
	reason string
}

// fixture makes one at its first use. Where the server pays by itself, none is unpaid.
func (p *probe) fixture(f *fixture, build func() (*made, string)) (*made, string) {
	if !f.tried {
		f.tried = true
		f.made, f.reason = build()
		if p.paysByItself && f.reason == "" && f != &p.fixtures.foreign {
			f.reason = paidAtOnce
		}
	}
	return f.made, f.reason
}

// unpaid is the first checkout, which nobody pays. Not having it is a reason why a rule cannot be judged.
func (p *probe) unpaid() (*made, string) {
	return p.fixture(&p.fixtures.unpaid, func() (*made, string) {
		return p.looked(usable(&made{order: p.firstOrder, created: p.first}))
	})
}

// whole is one that has every field, and that nobody pays.
func (p *probe) whole() (*made, string) {
	return p.fixture(&p.fixtures.whole, func() (*made, string) {
		return p.looked(p.make(p.example(), "with every field"))
	})
}

func (p *probe) paid() (*made, string) {
	return p.fixture(&p.fixtures.paid, func() (*made, string) { return p.end(Success) })
}

func (p *probe) declined() (*made, string) {
	return p.fixture(&p.fixtures.declined, func() (*made, string) { return p.end(Failure) })
}

// works says why nothing can be said of what is refused: it means nothing where everything is refused.
func (p *probe) works() (reason string) {
	_, reason = usable(&made{created: p.first})
	return reason
}

func (p *probe) make(o order, title string) (*made, string) {
	return usable(&made{order: o, created: p.create(p.ctx, "create: "+title, o)})
}

// usable reads the answer of a create as far as everything else needs it.
func usable(m *made) (*made, string) {
	if m.created.Answer().Status != http.StatusOK {
		return m, "a create was not answered with 200 but: " + m.created.answered()
	}
	if m.id = m.created.text("checkoutId"); m.id == "" {
		return m, "a create was answered without a checkoutId"
	}
	if m.id != url.PathEscape(m.id) {
		return m, "the checkoutId cannot be put into an address"
	}
	return m, ""
}

// looked asks for the status right after the create.
func (p *probe) looked(m *made, reason string) (*made, string) {
	if reason != "" {
		return m, reason
	}
	m.status = p.read(p.ctx, "status before payment", m.id)
	return m, ""
}

// end makes a checkout, has it paid, and waits for the callback and for a final status.
func (p *probe) end(outcome Outcome) (*made, string) {
	if p.paysByItself {
		return nil, paidAtOnce
	}
	if p.Pay == nil {
		return nil, needsPayer + ": name a --pay-hook"
	}

	m, reason := p.make(p.example(), "to be paid with "+string(outcome))
	if reason != "" {
		return m, reason
	}

	p.mu.Lock()
	p.paying[m.order.name()] = m
	p.mu.Unlock()
	if err := p.Pay(p.ctx, Checkout{ID: m.id, RedirectURL: m.created.text("redirectUrl")}, outcome); err != nil {
		return m, "the checkout could not be paid: " + err.Error()
	}
	p.receiver.await(p.ctx, m.order.name(), p.Patience)
	m.status = p.final(m.id)
	return m, ""
}

// polls is how often a status is asked for until it is final.
const polls = 5

// final asks until the payment is over, with growing pauses that together last about as long as a callback may take.
func (p *probe) final(id string) *call {
	pause := p.Patience / (1 << (polls - 1))
	x := p.read(p.ctx, "status after payment", id)
	for range polls - 1 {
		if !pending(x.text("status")) {
			break
		}
		p.rest(pause)
		pause *= 2
		x = p.read(p.ctx, "status after payment", id)
	}
	return x
}

// rest waits without telling anybody.
func (p *probe) rest(d time.Duration) {
	ctx, cancel := context.WithTimeout(p.ctx, d)
	defer cancel()
	<-ctx.Done()
}

func pending(status string) bool { return status == "ENROLLED" || status == "PENDING_APPROVAL" }

// calledBack asks for the status of the checkout whose callback has just arrived, before the callback is answered.
func (r *run) calledBack(name string) {
	r.mu.Lock()
	m := r.paying[name]
	r.mu.Unlock()
	if m == nil {
		return
	}
	x := r.read(r.ctx, "status when the callback arrived", m.id)
	m.mu.Lock()
	m.asked = x
	m.mu.Unlock()
}

// whenCalled is what was answered when the callback arrived, nil if none has.
func (m *made) whenCalled() *call {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.asked
}
