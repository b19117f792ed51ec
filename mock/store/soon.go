package store

import (
	"context"
	"time"
)

// soon is under what a context says that a transaction is not waited for.
type soon struct{}

// Soon is ctx for transactions that need not outlive the process once they are answered, as those that only record
// what has happened. Books with a medium may write what such a transaction changes up to a quarter of a second later,
// together with what comes meanwhile. Whoever reads sees it at once, and what was changed before is written before.
// Books are free to take no notice.
func Soon(ctx context.Context) context.Context { return context.WithValue(ctx, soon{}, true) }

// IsSoon reports whether ctx, or one that it was made from, is one of Soon.
func IsSoon(ctx context.Context) bool { return ctx.Value(soon{}) != nil }

// Lagging are books that write soon, and not at once, what is only recorded. Others are taken to write at once.
type Lagging interface {
	// Lag bounds how much of it is missing after the process was killed: what was recorded so long before.
	Lag() time.Duration
}

// LagOf is the lag of the books; zero: there is none.
func LagOf(b Books) time.Duration {
	if lagging, ok := b.(Lagging); ok {
		return lagging.Lag()
	}
	return 0
}
