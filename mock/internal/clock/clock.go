// Package clock is a merchant's time: real by default, and frozen, set or moved when asked.
//
// It is the one package that reads the wall clock or makes timers. It does not know what is due.
package clock

import (
	"context"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Clock is one merchant's time, as its books have it. It is safe for concurrent use. Times are UTC, to the microsecond.
type Clock struct {
	wall func() time.Time

	mu      sync.Mutex // guards all below
	state   store.Clock
	changed chan struct{} // closed whenever the state is another one
}

// New makes a clock that shows the real time.
func New() *Clock { return newOn(time.Now) }

// newOn makes a clock that follows another one.
func newOn(wall func() time.Time) *Clock {
	return &Clock{wall: wall, changed: make(chan struct{})}
}

// Now is the merchant's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nowLocked()
}

func (c *Clock) nowLocked() time.Time { return c.Shows(c.state) }

// Shows is what a clock with the state shows now.
func (c *Clock) Shows(state store.Clock) time.Time {
	if state.Frozen {
		return state.At
	}
	return c.wall().Add(state.Offset).UTC().Truncate(time.Microsecond)
}

// Frozen reports whether the clock stands still.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Frozen
}

// Load makes the clock what the books say.
func (c *Clock) Load(state store.Clock) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == state {
		return
	}
	c.state = state
	close(c.changed)
	c.changed = make(chan struct{})
}

// At is the state of a clock that shows t, frozen or running on from there.
func (c *Clock) At(t time.Time, frozen bool) store.Clock {
	t = roundedUp(t.UTC())
	if frozen {
		return store.Clock{Frozen: true, At: t}
	}
	return store.Clock{Offset: t.Sub(c.wall())}
}

// roundedUp is t to the microsecond, and never before t: what is due at t must be due then.
func roundedUp(t time.Time) time.Time {
	if whole := t.Truncate(time.Microsecond); whole.Before(t) {
		return whole.Add(time.Microsecond)
	}
	return t
}

// Sleep blocks until the clock shows t or later, the clock is changed, wake receives, or ctx ends;
// the caller finds out which by looking again. Without hasDue it waits for the other three only.
func (c *Clock) Sleep(ctx context.Context, t time.Time, hasDue bool, wake <-chan struct{}) {
	c.mu.Lock()
	changed, frozen, now := c.changed, c.state.Frozen, c.nowLocked()
	c.mu.Unlock()
	var due <-chan time.Time
	if hasDue && !now.Before(t) {
		return
	}

	if hasDue && !frozen {
		timer := time.NewTimer(t.Sub(now))
		defer timer.Stop()
		due = timer.C
	}

	select {
	case <-due:
	case <-changed:
	case <-wake:
	case <-ctx.Done():
	}
}

// Pause lets real time pass, whatever any merchant's clock shows. It reports false when ctx ended
// first. It is for what the HTTP client on the other side is to feel.
func Pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Await waits in real time until wake receives, d has passed or ctx ends.
func Await(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-wake:
	case <-ctx.Done():
	}
}

// Wall is the real time, whatever any merchant's clock shows. It is for what happens outside: how
// long a person stays logged in, when a line of the log or a span was made.
func Wall() time.Time { return time.Now() }

// Deadline is the real time that comes in d, for connections.
func Deadline(d time.Duration) time.Time { return time.Now().Add(d) }
