package shop

import (
	"context"
	"fmt"
	"maps"
	"net/http"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Belief is what the shop thinks of an order. What cannot be seen is nil.
type Belief struct {
	Paid        bool
	Failed      *bool
	Fulfilments *int
	Refunded    *decimal.Decimal // zero where the answer has no such place
	Text        string           // what the shop said
}

// asks what the shop believes.
func (h *Harness) Believes(ctx context.Context, o *Purchase) (Belief, error) {
	var b Belief
	s := h.Config.State
	filled := maps.Clone(o.values) // the order's own are not changed by a look
	for i, r := range s.Before {
		if err := h.prepare(ctx, o, filled, i, r); err != nil {
			return b, err
		}
	}

	c := toShop(inspector, "state", o)
	a, err := h.ask(ctx, filled, s.Request, c)
	if err != nil {
		return b, err
	}

	b.Text = Clip(string(a.Body), 200)
	switch b.Paid, err = s.Paid.holds(a); {
	case h.isGone(a):
	case err != nil || a.Status >= 500 || (a.Status >= 400 && !b.Paid):
		return b, fmt.Errorf("%s %s answered %d: %s", c.Request.Method, c.Request.URL, a.Status, b.Text)
	}

	if !s.Failed.IsZero() {
		if failed, err := s.Failed.holds(a); err == nil {
			b.Failed = &failed
		}
	}
	if !s.Fulfilments.IsZero() {
		b.Fulfilments = s.fulfilments(a)
		if b.Fulfilments != nil {
			o.fulfilledAtLeast(*b.Fulfilments)
		}
	}

	b.Refunded = s.refunded(a)
	return b, nil
}

// refunded is how much an answer says that was given back; nil: it is no amount.
func (s State) refunded(a exchange.Message) *decimal.Decimal {
	text, err := s.Refunded.find(a)
	if err != nil || text == "" || s.Refunded.IsZero() {
		text = "0"
	}
	if d, ok := MoneyOf(text); ok {
		return &d
	}
	return nil
}

// prepare does what comes before a look at the state, and keeps what later requests need.
func (h *Harness) prepare(ctx context.Context, o *Purchase, filled values, i int, r Request) error {
	a, err := h.ask(ctx, filled, r, toShop(inspector, "before the state", o))
	if err != nil {
		return err
	}
	return filled.take(fmt.Sprintf("state.before[%d]", i+1), r, a)
}

// isGone reports whether a shop says that it has no such order. That says something only when it has shown
// others before: at the start, the address in the config is wrong.
func (h *Harness) isGone(a exchange.Message) bool {
	if a.Status < 300 {
		h.shown.Store(true)
	}
	return h.shown.Load() && (a.Status == http.StatusNotFound || a.Status == http.StatusGone)
}

// Given reports whether the customer gets what the order is about: it counts as paid, or was delivered.
func (b Belief) Given() bool { return b.Paid || b.delivered() }

func (b Belief) delivered() bool { return b.Fulfilments != nil && *b.Fulfilments > 0 }

// How says in which way it is given.
func (b Belief) How() string {
	if b.Paid {
		return "the order is paid"
	}
	return "the order is not paid, and its goods go out all the same (state.fulfilments),"
}
