// Package clock is a merchant's time: real by default, and frozen, set or moved when asked.
//
// It is the one package that reads the wall clock or makes timers. It does not know what is due.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock is one merchant's time. It is safe for concurrent use. Times are UTC, to the microsecond.
type Clock struct {
	wall func() time.Time

	mu      sync.Mutex    // guards all below
	offset  time.Duration // how far a running clock is from the wall
	frozen  bool
	at      time.Time     // what a frozen clock shows
	changed chan struct{} // closed whenever the clock is moved, frozen or resumed
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

func (c *Clock) nowLocked() time.Time {
	if c.frozen {
		return c.at
	}
	return c.wall().Add(c.offset).UTC().Truncate(time.Microsecond)
}

// Frozen reports whether the clock stands still.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// Freeze stops the clock where it is.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.nowLocked()
	c.frozen = true
	c.notifyLocked()
}

// Resume lets a frozen clock run on from where it stands.
func (c *Clock) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		c.offset = c.at.Sub(c.wall())
		c.frozen = false
	}
	c.notifyLocked()
}

// Set moves the clock to t, forwards or backwards; it stays frozen or running as it was.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t = roundedUp(t.UTC())
	c.at = t
	c.offset = t.Sub(c.wall())
	c.notifyLocked()
}

// roundedUp is t to the microsecond, and never before t: what is due at t must be due then.
func roundedUp(t time.Time) time.Time {
	if whole := t.Truncate(time.Microsecond); whole.Before(t) {
		return whole.Add(time.Microsecond)
	}
	return t
}

// Reset makes the clock show the real time again.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen, c.offset = false, 0
	c.notifyLocked()
}

func (c *Clock) notifyLocked() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// Sleep blocks until the clock shows t or later, the clock is changed, wake receives, or ctx ends;
// the caller finds out which by looking again. Without hasDue it waits for the other three only.
func (c *Clock) Sleep(ctx context.Context, t time.Time, hasDue bool, wake <-chan struct{}) {
	c.mu.Lock()
	changed, frozen, now := c.changed, c.frozen, c.nowLocked()
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

// Wall is the real time, whatever any merchant's clock shows. It is for what happens outside: how
// long a person stays logged in, when a line of the log or a span was made.
func Wall() time.Time { return time.Now() }

// Deadline is the real time that comes in d, for connections.
func Deadline(d time.Duration) time.Time { return time.Now().Add(d) }
