package memory

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// merchant is the books of one API key.
type merchant struct {
	books *books
	key   string
	used  atomic.Uint64 // the budget's turn when the journal was last written to; zero: never

	mu      sync.Mutex    // guards all below
	dropped bool          // the books of the key are others now
	changed chan struct{} // closed when the journal's version changes; nil while nobody waits
	charged int           // bytes of the journal that the budget knows of
	tx      transaction   // one at a time, so it is used again
	content
}

// content is everything that a reset forgets.
type content struct {
	record *store.Merchant // nil: none has been put

	number        uint64 // of the newest checkout, payment or delivery
	checkouts     map[string]*checkoutRow
	checkoutOrder list[*checkoutRow]
	orders        map[string][]*checkoutRow // by order id, oldest first; nil until somebody asks: few sandboxes do
	over          overQueue[*checkoutRow]

	payments     map[string]*paymentRow
	paymentOrder list[*paymentRow]
	furtherOf    map[string][]*paymentRow // by checkout id: all but the first of its row
	childrenOf   map[string][]*paymentRow // by the id of the parent
	families     int                      // payments that are none of a checkout and follow none
	settled      overQueue[*paymentRow]   // those of them whose family is over

	deliveries    map[string]*deliveryRow
	deliveryOrder list[*deliveryRow]
	deliveriesOf  map[string][]*deliveryRow // by checkout id, else by payment id, oldest first

	runs        map[store.SubjectKind]map[string]*runRow
	ordersRun   runQueue
	requestsRun runQueue
	sets        map[string][]scenarios.Source // by digest
	runsOf      map[string]int                // how many runs name the set with the digest
	setsToCheck bool                          // there may be sets that nothing names

	counts map[string]*counter
	tasks  queue
	journal
}

func newMerchant(b *books, key string) *merchant {
	m := &merchant{books: b, key: key, content: newContent()}
	m.tx.reader.m = m
	return m
}

func newContent() content {
	return content{
		checkouts:    map[string]*checkoutRow{},
		payments:     map[string]*paymentRow{},
		furtherOf:    map[string][]*paymentRow{},
		childrenOf:   map[string][]*paymentRow{},
		deliveries:   map[string]*deliveryRow{},
		deliveriesOf: map[string][]*deliveryRow{},
		runs:         map[store.SubjectKind]map[string]*runRow{},
		sets:         map[string][]scenarios.Source{},
		runsOf:       map[string]int{},
		counts:       map[string]*counter{},
		tasks:        queue{by: map[taskKey]*queued{}},
	}
}

// lock takes the lock of the books of the key, which are others once these have been dropped.
func (m *merchant) lock() *merchant {
	for {
		m.mu.Lock()
		if !m.dropped {
			return m
		}
		m.mu.Unlock()
		m = m.books.of(m.key)
	}
}

// Update implements store.Store.
func (m *merchant) Update(ctx context.Context, do func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m = m.lock()
	recorded, err := m.updateLocked(do)
	if recorded {
		m.books.journalWritten(m)
	}
	return err
}

// updateLocked runs the transaction and gives the lock back, whatever do does.
func (m *merchant) updateLocked(do func(store.Tx) error) (recorded bool, err error) {
	defer m.mu.Unlock()
	m.tx.begin()
	done := false
	defer func() {
		if !done { // do answered an error or panicked
			m.tx.rollBack()
			return
		}
		recorded = m.tx.commit()
	}()

	if err := do(&m.tx); err != nil {
		return false, err
	}
	done = true
	return recorded, nil
}

// View implements store.Store.
func (m *merchant) View(ctx context.Context, do func(store.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m = m.lock()
	defer m.mu.Unlock()
	return do(reader{m})
}

// Claim implements store.Store.
func (m *merchant) Claim(ctx context.Context, now time.Time) (store.Task, bool, error) {
	if err := ctx.Err(); err != nil {
		return store.Task{}, false, err
	}
	m = m.lock()
	defer m.mu.Unlock()
	task, ok := m.tasks.claimDue(now)
	return task, ok, nil
}

// ClaimGroup implements store.Store.
func (m *merchant) ClaimGroup(ctx context.Context, now time.Time, group string) (store.Task, bool, error) {
	if err := ctx.Err(); err != nil {
		return store.Task{}, false, err
	}
	m = m.lock()
	defer m.mu.Unlock()
	if !m.tasks.nextIsOf(group) {
		return store.Task{}, false, nil
	}
	task, ok := m.tasks.claimDue(now)
	return task, ok, nil
}

// Changed implements store.Store. Books that have been dropped have version zero.
func (m *merchant) Changed(ctx context.Context, version uint64) (uint64, error) {
	for {
		if err := ctx.Err(); err != nil {
			return version, err
		}
		now, changed := m.versionUnless(version)
		if now != version {
			return now, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return version, ctx.Err()
		}
	}
}

// versionUnless answers the journal's version, and what is closed when it changes if it is the one given.
func (m *merchant) versionUnless(version uint64) (uint64, <-chan struct{}) {
	m = m.lock()
	defer m.mu.Unlock()
	if m.version == version && m.changed == nil {
		m.changed = make(chan struct{})
	}
	return m.version, m.changed
}

func (m *merchant) wakeLocked() {
	if m.changed != nil {
		close(m.changed)
		m.changed = nil
	}
}

func (m *merchant) hasMerchant() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.record != nil
}

// owns reports whether the checkout or payment with the id stands here.
func (m *merchant) owns(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.checkouts[id]; known {
		return true
	}
	_, known := m.payments[id]
	return known
}

// drop forgets everything, for good: whoever still has these books gets the new ones of the key.
func (m *merchant) drop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.books.budget.held.Add(-int64(m.charged))
	m.charged, m.content, m.dropped = 0, newContent(), true
	m.wakeLocked()
}

// reader is what a transaction can read.
type reader struct{ m *merchant }

// Merchant implements store.Reader.
func (r reader) Merchant() (store.Merchant, error) {
	if r.m.record == nil {
		return store.Merchant{}, store.ErrNotFound
	}
	return r.m.record.Clone(), nil
}

// PutMerchant implements store.Tx.
func (tx *transaction) PutMerchant(record store.Merchant) error {
	m, before := tx.m, tx.m.record
	kept := record.Clone()
	m.record = &kept
	if before == nil || before.Scenarios != kept.Scenarios || before.InForce != kept.InForce {
		m.setsToCheck = true
	}
	tx.onRollBack(func() { m.record = before })
	return nil
}

// cloned keeps what a caller does with a slice away from the books. An empty one becomes nil.
func cloned[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return slices.Clone(s)
}
