package store

import "context"

// soon is under what a context says that a transaction is not waited for.
type soon struct{}

// Soon is ctx for transactions that need not outlive the process once they are answered, as those that only record
// what has happened. Books with a medium may write what such a transaction changes up to a quarter of a second later,
// together with what comes meanwhile. Whoever reads sees it at once, and what was changed before is written before.
// Books are free to take no notice.
func Soon(ctx context.Context) context.Context { return context.WithValue(ctx, soon{}, true) }

// IsSoon reports whether ctx, or one that it was made from, is one of Soon.
func IsSoon(ctx context.Context) bool { return ctx.Value(soon{}) != nil }
