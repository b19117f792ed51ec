package journal

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// causeKey is the key of a cause in a context.
type causeKey struct{}

// WithCause says in the context what makes happen whatever is done with it: the exchange that began at the
// moment. Zero is no cause.
func WithCause(ctx context.Context, began store.Moment) context.Context {
	return context.WithValue(ctx, causeKey{}, began)
}

// CauseOf answers the cause that the context has, or else the other one.
func CauseOf(ctx context.Context, otherwise store.Moment) store.Moment {
	if began, ok := ctx.Value(causeKey{}).(store.Moment); ok && began != 0 {
		return began
	}
	return otherwise
}
