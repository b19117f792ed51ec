package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Memory is a Store that forgets everything when the process ends.
type Memory struct {
	mu            sync.Mutex // guards all below
	checkouts     map[string]*payment.Checkout
	checkoutOrder []string       // ids, oldest first, some of them forgotten
	orders        map[string]int // checkouts by order id; nil until somebody asks: few sandboxes refuse repeats
	deliveries    map[string]*Delivery
	deliveryOrder []string // ids, oldest first, some of them forgotten
	byCheckout    map[string][]string
	over          []string        // ids of checkouts that were over when they were put here
	noted         map[string]bool // those in over
	tasks         *agenda
}

var _ Store = (*Memory)(nil)

// NewMemory makes an empty store.
func NewMemory() *Memory {
	m := &Memory{}
	m.clearLocked()
	return m
}

func (m *Memory) clearLocked() {
	m.checkouts = map[string]*payment.Checkout{}
	m.checkoutOrder = nil
	m.orders = nil
	m.deliveries = map[string]*Delivery{}
	m.deliveryOrder = nil
	m.byCheckout = map[string][]string{}
	m.over, m.noted = nil, map[string]bool{}
	m.tasks = newAgenda()
}

// Update implements Store.
func (m *Memory) Update(ctx context.Context, do func(Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	tx := &memoryTx{m: m}
	tx.undo = tx.room[:0]
	done := false
	defer func() {
		if !done { // do answered an error or panicked
			tx.rollBack()
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	done = true
	return nil
}

// Checkout implements Store.
func (m *Memory) Checkout(ctx context.Context, id string) (payment.Checkout, error) {
	if err := ctx.Err(); err != nil {
		return payment.Checkout{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.checkoutLocked(id)
}

func (m *Memory) checkoutLocked(id string) (payment.Checkout, error) {
	c, ok := m.checkouts[id]
	if !ok {
		return payment.Checkout{}, ErrNotFound
	}
	return *c, nil
}

// Checkouts implements Store.
func (m *Memory) Checkouts(ctx context.Context, q CheckoutQuery) ([]payment.Checkout, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	found := []payment.Checkout{}
	skipping := q.Before != ""
	for _, id := range slices.Backward(m.checkoutOrder) {
		c, kept := m.checkouts[id]
		if skipping {
			skipping = id != q.Before
			continue
		}
		if !kept || !q.Fits(c) {
			continue
		}
		if found = append(found, *c); len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

// Delivery implements Store.
func (m *Memory) Delivery(ctx context.Context, id string) (Delivery, error) {
	if err := ctx.Err(); err != nil {
		return Delivery{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.deliveryLocked(id)
}

func (m *Memory) deliveryLocked(id string) (Delivery, error) {
	d, ok := m.deliveries[id]
	if !ok {
		return Delivery{}, ErrNotFound
	}
	return d.clone(), nil
}

// Deliveries implements Store.
func (m *Memory) Deliveries(ctx context.Context, q DeliveryQuery) ([]Delivery, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	ids := m.deliveryOrder
	if q.CheckoutID != "" && q.Before == "" { // the other one may be of another checkout
		ids = m.byCheckout[q.CheckoutID]
	}
	found := []Delivery{}
	skipping := q.Before != ""
	for _, id := range slices.Backward(ids) {
		d, kept := m.deliveries[id]
		if skipping {
			skipping = id != q.Before
			continue
		}
		if !kept || !q.Fits(d) {
			continue
		}
		if found = append(found, d.clone()); len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

// Claim implements Store.
func (m *Memory) Claim(ctx context.Context, now time.Time) (Task, bool, error) {
	if err := ctx.Err(); err != nil {
		return Task{}, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	task, ok := m.tasks.popDue(now)
	return task, ok, nil
}

// ClaimGroup implements Store.
func (m *Memory) ClaimGroup(ctx context.Context, now time.Time, group string) (Task, bool, error) {
	if err := ctx.Err(); err != nil {
		return Task{}, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.tasks.nextIsOf(group) {
		return Task{}, false, nil
	}
	task, ok := m.tasks.popDue(now)
	return task, ok, nil
}

// NextDue implements Store.
func (m *Memory) NextDue(ctx context.Context) (time.Time, bool, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	due, ok := m.tasks.next()
	return due, ok, nil
}

// Backlog implements Store.
func (m *Memory) Backlog(ctx context.Context, now time.Time) (Backlog, error) {
	if err := ctx.Err(); err != nil {
		return Backlog{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.tasks.backlog(now), nil
}

// Scheduled implements Store.
func (m *Memory) Scheduled(ctx context.Context, subject string) ([]Task, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.tasks.about(subject), nil
}

// Reset implements Store.
func (m *Memory) Reset(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clearLocked()
	return nil
}

// clone keeps what a caller does with the attempts away from the store.
func (d *Delivery) clone() Delivery {
	c := *d
	c.Attempts = slices.Clone(d.Attempts)
	return c
}
