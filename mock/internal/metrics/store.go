package metrics

import (
	"context"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// storeBounds are the upper ends of the buckets of transactions, in seconds.
var storeBounds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5}

// figuresWait bounds how long an answer waits for what the store knows of itself.
const figuresWait = 2 * time.Second

// storeMetrics are those of books that measure themselves.
type storeMetrics struct {
	books store.Measured
	wall  func() time.Time

	transactions       map[store.TransactionKind]*metrics.PrometheusHistogram
	conflicts, retries *metrics.Counter
	connections, bytes *family
	most, waits        *family
	waited             *family
}

// newStore makes the metrics of the books, and has them told from now on. It is nil for books that do not measure
// themselves: such have none, and pay nothing.
func (m *Metrics) newStore(c Config) *storeMetrics {
	if c.Store == nil {
		return nil
	}
	s := &storeMetrics{books: c.Store, wall: c.Wall}

	s.conflicts = m.family("payporter_mock_store_conflicts_total", "counter",
		"Transactions that the store ended because others were in their way.").counter()
	s.connections = m.sparse("payporter_mock_store_pool_connections", "gauge", "Connections to the database.")
	s.most = m.sparse("payporter_mock_store_pool_connections_max", "gauge", "How many connections there may be at most.")
	s.waited = m.sparse("payporter_mock_store_pool_wait_seconds_total", "counter",
		"How long was waited for a connection because all were in use.")
	s.waits = m.sparse("payporter_mock_store_pool_waits_total", "counter",
		"How often somebody waited for a connection because all were in use.")
	s.retries = m.family("payporter_mock_store_retries_total", "counter",
		"Transactions that were tried again, after a conflict or a lost connection.").counter()
	s.bytes = m.sparse("payporter_mock_store_size_bytes", "gauge", "The room that the store takes up on the disk.")

	took := m.family("payporter_mock_store_transaction_seconds", "histogram",
		"How long transactions took, with the time for which they waited for others.")
	s.transactions = map[store.TransactionKind]*metrics.PrometheusHistogram{}
	for _, kind := range store.TransactionKinds() {
		name := took.name + labelled([]string{"kind", string(kind)})
		s.transactions[kind] = took.set.NewPrometheusHistogramExt(name, storeBounds)
	}
	c.Store.Measure(s)
	return s
}

// Now implements store.Meter.
func (s *storeMetrics) Now() time.Time { return s.wall() }

// Transaction implements store.Meter.
func (s *storeMetrics) Transaction(of store.TransactionKind, began time.Time) {
	s.transactions[of].Update(s.wall().Sub(began).Seconds())
}

// Conflict implements store.Meter.
func (s *storeMetrics) Conflict() { s.conflicts.Inc() }

// Retry implements store.Meter.
func (s *storeMetrics) Retry() { s.retries.Inc() }

// look asks the store how things are. What it does not know has no sample.
func (s *storeMetrics) look() {
	if s == nil {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), figuresWait)
	defer stop()
	now := s.books.Figures(ctx)

	if len(now.Bytes) == 0 {
		s.bytes.set.UnregisterAllMetrics()
	}
	for part, bytes := range now.Bytes {
		s.bytes.known("part", part).Set(float64(bytes))
	}
	p := now.Pool
	if p == nil {
		for _, f := range []*family{s.connections, s.most, s.waits, s.waited} {
			f.set.UnregisterAllMetrics()
		}
		return
	}
	s.connections.known("state", "in_use").Set(float64(p.InUse))
	s.connections.known("state", "idle").Set(float64(p.Idle))
	s.most.known().Set(float64(p.Most))
	s.waits.known().Set(float64(p.Waits))
	s.waited.known().Set(p.Waited.Seconds())
}
