package mock_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// scrape asks for the metrics, as Prometheus does.
func (c *client) scrape() map[string]*dto.MetricFamily {
	c.t.Helper()
	r := c.get("/metrics")
	require.Equal(c.t, http.StatusOK, r.status, r.raw)
	require.Contains(c.t, r.header.Get("Content-Type"), "text/plain; version=0.0.4")
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(r.raw))
	require.NoError(c.t, err)
	return families
}

// value is the one metric of the family that has these labels, given as names and values in turn.
func value(t *testing.T, families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	t.Helper()
	for _, m := range families[name].GetMetric() {
		fits := 0
		for _, l := range m.GetLabel() {
			for i := 0; i < len(labels); i += 2 {
				if l.GetName() == labels[i] && l.GetValue() == labels[i+1] {
					fits++
				}
			}
		}
		if fits == len(labels)/2 {
			return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return 0
}

func TestMetricsCountWhatHappened(t *testing.T) {
	t.Parallel()
	srv, taking, refusing := mock.Start(t, mock.Config{Version: "1.2.3"}), newShop(t), newShop(t, 500)
	c := clientOf(t, srv)
	c.post("/_mock/clock", `{"freeze": true}`)
	paid := c.create("ORD-SECRET-1", taking.callback())
	c.post("/_mock/checkouts/"+paid+"/pay", "")
	waiting := c.create("ORD-SECRET-2", refusing.callback())
	c.post("/_mock/checkouts/"+waiting+"/pay", "")
	dead := c.create("ORD-SECRET-3", nowhere)
	c.post("/_mock/checkouts/"+dead+"/pay", "")
	srv.Advance(0)
	c.post("/api/checkout", order("", "no-url", `"4111111111111129":1`))
	c.as("test_other").get("/api/checkout/" + paid)
	c.get("/nothing/4111111111111129")

	m := c.scrape()
	const requests = "payporter_mock_http_requests_total"
	require.Equal(t, 3.0, value(t, m, requests, "method", "POST", "route", "/api/checkout", "status", "200"))
	require.Equal(t, 1.0, value(t, m, requests, "method", "POST", "route", "/api/checkout", "status", "400"))
	require.Equal(t, 1.0, value(t, m, requests, "method", "GET", "route", "/api/checkout/:checkoutId", "status", "404"))
	require.Equal(t, 1.0, value(t, m, requests, "route", "other", "status", "404"))
	require.Equal(t, 1.0, value(t, m, "payporter_mock_validation_failures_total", "field", "orderId"))
	require.Equal(t, 1.0, value(t, m, "payporter_mock_validation_failures_total", "field", "callback"))
	require.Zero(t, value(t, m, "payporter_mock_validation_failures_total", "field", "amount"))
	const attempts = "payporter_mock_callback_attempts_total"
	require.Equal(t, 1.0, value(t, m, attempts, "result", "taken"))
	require.Equal(t, 1.0, value(t, m, attempts, "result", "refused"))
	require.Equal(t, 1.0, value(t, m, attempts, "result", "unanswered"))
	require.Equal(t, 1.0, value(t, m, "payporter_mock_deliveries_total", "status", "DELIVERED"))
	require.Equal(t, 2.0, value(t, m, "payporter_mock_deliveries_planned"))
	require.Equal(t, 2.0, value(t, m, "payporter_mock_merchants"))
	require.Equal(t, 1.0, value(t, m, "payporter_mock_build_info", "version", "1.2.3"))
	require.Equal(t, 3.0, value(t, m, "payporter_mock_callback_lateness_seconds"))
	require.Zero(t, value(t, m, "payporter_mock_delivery_lag_seconds"))

	raw := c.get("/metrics").raw
	for _, secret := range []string{"4111", "ORD-SECRET", "test_key", "test_other", paid} {
		require.NotContains(t, raw, secret, "no label has a value that a stranger chooses")
	}
	srv.Advance(72 * time.Hour)
	m = c.scrape()
	require.Equal(t, 2.0, value(t, m, "payporter_mock_deliveries_total", "status", "EXHAUSTED"))
	require.Equal(t, 1.0, value(t, m, "payporter_mock_deliveries_total", "status", "DELIVERED"))
	require.Zero(t, value(t, m, "payporter_mock_deliveries_planned"))
}

func TestMetricsAreForThoseWhoControl(t *testing.T) {
	t.Parallel()
	c := clientOf(t, mock.Start(t, mock.Config{AdminToken: "admin-token-of-16"}))
	require.Equal(t, http.StatusUnauthorized, c.get("/metrics").status)
	r := c.request("GET", "/metrics", "")
	r.Header.Set("Authorization", "Bearer admin-token-of-16")
	require.Equal(t, http.StatusOK, c.send(r).status)
}

// TestObservabilityPage holds docs/observability.md to what is measured.
func TestObservabilityPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/observability.md")
	require.NoError(t, err)
	c := clientOf(t, mock.Start(t, mock.Config{}))
	c.create("ORD-1", nowhere)
	var measured, told []string
	for name, family := range c.scrape() {
		if strings.HasPrefix(name, "payporter_mock_") {
			measured = append(measured, name+" "+strings.ToLower(family.GetType().String()))
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `(payporter_mock_[a-z_]+)` \\| ([a-z]+) \\|").FindAllStringSubmatch(string(page), -1) {
		told = append(told, row[1]+" "+row[2])
	}
	slices.Sort(measured)
	slices.Sort(told)
	require.Equal(t, measured, told)
}
