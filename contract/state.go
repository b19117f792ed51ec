package contract

import (
	"context"
	"fmt"
	"maps"
	"net/http"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// belief is what the shop thinks of an order. What cannot be seen is nil.
type belief struct {
	paid        bool
	failed      *bool
	fulfilments *int
	text        string // what the shop said
}

// asks what the shop believes.
func (h *harness) believes(ctx context.Context, o *order) (belief, error) {
	var b belief
	s := h.config.State
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
	b.text = clip(string(a.Body), 200)
	switch b.paid, err = s.Paid.holds(a); {
	case h.isGone(a):
	case err != nil || a.Status >= 500 || (a.Status >= 400 && !b.paid):
		return b, fmt.Errorf("%s %s answered %d: %s", c.Request.Method, c.Request.URL, a.Status, b.text)
	}
	if !s.Failed.IsZero() {
		if failed, err := s.Failed.holds(a); err == nil {
			b.failed = &failed
		}
	}
	if !s.Fulfilments.IsZero() {
		b.fulfilments = s.fulfilments(a)
	}
	return b, nil
}

// prepare does what comes before a look at the state, and keeps what later requests need.
func (h *harness) prepare(ctx context.Context, o *order, filled values, i int, r Request) error {
	a, err := h.ask(ctx, filled, r, toShop(inspector, "before the state", o))
	if err != nil {
		return err
	}
	return filled.take(fmt.Sprintf("state.before[%d]", i+1), r, a)
}

// isGone reports whether a shop says that it has no such order. That says something only when it has shown
// others before: at the start, the address in the config is wrong.
func (h *harness) isGone(a exchange.Message) bool {
	if a.Status < 300 {
		h.shown.Store(true)
	}
	return h.shown.Load() && (a.Status == http.StatusNotFound || a.Status == http.StatusGone)
}

// given reports whether the customer gets what the order is about: it counts as paid, or was delivered.
func (b belief) given() bool { return b.paid || b.delivered() }

func (b belief) delivered() bool { return b.fulfilments != nil && *b.fulfilments > 0 }

// how says in which way it is given.
func (b belief) how() string {
	if b.paid {
		return "the order is paid"
	}
	return "the order is not paid, and its goods go out all the same (state.fulfilments),"
}
