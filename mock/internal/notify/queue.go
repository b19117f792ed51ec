// Package notify tells merchants that a checkout has a result. It sends the form POST, records
// every attempt, plans the retries, and owns the one delivery loop, which also runs whatever else
// falls due. It does not decide what a payment's result is.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// concurrency is how many attempts of one merchant may be under way at once to one host, so that a
// slow or dead receiver holds up its own callbacks only.
const concurrency = 16

// Config is what a Queue works with. All of it belongs to one merchant but the Sender and the Log.
type Config struct {
	Store   store.Store
	Clock   *clock.Clock
	Journal *journal.Journal
	Sender  *Sender
	Plan    store.RetryPlan
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
	slots sync.Map // host -> chan struct{}, as many as may be under way
	wake  chan struct{}
	// sleepsUntil is the time, in Unix microseconds, until which the loop would sleep undisturbed.
	sleepsUntil atomic.Int64

	mu      sync.Mutex // guards all below
	started bool
	closed  bool
	waiting int           // attempts that wait for their turn at a host
	calm    chan struct{} // closed when none waits any more; nil while nobody wants to know

	ctx    context.Context
	stop   context.CancelFunc
	broken context.Context // ends when attempts under way are broken off
	breaks context.CancelFunc
	work   sync.WaitGroup // the loop and its attempts
}

// NewQueue makes a queue. It does nothing until it is notified.
func NewQueue(c Config) *Queue {
	q := &Queue{Config: c, wake: make(chan struct{}, 1)}
	q.ctx, q.stop = context.WithCancel(context.Background())
	q.broken, q.breaks = context.WithCancel(context.Background())
	q.sleepsUntil.Store(math.MaxInt64)
	return q
}

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
	q.work.Go(q.loop)
}

// Close stops the loop, waits until what is under way has come to its end, and starts nothing more. When ctx ends
// first, attempts are broken off; what they were to deliver is planned as it was.
func (q *Queue) Close(ctx context.Context) {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.stop()

	idle := when(q.work.Wait)
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

// loop runs what is due and sleeps until more is.
func (q *Queue) loop() {
	for q.ctx.Err() == nil {
		q.sleepsUntil.Store(math.MaxInt64) // any Notify from here on wakes
		if q.runDue() {
			continue
		}
		next, ok, err := q.NextDue(q.ctx)
		if err != nil {
			q.troubled(err)
			continue
		}
		if ok {
			q.sleepsUntil.Store(next.UnixMicro())
		}
		q.Clock.Sleep(q.ctx, next, ok, q.wake)
	}
}

// NextDue is the time of the earliest task; ok is false when there is none.
func (q *Queue) NextDue(ctx context.Context) (due time.Time, ok bool, err error) {
	err = q.Store.View(ctx, func(r store.Reader) error {
		due, ok, err = r.NextDue()
		return err
	})
	return due, ok, err
}

// patience is how long the loop waits when the books cannot be read, in real time.
const patience = time.Second

// troubled says that the books cannot be read, and waits before the loop looks again.
func (q *Queue) troubled(err error) {
	if q.ctx.Err() == nil {
		q.Log.Error("the books cannot be read", "error", err.Error())
		clock.Pause(q.ctx, patience)
	}
}

// runDue starts the next due task and reports whether there was one.
func (q *Queue) runDue() bool {
	q.gate.RLock()
	tasks, err := q.claim(q.ctx)
	if err != nil || len(tasks) == 0 {
		q.gate.RUnlock()
		if err != nil {
			q.troubled(err)
		}
		return false
	}
	run := func() {
		defer q.gate.RUnlock()
		q.run(q.working(), tasks)
	}
	if q.Clock.Frozen() { // who stops the time wants the same run again: one by one, in order
		run()
	} else {
		q.work.Go(run)
	}
	return true
}

// errStopped is for attempts that were not begun before the end.
var errStopped = &payment.Error{Code: payment.Unavailable, Message: "the sandbox is being stopped"}

// slot waits until the host may have one more attempt, and takes it. Close ends the waiting, with errStopped. Whoever
// holds the gate alone waits aside.
func (q *Queue) slot(host string, aside bool) (release func(), err error) {
	slots, _ := q.slots.LoadOrStore(host, make(chan struct{}, concurrency))
	taken := slots.(chan struct{})
	select {
	case taken <- struct{}{}:
		return func() { <-taken }, nil
	default:
	}
	if aside {
		defer q.stepAside()()
	}
	select {
	case taken <- struct{}{}:
		return func() { <-taken }, nil
	case <-q.ctx.Done():
		return nil, errStopped
	}
}

// stepAside lets go of the gate, so that a slow host holds up neither a reset nor, behind that, the callbacks to others.
// The answer takes it again. A move of the clock waits until nobody stands aside.
func (q *Queue) stepAside() (back func()) {
	q.mu.Lock()
	q.waiting++
	q.mu.Unlock()
	q.gate.RUnlock()
	return func() {
		q.gate.RLock()
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.waiting--; q.waiting == 0 && q.calm != nil {
			close(q.calm)
			q.calm = nil
		}
	}
}

// calmed answers what is closed when nobody stands aside any more; nil: nobody does.
func (q *Queue) calmed() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting == 0 {
		return nil
	}
	if q.calm == nil {
		q.calm = make(chan struct{})
	}
	return q.calm
}

