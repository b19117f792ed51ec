// Package metrics counts what a sandbox does, for Prometheus. No label has a value that a stranger chooses: no API key,
// no order, no path but those that are served. Counting takes no lock, and what can be seen in the books is looked up
// when somebody asks for it.
package metrics

import (
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
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
	config   Config
	routes   map[[2]string]*route
	fields   map[string]*atomic.Uint64
	attempts map[string]*atomic.Uint64
	settled  map[string]*atomic.Uint64
	late     histogram
}

// other stands for everything that is not listed.
const other = "other"

// What can come of an attempt.
const (
	taken      = "taken"      // 2xx
	refused    = "refused"    // any other answer
	unanswered = "unanswered" // none
)

// New makes the metrics of a sandbox.
func New(c Config) *Metrics {
	m := &Metrics{
		config: c, routes: map[[2]string]*route{{other, other}: {}}, fields: counters(append(c.Fields, other)...),
		attempts: counters(taken, refused, unanswered), settled: counters(string(store.Delivered), string(store.Exhausted)),
	}
	for _, r := range c.Routes {
		m.routes[r] = &route{}
	}
	return m
}

func counters(names ...string) map[string]*atomic.Uint64 {
	all := make(map[string]*atomic.Uint64, len(names))
	for _, name := range names {
		all[name] = &atomic.Uint64{}
	}
	return all
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

// Attempt counts the latest attempt of a delivery, which began so long after it was due.
func (m *Metrics) Attempt(d store.Delivery, late time.Duration) {
	last := d.Attempts[len(d.Attempts)-1]
	result := taken
	switch {
	case last.OK():
		if d.DeliveredAt != nil && d.DeliveredAt.Equal(last.At) {
			m.settled[string(store.Delivered)].Add(1)
		}
	case last.Status == 0:
		result = unanswered
	default:
		result = refused
	}
	if d.Status == store.Exhausted && !last.Manual {
		m.settled[string(store.Exhausted)].Add(1)
	}
	m.attempts[result].Add(1)
	if !last.Manual {
		m.late.observe(late)
	}
}

// bounds are the upper ends of the histogram's buckets, in seconds.
var bounds = [...]float64{.005, .01, .025, .05, .1, .25, .5, 1, 5}

// histogram counts times by the bucket in which they fall; the last one has no end.
type histogram struct {
	counts [len(bounds) + 1]atomic.Uint64
	sum    atomic.Int64 // nanoseconds
}

func (h *histogram) observe(d time.Duration) {
	i := 0
	for i < len(bounds) && d.Seconds() > bounds[i] {
		i++
	}
	h.counts[i].Add(1)
	h.sum.Add(int64(d))
}
