package control

import (
	"context"
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// clockView is the merchant's time.
type clockView struct {
	Now     time.Time  `json:"now"`
	Frozen  bool       `json:"frozen"`
	NextDue *time.Time `json:"nextDue,omitempty"`
}

func (k *control) readClock(ctx context.Context, x *exchange) (any, error) {
	clock := x.merchant.Clock()
	view := clockView{Now: clock.Now(), Frozen: clock.Frozen()}
	due, ok, err := x.merchant.Queue().Store.NextDue(ctx)
	if ok {
		view.NextDue = &due
	}
	return view, err
}

// movement is a checked body of POST /_mock/clock.
type movement struct {
	freeze, resume bool
	set            time.Time // zero leaves the time alone
	advance        time.Duration
}

func (x *exchange) movement() (movement, error) {
	var m movement
	m.freeze, _ = x.body["freeze"].(bool)
	m.resume, _ = x.body["resume"].(bool)
	if m.freeze && m.resume {
		return m, fault("resume", "cannot go together with freeze")
	}
	if s, ok := x.body["set"].(string); ok {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return m, fault("set", fmt.Sprintf("must be a time such as 2026-01-31T12:00:00Z, got %q", s))
		}
		m.set = t
	}
	if s, ok := x.body["advance"].(string); ok {
		d, err := time.ParseDuration(s)
		if err != nil {
			return m, fault("advance", fmt.Sprintf("must be a duration such as 48h or 1m30s, got %q", s))
		}
		if d < 0 {
			return m, fault("advance", fmt.Sprintf("must not be negative, got %q; set goes back", s))
		}
		m.advance = d
	}
	return m, nil
}

func fault(field, message string) error {
	return &payment.Error{Code: payment.InvalidRequest, Field: field, Message: message}
}

func (k *control) moveClock(ctx context.Context, x *exchange) (any, error) {
	m, err := x.movement()
	if err != nil {
		return nil, err
	}
	x.blocks()
	clock, queue := x.merchant.Clock(), x.merchant.Queue()
	if m.freeze {
		clock.Freeze()
	}
	if !m.set.IsZero() {
		if _, err := queue.MoveTo(ctx, m.set); err != nil {
			return nil, err
		}
	}
	if _, advance := x.body["advance"]; advance {
		if _, err := queue.Advance(ctx, m.advance); err != nil {
			return nil, err
		}
	}
	if m.resume {
		clock.Resume()
	}
	return k.readClock(ctx, x)
}