// lockWhenCalm takes the gate for writing at a moment in which no attempt stands aside, or answers that ctx ended first.
func (q *Queue) lockWhenCalm(ctx context.Context) error {
	for {
		q.gate.Lock()
		calm := q.calmed()
		if calm == nil {
			return nil
		}
		q.gate.Unlock()
		select {
		case <-calm:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// claim takes the task that is due first, and with it those of its group that are due, too.
func (q *Queue) claim(ctx context.Context) ([]store.Task, error) {
	now := q.Clock.Now()
	first, ok, err := q.Store.Claim(ctx, now)
	if err != nil || !ok {
		return nil, err
	}
	tasks := []store.Task{first}
	for first.Group != "" {
		// Whoever asked may have gone by now: what is claimed is done all the same.
		next, ok, err := q.Store.ClaimGroup(context.WithoutCancel(ctx), now, first.Group)
		if err != nil {
			q.Log.Error("the books cannot be read", "error", err.Error())
		}
		if err != nil || !ok {
			return tasks, nil
		}
		tasks = append(tasks, next)
	}
	return tasks, nil
}

// working is the context of attempts: it outlives the loop, because Close lets them finish. Every
// attempt is bounded by its own time-out.
func (q *Queue) working() context.Context { return context.WithoutCancel(q.ctx) }

// run does one task, or those of a group in their order.
func (q *Queue) run(ctx context.Context, tasks []store.Task) {
	t := tasks[0]
	var err error
	switch {
	case len(tasks) > 1:
		err = q.deliverInTurn(ctx, subjects(tasks))
	case t.Kind == store.Deliver:
		_, err = q.deliver(ctx, t.Subject, false)
	default:
		err = q.Perform(ctx, t)
	}
	switch {
	case errors.Is(err, errStopped):
		err = q.putBack(ctx, tasks)
	case errors.Is(err, store.ErrNotFound): // the merchant began anew while it waited
		err = q.Store.Update(ctx, func(tx store.Tx) error { return tx.Finish(t.Kind, t.Subject) })
	}
	if err != nil {
		q.Log.Error("task lost", "kind", string(t.Kind), "subject", t.Subject, "error", err.Error())
	}
}

// putBack schedules deliveries again that were claimed and not tried.
func (q *Queue) putBack(ctx context.Context, tasks []store.Task) error {
	return q.Store.Update(ctx, func(tx store.Tx) error {
		var faults []error
		for _, t := range tasks {
			d, err := tx.Delivery(t.Subject)
			if err == nil {
				err = reschedule(tx, d)
			}
			faults = append(faults, err)
		}
		return errors.Join(faults...)
	})
}

func subjects(tasks []store.Task) []string {
	ids := make([]string, len(tasks))
	for i, t := range tasks {
		ids[i] = t.Subject
	}
	return ids
}

// Movement is what is done to a merchant's time: freeze, set, advance, resume, in this order.
type Movement struct {
	Freeze, Resume bool
	Set            *time.Time     // nil: not
	Advance        *time.Duration // nil: not
}

// Advance moves the clock by d, as Move does, and answers its new time.
func (q *Queue) Advance(ctx context.Context, d time.Duration) (time.Time, error) {
	err := q.Move(ctx, Movement{Advance: &d})
	return q.Clock.Now(), err
}

// Move moves the clock, forwards from one due task to the next, and answers when everything that
// falls due on the way has been done and recorded. It waits first for what is under way. When ctx
// ends, the clock stays at the last task that was run.
func (q *Queue) Move(ctx context.Context, m Movement) error {
	if err := q.lockWhenCalm(ctx); err != nil {
		return err
	}
	defer q.gate.Unlock()

	stays := (m.Freeze || q.Clock.Frozen()) && !m.Resume
	if err := q.showTime(ctx, q.Clock.Now(), stays); err != nil {
		return err
	}
	err := q.moveTo(ctx, m, stays)
	if !stays {
		q.Clock.Load(q.Clock.At(q.Clock.Now(), false))
	}
	return err
}

// moveTo moves the clock, which stands still meanwhile, to where the movement wants it.
func (q *Queue) moveTo(ctx context.Context, m Movement, stays bool) error {
	if m.Set != nil {
		if err := q.goTo(ctx, *m.Set, stays); err != nil {
			return err
		}
	}
	if m.Advance != nil {
		return q.goTo(ctx, q.Clock.Now().Add(*m.Advance), stays)
	}
	return nil
}

// showTime makes the clock show a time, and stand still there. The books say whether it stays so: a sandbox that ends
// meanwhile goes on from this time.
func (q *Queue) showTime(ctx context.Context, at time.Time, stays bool) error {
	at, kept := q.Clock.At(at, true).At, q.Clock.At(at, stays)
	err := q.Store.Update(ctx, func(tx store.Tx) error {
		m, err := tx.Merchant()
		if err != nil {
			return err
		}
		m.Clock = kept
		return tx.PutMerchant(m)
	})
	if err == nil {
		q.Clock.Load(store.Clock{Frozen: true, At: at})
	}
	return err
}

// goTo takes the clock to a time, by way of everything that is due until then.
func (q *Queue) goTo(ctx context.Context, end time.Time, stays bool) error {
	if err := q.runUntil(ctx, end, stays); err != nil {
		return err
	}
	return q.showTime(ctx, end, stays)
}

// runUntil runs every task that is due by end, one by one, each at its own time. A task may make
// others due on the way.
func (q *Queue) runUntil(ctx context.Context, end time.Time, stays bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(q.ctx, cancel)() // Close ends an advance, too
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		due, ok, err := q.NextDue(ctx)
		if err != nil {
			return err
		}
		if !ok || due.After(end) {
			return nil
		}
		if due.After(q.Clock.Now()) {
			if err := q.showTime(ctx, due, stays); err != nil {
				return err
			}
		}
		tasks, err := q.claim(ctx)
		if err != nil {
			return err
		}
		if len(tasks) == 0 {
			return fmt.Errorf("the task due at %s cannot be had at %s", due, q.Clock.Now())
		}
		q.run(journal.WithCause(q.working(), journal.CauseOf(ctx, 0)), tasks)
	}
}

// Hold keeps the clock from being advanced until the answer is called: what is being told to a
// merchant, and what follows from it, happen at one time. It must not be held over an attempt.
func (q *Queue) Hold() (release func()) {
	q.gate.RLock()
	return q.gate.RUnlock
}

// Quiet runs do while nothing of this merchant is under way and nothing starts.
func (q *Queue) Quiet(do func() error) error {
	q.gate.Lock()
	defer q.gate.Unlock()
	return do()
}
