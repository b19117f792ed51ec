// Package metrics counts what a sandbox does, for Prometheus. No label has a value that a stranger chooses: no API
// key, no order, no path but those that are served. Counting a request takes no lock, and what can be seen in the
// books is looked up when somebody asks for it.
package metrics

import (
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Config is what is looked up when somebody asks. Every field is wanted but Store.
type Config struct {
	Version   string
	Fields    []string    // of requests, as faults name them
	Routes    [][2]string // method and path of what is served
	Merchants func() int
	Backlog   func() (planned int, lag time.Duration) // attempts to come, and how long the earliest of them is overdue
	Store     store.Measured                          // nil: books that do not measure themselves
	Wall      func() time.Time                        // the real time
}

// Metrics is one sandbox's. It is safe for concurrent use.
type Metrics struct {
	families []*family // in the order of their names
	backlog  func() (planned int, lag time.Duration)

	routes       map[[2]string]*route // by method and path
	fields       map[string]*metrics.Counter
	attempts     map[string]*metrics.Counter
	settled      map[string]*metrics.Counter
	late         *metrics.PrometheusHistogram
	planned, lag *metrics.Gauge
	store        *storeMetrics // nil: the books do not measure themselves
}

// other stands for everything that is not listed.
const other = "other"

// What can come of an attempt.
const (
	taken      = "taken"      // 2xx
	refused    = "refused"    // any other answer
	unanswered = "unanswered" // none
)

// bounds are the upper ends of the buckets of lateness, in seconds.
var bounds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 5}

// New makes the metrics of a sandbox.
func New(c Config) *Metrics {
	m := &Metrics{backlog: c.Backlog}

	build := m.family("payporter_mock_build_info", "gauge", "The version, in a label.")
	build.gauge(nil, "version", c.Version).Set(1)
	attempts := m.family("payporter_mock_callback_attempts_total", "counter",
		"Attempts to deliver a callback, by what came of them.")
	m.attempts = attempts.counters("result", taken, refused, unanswered)
	late := m.family("payporter_mock_callback_lateness_seconds", "histogram",
		"How long after it was due an attempt began, by the merchant's clock.")
	m.late = late.set.NewPrometheusHistogramExt(late.name, bounds)

	planned := m.family("payporter_mock_deliveries_planned", "gauge", "Deliveries with an attempt to come.")
	m.planned = planned.gauge(nil)
	settled := m.family("payporter_mock_deliveries_total", "counter", "Deliveries that came to an end.")
	m.settled = settled.counters("status", string(store.Delivered), string(store.Exhausted))
	lag := m.family("payporter_mock_delivery_lag_seconds", "gauge",
		"How long the earliest planned attempt is overdue, by its merchant's clock.")
	m.lag = lag.gauge(nil)

	requests := m.family("payporter_mock_http_requests_total", "counter",
		"Requests by what was served and how; status 0: the connection was broken off on purpose.")
	m.routes = newRoutes(requests, c.Routes)
	merchants := m.family("payporter_mock_merchants", "gauge", "API keys that the sandbox knows.")
	merchants.gauge(func() float64 { return float64(c.Merchants()) })
	m.store = m.newStore(c)
	fields := m.family("payporter_mock_validation_failures_total", "counter",
		"Faults in requests to the merchant API, by field.")
	m.fields = fields.counters("field", append(c.Fields, other)...)
	return m
}

// Invalid counts what was wrong with a request.
func (m *Metrics) Invalid(faults []payment.FieldError) {
	for _, f := range faults {
		count, ok := m.fields[f.Field]
		if !ok {
			count = m.fields[other]
		}
		count.Inc()
	}
}

// Attempt counts the latest attempt of a delivery, which began so long after it was due.
func (m *Metrics) Attempt(d store.Delivery, late time.Duration) {
	last := d.Attempts[len(d.Attempts)-1]
	result := taken
	switch {
	case last.OK():
		if d.DeliveredAt != nil && d.DeliveredAt.Equal(last.At) {
			m.settled[string(store.Delivered)].Inc()
		}
	case last.Status == 0:
		result = unanswered
	default:
		result = refused
	}

	if d.Status == store.Exhausted && !last.Manual {
		m.settled[string(store.Exhausted)].Inc()
	}
	m.attempts[result].Inc()
	if !last.Manual {
		m.late.Update(max(0, late).Seconds())
	}
}
