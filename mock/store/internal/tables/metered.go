package tables

import (
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Metered tells a meter what books do. Its zero value tells nobody.
type Metered struct{ meter atomic.Pointer[store.Meter] }

// Measure implements store.Measured.
func (m *Metered) Measure(meter store.Meter) { m.meter.Store(&meter) }

// Began is when a transaction is asked for; zero: nobody wants to know.
func (m *Metered) Began() time.Time {
	if meter := m.meter.Load(); meter != nil {
		return (*meter).Now()
	}
	return time.Time{}
}

// Ended tells of a transaction that began then.
func (m *Metered) Ended(of store.TransactionKind, began time.Time) {
	if meter := m.meter.Load(); meter != nil && !began.IsZero() {
		(*meter).Transaction(of, began)
	}
}

// Conflict tells that the medium ended a transaction because others were in its way.
func (m *Metered) Conflict() {
	if meter := m.meter.Load(); meter != nil {
		(*meter).Conflict()
	}
}

// Retry tells that a transaction is tried again.
func (m *Metered) Retry() {
	if meter := m.meter.Load(); meter != nil {
		(*meter).Retry()
	}
}
