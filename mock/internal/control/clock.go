package control

import (
	"context"
	"fmt"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/payment"
)

// clockView is the merchant's time.
type clockView struct {
	Now     time.Time  `json:"now"`
	Frozen  bool       `json:"frozen"`
	NextDue *time.Time `json:"nextDue,omitempty"`
}

func (k *control) readClock(ctx context.Context, x *call) (any, error) {
	clock := x.merchant.Clock()
	view := clockView{Now: clock.Now(), Frozen: clock.Frozen()}
	due, ok, err := x.merchant.Queue().NextDue(ctx)
	if ok {
		view.NextDue = &due
	}
	return view, err
}

// movement is a checked body of POST /_mock/clock.
type movement struct {
	freeze, resume bool
	set            *time.Time     // nil leaves the time alone
	advance        *time.Duration // nil leaves it alone, too
}

func (x *call) movement() (movement, error) {
	var m movement
	m.freeze, _ = x.body["freeze"].(bool)
	m.resume, _ = x.body["resume"].(bool)
	if s, ok := x.body["set"].(string); ok {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return m, fault("set", fmt.Sprintf("must be a time such as 2026-01-31T12:00:00Z, got %q", s))
		}
		m.set = &t
	}

	if s, ok := x.body["advance"].(string); ok {
		d, err := time.ParseDuration(s)
		if err != nil { // the document knows the form, so it is longer than any duration can be
			return m, outOfRange("advance")
		}
		m.advance = &d
	}
	return m, m.check(x.merchant.Clock().Now())
}

// The years in which the clock can be. Beyond them, times cannot be written or reckoned with.
const firstYear, lastYear = 1970, 2200

// check refuses to go where the clock cannot be.
func (m movement) check(now time.Time) error {
	field := "advance"
	if m.set != nil {
		now, field = *m.set, "set"
	}

	if m.advance != nil && within(now) {
		now, field = now.Add(*m.advance), "advance"
	}
	if within(now) {
		return nil
	}
	return outOfRange(field)
}

func outOfRange(field string) error {
	return &payment.Error{
		Code: payment.ClockRange, Field: field,
		Message: fmt.Sprintf("must leave the clock between the years %d and %d", firstYear, lastYear),
	}
}

func within(t time.Time) bool { return t.UTC().Year() >= firstYear && t.UTC().Year() <= lastYear }

func fault(field, message string) error {
	return &payment.Error{Code: payment.InvalidRequest, Field: field, Message: message}
}

func (k *control) moveClock(ctx context.Context, x *call) (any, error) {
	m, err := x.movement()
	if err != nil {
		return nil, err
	}

	x.blocks()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(k.Closing, cancel)() // a sandbox that stops does not go on with its days

	err = x.merchant.Queue().Move(ctx, notify.Movement{Freeze: m.freeze, Set: m.set, Advance: m.advance, Resume: m.resume})
	if err != nil {
		return nil, err
	}
	return k.readClock(context.WithoutCancel(ctx), x)
}
