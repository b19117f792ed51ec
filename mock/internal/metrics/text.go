package metrics

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// ContentType is of the text format that Prometheus and all that came after it read.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Text is everything in that format. Families and labels are in order, so that two answers can be compared.
func (m *Metrics) Text() []byte {
	t := &text{}
	t.family("payporter_mock_build_info", "gauge", "The version, in a label.")
	t.value(1, "version", m.config.Version)
	t.counters("payporter_mock_callback_attempts_total", "Attempts to deliver a callback, by what came of them.", "result", m.attempts)
	t.histogram("payporter_mock_callback_lateness_seconds", "How long after it was due an attempt began, by the merchant's clock.", &m.late)
	planned, lag := m.config.Backlog()
	t.family("payporter_mock_deliveries_planned", "gauge", "Deliveries with an attempt to come.")
	t.value(float64(planned))
	t.counters("payporter_mock_deliveries_total", "Deliveries that came to an end.", "status", m.settled)
	t.family("payporter_mock_delivery_lag_seconds", "gauge", "How long the earliest planned attempt is overdue, by its merchant's clock.")
	t.value(lag.Seconds())
	t.requests(m.routes)
	t.family("payporter_mock_merchants", "gauge", "API keys that the sandbox knows.")
	t.value(float64(m.config.Merchants()))
	t.counters("payporter_mock_validation_failures_total", "Faults in requests to the merchant API, by field.", "field", m.fields)
	metrics.WriteProcessMetrics(&t.Buffer)
	return t.Bytes()
}

// text is what has been written so far.
type text struct {
	bytes.Buffer
	name string // of the family
}

func (t *text) family(name, kind, help string) {
	t.name = name
	fmt.Fprintf(t, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// value writes one of the family; labels are names and values in turn.
func (t *text) value(v float64, labels ...string) { t.sample(t.name, v, labels...) }

func (t *text) sample(name string, v float64, labels ...string) {
	t.WriteString(name)
	if len(labels) > 0 {
		pairs := make([]string, 0, len(labels)/2)
		for pair := range slices.Chunk(labels, 2) {
			pairs = append(pairs, fmt.Sprintf("%s=%q", pair[0], pair[1]))
		}
		t.WriteString("{" + strings.Join(pairs, ",") + "}")
	}
	fmt.Fprintf(t, " %s\n", strconv.FormatFloat(v, 'g', -1, 64))
}

func (t *text) counters(name, help, label string, all map[string]*atomic.Uint64) {
	t.family(name, "counter", help)
	for _, of := range slices.Sorted(maps.Keys(all)) {
		t.value(float64(all[of].Load()), label, of)
	}
}

func (t *text) requests(routes map[[2]string]*route) {
	t.family("payporter_mock_http_requests_total", "counter", "Requests by what was served and how; status 0: the connection was broken off on purpose.")
	names := slices.SortedFunc(maps.Keys(routes), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	for _, of := range names {
		counts := routes[of].counts.Load()
		if counts == nil {
			continue
		}
		for status := range counts {
			if n := counts[status].Load(); n > 0 {
				t.value(float64(n), "method", of[0], "route", of[1], "status", strconv.Itoa(status))
			}
		}
	}
}

func (t *text) histogram(name, help string, h *histogram) {
	t.family(name, "histogram", help)
	count := uint64(0)
	for i, bound := range bounds {
		count += h.counts[i].Load()
		t.sample(name+"_bucket", float64(count), "le", strconv.FormatFloat(bound, 'g', -1, 64))
	}
	count += h.counts[len(bounds)].Load()
	t.sample(name+"_bucket", float64(count), "le", "+Inf")
	t.sample(name+"_sum", time.Duration(h.sum.Load()).Seconds())
	t.sample(name+"_count", float64(count))
}
