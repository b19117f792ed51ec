package relay

import (
	"context"
	"sync"
)

// Record is what was said, and who waits for more of it. C is what its user keeps of one exchange. Its lock guards the
// calls, what they hold, and what conditions look at. The zero value is empty.
type Record[C any] struct {
	sync.Mutex
	Calls []*C // oldest first

	changed chan struct{} // closed when something happens; nil while nobody waits
}

// Add records that an exchange has begun.
func (r *Record[C]) Add(c *C) { r.Change(func() { r.Calls = append(r.Calls, c) }) }

// Change changes what the record holds, under its lock.
func (r *Record[C]) Change(do func()) {
	r.Lock()
	defer r.Unlock()
	do()
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// Wait blocks until the condition holds, which is asked under the lock whenever something happens. It answers false
// when ctx ends first.
func (r *Record[C]) Wait(ctx context.Context, condition func() bool) bool {
	for {
		r.Lock()
		if condition() {
			r.Unlock()
			return true
		}
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.Unlock()

		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// Find copies the calls that fit, as they are now.
func (r *Record[C]) Find(fits func(*C) bool) []C {
	r.Lock()
	defer r.Unlock()
	return r.FindLocked(fits)
}

// FindLocked is Find for who holds the lock.
func (r *Record[C]) FindLocked(fits func(*C) bool) []C {
	var all []C
	for _, c := range r.Calls {
		if fits(c) {
			all = append(all, *c)
		}
	}
	return all
}
