package metrics

import (
	"strconv"
	"sync/atomic"

	"github.com/VictoriaMetrics/metrics"
)

// statuses is one more than the highest status that is counted by itself.
const statuses = 600

// route counts the answers of one method and path, by status.
type route struct {
	family       *family
	method, path string
	counts       atomic.Pointer[[statuses]atomic.Pointer[metrics.Counter]] // nil: it was never asked for
}

// newRoutes makes the routes that are served, and the one for everything else.
func newRoutes(f *family, served [][2]string) map[[2]string]*route {
	all := map[[2]string]*route{}
	for _, r := range append([][2]string{{other, other}}, served...) {
		all[r] = &route{family: f, method: r[0], path: r[1]}
	}
	return all
}

// Request counts an answer; status zero: the connection broke off.
func (m *Metrics) Request(method, path string, status int) {
	r, ok := m.routes[[2]string{method, path}]
	if !ok {
		r = m.routes[[2]string{other, other}]
	}
	r.counter(status).Inc()
}

// counter is the counter of a status. It is made with the first answer that has it.
func (r *route) counter(status int) *metrics.Counter {
	if status < 0 || status >= statuses {
		status = 0
	}
	counts := r.counts.Load()
	if counts == nil {
		r.counts.CompareAndSwap(nil, new([statuses]atomic.Pointer[metrics.Counter]))
		counts = r.counts.Load()
	}

	counter := counts[status].Load()
	if counter == nil {
		counter = r.family.counter("method", r.method, "route", r.path, "status", strconv.Itoa(status))
		counts[status].Store(counter)
	}
	return counter
}
