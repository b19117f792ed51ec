// Package notify tells merchants that a checkout has a result. It sends the form POST, records
// every attempt, plans the retries, and owns the one delivery loop, which also runs whatever else
// falls due. It does not decide what a payment's result is.
package notify

import (
	"context"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// concurrency is how many attempts of one merchant may be under way at once to one host, so that a
// slow or dead receiver holds up its own callbacks only.
const concurrency = 16

// Config is what a Queue works with. All of it belongs to one merchant but the Sender and the Log.
type Config struct {
	Store   store.Store
	Shared  store.SharedStore // the Store, if several processes use it; nil: one does
	Clock   *clock.Clock
	Journal *journal.Journal
	Sender  *Sender
	Plan    store.RetryPlan
	Webhook Webhook
	Log     *slog.Logger
	// Count is told of every attempt that was recorded. Nil: nobody counts.
	Count func(Attempted)
	// Perform runs a task that is not a delivery. It must not block.
	Perform func(ctx context.Context, t store.Task) error
}

// Attempted is a delivery with the attempt that was recorded last.
type Attempted struct {
	Delivery     store.Delivery
	Late         time.Duration // after it was due it began, by the merchant's clock
	Began, Ended time.Time     // in real time, whatever that clock shows
}

// Queue runs one merchant's tasks when they fall due by the merchant's clock.
//
// Its loop starts with the first Notify and ends with Close. Attempts run side by side, so that a
// slow receiver holds up nothing else; while the clock is frozen or being advanced they run one by
// one, in the order in which they fall due.
type Queue struct {
	Config

	// gate is held for reading by everything under way, and for writing by what needs silence:
	// Advance, Reset.
	gate  sync.RWMutex
	slots slots
	wake  chan struct{}
	// sleepsUntil is the time, in Unix microseconds, until which the loop would sleep undisturbed.
	sleepsUntil atomic.Int64
	resets      atomic.Uint64 // how often the merchant has begun anew, as far as is known here

	mu      sync.Mutex // guards all below
	started bool
	closed  bool
	waiting int           // attempts that wait for their turn at a host
	calm    chan struct{} // closed when none waits any more; nil while nobody wants to know

	ctx    context.Context
	stop   context.CancelFunc
	broken context.Context // ends when attempts under way are broken off
	breaks context.CancelFunc
	work   *crew // the loop and its attempts

	sharing sharing
}

// NewQueue makes a queue. It does nothing until it is notified.
func NewQueue(c Config) *Queue {
	q := &Queue{Config: c, wake: make(chan struct{}, 1)}
	q.ctx, q.stop = context.WithCancel(context.Background())
	q.work = newCrew(q.ctx)
	q.broken, q.breaks = context.WithCancel(context.Background())
	q.sleepsUntil.Store(math.MaxInt64)
	if q.Shared != nil {
		q.sharing.leads = make(chan struct{}, 1)
	}
	return q
}

// BeganAnew says how often the merchant has begun anew. It is called while nothing is under way.
func (q *Queue) BeganAnew(resets uint64) { q.resets.Store(resets) }

// Notify says that a task has been scheduled for the given time. It never blocks on a delivery.
func (q *Queue) Notify(due time.Time) {
	q.start()
	if due.UnixMicro() >= q.sleepsUntil.Load() {
		return
	}
	select {
	case q.wake <- struct{}{}:
	default: // it has been woken already
	}
}

func (q *Queue) start() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.started || q.closed {
		return
	}
	q.started = true
	q.work.run(q.loop)
}

// Close stops the loop, waits until what is under way has come to its end, and starts nothing more. When ctx ends
// first, attempts are broken off; what they were to deliver is planned as it was.
func (q *Queue) Close(ctx context.Context) {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.stop()

	idle := when(q.work.all.Wait)
	select {
	case <-idle:
	case <-ctx.Done():
	}
	q.breaks()
	<-idle

	// Requests make attempts as well. Those that were not finished in time put theirs back now.
	moment, cancel := context.WithTimeout(context.Background(), lastMoment)
	defer cancel()
	select {
	case <-when(func() { _ = q.Quiet(func() error { return nil }) }):
	case <-moment.Done():
	}
}

// lastMoment is how long a request may take to see that its attempt was broken off.
const lastMoment = 200 * time.Millisecond

// when answers what is closed once wait has come back.
func when(wait func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		wait()
	}()
	return done
}
