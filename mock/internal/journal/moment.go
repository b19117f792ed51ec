package journal

import "context"

// Moment is a place in the order in which a merchant's entries began and ended. A frozen clock gives many
// entries the same time; no two beginnings and ends have the same moment. Zero is before all others.
//
// It counts from 1 and begins anew with a reset, which may come while an exchange is under way. So, until
// it is recorded, a moment holds in its upper bits how many resets there had been.
type Moment uint64

// momentBits are the lower bits, which count.
const momentBits = 44

// number is the moment as entries show it.
func (m Moment) number() Moment { return m & (1<<momentBits - 1) }

// Moment answers the next moment. It is cheap enough for every request.
func (j *Journal) Moment() Moment { return Moment(j.moment.Add(1)) }

// sinceReset is the moment as entries show it, and zero for one before the last reset.
func (j *Journal) sinceReset(m Moment) Moment {
	if uint64(m)>>momentBits != j.moment.Load()>>momentBits {
		return 0
	}
	return m.number()
}

// beginMoments counts from 1 again.
func (j *Journal) beginMoments() {
	resets := j.moment.Load()>>momentBits + 1 // nobody else changes the upper bits: the caller holds the lock
	j.moment.Store(resets << momentBits)
}

// causeKey is the key of a cause in a context.
type causeKey struct{}

// WithCause says in the context what makes happen whatever is done with it: the exchange that began at the
// moment. Zero is no cause.
func WithCause(ctx context.Context, began Moment) context.Context {
	return context.WithValue(ctx, causeKey{}, began)
}

// CauseOf answers the cause that the context has, or else the other one.
func CauseOf(ctx context.Context, otherwise Moment) Moment {
	if began, ok := ctx.Value(causeKey{}).(Moment); ok && began != 0 {
		return began
	}
	return otherwise
}
