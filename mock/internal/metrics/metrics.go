// Package metrics counts what a sandbox does, for Prometheus. No label has a value that a stranger chooses: no API key,
// no order, no path but those that are served. Counting takes no lock, and what can be seen in the books is looked up
// when somebody asks for it.
package metrics

import (
	"io"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"github.com/payporter-mock/payporter-mock/mock/payment"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Config is what is looked up when somebody asks. Every field is wanted.
type Config struct {
	Version   string
	Fields    []string    // of requests, as faults name them
	Routes    [][2]string // method and path of what is served
	Merchants func() int
	Backlog   func() (planned int, lag time.Duration) // attempts to come, and how long the earliest of them is overdue
}

// Metrics is one sandbox's. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	routes   map[[2]string]*route
	fields   map[string]*atomic.Uint64
	attempts map[string]prometheus.Counter
	settled  map[store.DeliveryStatus]prometheus.Counter
	late     prometheus.Histogram
}

// other stands for everything that is not listed.
const other = "other"

// New makes the metrics of a sandbox, with a registry of their own.
func New(c Config) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), routes: map[[2]string]*route{{other, other}: {}}, fields: map[string]*atomic.Uint64{other: {}},
		attempts: map[string]prometheus.Counter{}, settled: map[store.DeliveryStatus]prometheus.Counter{},
		late: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "payporter_mock_callback_lateness_seconds",
			Help:    "How long after it was due an attempt began, by the merchant's clock.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 5},
		}),
	}
	for _, r := range c.Routes {
		m.routes[r] = &route{}
	}
	for _, name := range c.Fields {
		m.fields[name] = &atomic.Uint64{}
	}
	for _, result := range []string{taken, refused, unanswered} {
		m.attempts[result] = m.counter("payporter_mock_callback_attempts_total", "Attempts to deliver a callback, by what came of them.", "result", result)
	}
	for _, status := range []store.DeliveryStatus{store.Delivered, store.Exhausted} {
		m.settled[status] = m.counter("payporter_mock_deliveries_total", "Deliveries that came to an end.", "status", string(status))
	}
	m.gauge("payporter_mock_merchants", "API keys that the sandbox knows.", func() float64 { return float64(c.Merchants()) })
	m.gauge("payporter_mock_deliveries_planned", "Deliveries with an attempt to come.", func() float64 {
		planned, _ := c.Backlog()
		return float64(planned)
	})
	m.gauge("payporter_mock_delivery_lag_seconds", "How long the earliest planned attempt is overdue, by its merchant's clock.", func() float64 {
		_, lag := c.Backlog()
		return lag.Seconds()
	})
	m.registry.MustRegister(m, m.late, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "payporter_mock_build_info", Help: "The version, in a label.", ConstLabels: prometheus.Labels{"version": c.Version},
		}, func() float64 { return 1 }))
	return m
}

func (m *Metrics) counter(name, help, label, value string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: prometheus.Labels{label: value}})
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Write writes everything in Prometheus' text format, and answers its content type.
func (m *Metrics) Write(w io.Writer) (contentType string, err error) {
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	families, err := m.registry.Gather()
	if err != nil {
		return "", err
	}
	encoder := expfmt.NewEncoder(w, format)
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			return "", err
		}
	}
	return string(format), nil
}

// route counts the answers of one method and path, by status.
type route struct {
	counts atomic.Pointer[[600]atomic.Uint64]
}

func (r *route) count(status int) {
	counts := r.counts.Load()
	if counts == nil { // most are never asked for
		counts = &[600]atomic.Uint64{}
		if !r.counts.CompareAndSwap(nil, counts) {
			counts = r.counts.Load()
		}
	}
	if status < 0 || status >= len(counts) {
		status = 0
	}
	counts[status].Add(1)
}

// Request counts an answer; status zero: the connection broke off.
func (m *Metrics) Request(method, path string, status int) {
	r, ok := m.routes[[2]string{method, path}]
	if !ok {
		r = m.routes[[2]string{other, other}]
	}
	r.count(status)
}

// Invalid counts what was wrong with a request.
func (m *Metrics) Invalid(faults []payment.FieldError) {
	for _, f := range faults {
		count, ok := m.fields[f.Field]
		if !ok {
			count = m.fields[other]
		}
		count.Add(1)
	}
}

// What can come of an attempt.
const (
	taken      = "taken"      // 2xx
	refused    = "refused"    // any other answer
	unanswered = "unanswered" // none
)

// Attempt counts the latest attempt of a delivery, which began so long after it was due.
func (m *Metrics) Attempt(d store.Delivery, late time.Duration) {
	last := d.Attempts[len(d.Attempts)-1]
	result := taken
	switch {
	case last.OK():
		if d.DeliveredAt != nil && d.DeliveredAt.Equal(last.At) {
			m.settled[store.Delivered].Inc()
		}
	case last.Status == 0:
		result = unanswered
	default:
		result = refused
	}
	if d.Status == store.Exhausted && !last.Manual {
		m.settled[store.Exhausted].Inc()
	}
	m.attempts[result].Inc()
	if !last.Manual {
		m.late.Observe(late.Seconds())
	}
}

var (
	requests = prometheus.NewDesc("payporter_mock_http_requests_total",
		"Requests by what was served and how; status 0: the connection was broken off on purpose.", []string{"method", "route", "status"}, nil)
	invalid = prometheus.NewDesc("payporter_mock_validation_failures_total",
		"Faults in requests to the merchant API, by field.", []string{"field"}, nil)
)

// Describe implements prometheus.Collector.
func (*Metrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- requests
	ch <- invalid
}

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(ch chan<- prometheus.Metric) {
	for name, r := range m.routes {
		counts := r.counts.Load()
		if counts == nil {
			continue
		}
		for status := range counts {
			if n := counts[status].Load(); n > 0 {
				ch <- prometheus.MustNewConstMetric(requests, prometheus.CounterValue, float64(n), name[0], name[1], strconv.Itoa(status))
			}
		}
	}
	for name, count := range m.fields {
		ch <- prometheus.MustNewConstMetric(invalid, prometheus.CounterValue, float64(count.Load()), name)
	}
}
