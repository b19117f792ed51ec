package metrics

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/VictoriaMetrics/metrics"
)

// ContentType is of the text format that Prometheus and all that came after it read.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Text is everything in that format. Families and labels are in order, so that two answers can be compared.
func (m *Metrics) Text() []byte {
	planned, lag := m.backlog()
	m.planned.Set(float64(planned))
	m.lag.Set(lag.Seconds())
	m.store.look()

	var out bytes.Buffer
	for _, f := range m.families {
		if f.sparse && len(f.set.ListMetricNames()) == 0 {
			continue
		}
		fmt.Fprintf(&out, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
		f.set.WritePrometheus(&out)
	}
	metrics.WriteProcessMetrics(&out)
	return out.Bytes()
}

// family is the metrics of one name. They have a set of their own because the library leaves HELP empty, and writes
// TYPE only where a switch for the whole process says so.
type family struct {
	name, kind, help string
	set              *metrics.Set
	sparse           bool // it is left out while it has no metric
}

// family adds a family. It must come behind those that were added before, in the order of their names.
func (m *Metrics) family(name, kind, help string) *family {
	f := &family{name: name, kind: kind, help: help, set: metrics.NewSet()}
	m.families = append(m.families, f)
	return f
}

// sparse adds a family that is left out while it has no metric.
func (m *Metrics) sparse(name, kind, help string) *family {
	f := m.family(name, kind, help)
	f.sparse = true
	return f
}

// counter is the counter with these labels, which are names and values in turn.
func (f *family) counter(labels ...string) *metrics.Counter {
	return f.set.GetOrCreateCounter(f.name + labelled(labels))
}

// counters makes a counter for each value of the label.
func (f *family) counters(label string, values ...string) map[string]*metrics.Counter {
	all := make(map[string]*metrics.Counter, len(values))
	for _, value := range values {
		all[value] = f.counter(label, value)
	}
	return all
}

// gauge makes a gauge; look is asked for its value, nil: it is set.
func (f *family) gauge(look func() float64, labels ...string) *metrics.Gauge {
	return f.set.NewGauge(f.name+labelled(labels), look)
}

// known is the gauge with these labels, which is made with the first value that it gets.
func (f *family) known(labels ...string) *metrics.Gauge {
	return f.set.GetOrCreateGauge(f.name+labelled(labels), nil)
}

// labelled writes labels as they stand behind a name.
func labelled(labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	var pairs []string
	for pair := range slices.Chunk(labels, 2) {
		pairs = append(pairs, fmt.Sprintf("%s=%q", pair[0], pair[1]))
	}
	return "{" + strings.Join(pairs, ",") + "}"
}
