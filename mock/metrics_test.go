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
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
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
	srv, taking, refusing := start(t, mock.Config{Version: "1.2.3"}), newShop(t), newShop(t, 500)
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
	// The whole number, and masked: the figures of the process can have any four digits.
	for _, secret := range []string{"4111111111111129", "411111*", "ORD-SECRET", "test_key", "test_other", paid} {
		require.NotContains(t, raw, secret, "no label has a value that a stranger chooses")
	}
	srv.Advance(72 * time.Hour)
	m = c.scrape()
	require.Equal(t, 2.0, value(t, m, "payporter_mock_deliveries_total", "status", "EXHAUSTED"))
	require.Equal(t, 1.0, value(t, m, "payporter_mock_deliveries_total", "status", "DELIVERED"))
	require.Zero(t, value(t, m, "payporter_mock_deliveries_planned"))
}

// What dashboards and alerts are written against: each family with its help and its type, in order, and each label.
func TestMetricsHaveTheTextThatIsPromised(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{Version: `1.2 "three"`})
	c := clientOf(t, srv)
	c.post("/_mock/clock", `{"freeze": true}`)
	taking := newShop(t)
	c.post("/_mock/checkouts/"+c.create("ORD-1", taking.callback())+"/pay", "")
	c.get("/api/checkout/none")
	srv.Advance(0)

	var got []string
	for line := range strings.Lines(c.get("/metrics").raw) {
		if strings.Contains(line, "payporter_mock_") && !strings.Contains(line, `route="/_mock/`) {
			got = append(got, strings.TrimSpace(line))
		}
	}
	fields := []string{
		"amount", "body", "callback", "cardHolderName", "checkoutId", "currency", "customerId", "cvv", "description",
		"expiryMonth",
		"expiryYear", "failureUrl", "header", "installmentCount", "interestPaidByCustomer", "maxInstallmentCount", "orderId",
		"other",
		"pan", "path", "paymentId", "requestIp", "requestPort", "securityKey", "successUrl",
	}
	want := strings.Split(promised, "\n")
	for _, field := range fields {
		count := " 0"
		if field == "checkoutId" {
			count = " 1"
		}
		want = append(want, `payporter_mock_validation_failures_total{field="`+field+`"}`+count)
	}
	require.Equal(t, strings.Join(want, "\n"), strings.Join(got, "\n"))
}

const promised = `# HELP payporter_mock_build_info The version, in a label.
# TYPE payporter_mock_build_info gauge
payporter_mock_build_info{version="1.2 \"three\""} 1
# HELP payporter_mock_callback_attempts_total Attempts to deliver a callback, by what came of them.
# TYPE payporter_mock_callback_attempts_total counter
payporter_mock_callback_attempts_total{result="refused"} 0
payporter_mock_callback_attempts_total{result="taken"} 1
payporter_mock_callback_attempts_total{result="unanswered"} 0
# HELP payporter_mock_callback_lateness_seconds How long after it was due an attempt began, by the merchant's clock.
# TYPE payporter_mock_callback_lateness_seconds histogram
payporter_mock_callback_lateness_seconds_bucket{le="0.005"} 1
payporter_mock_callback_lateness_seconds_bucket{le="0.01"} 1
payporter_mock_callback_lateness_seconds_bucket{le="0.025"} 1
payporter_mock_callback_lateness_seconds_bucket{le="0.05"} 1
payporter_mock_callback_lateness_seconds_bucket{le="0.1"} 1
payporter_mock_callback_lateness_seconds_bucket{le="0.25"} 1
payporter_mock_callback_lateness_seconds_bucket{le="0.5"} 1
payporter_mock_callback_lateness_seconds_bucket{le="1"} 1
payporter_mock_callback_lateness_seconds_bucket{le="5"} 1
payporter_mock_callback_lateness_seconds_bucket{le="+Inf"} 1
payporter_mock_callback_lateness_seconds_sum 0
payporter_mock_callback_lateness_seconds_count 1
# HELP payporter_mock_deliveries_planned Deliveries with an attempt to come.
# TYPE payporter_mock_deliveries_planned gauge
payporter_mock_deliveries_planned 0
# HELP payporter_mock_deliveries_total Deliveries that came to an end.
# TYPE payporter_mock_deliveries_total counter
payporter_mock_deliveries_total{status="DELIVERED"} 1
payporter_mock_deliveries_total{status="EXHAUSTED"} 0
# HELP payporter_mock_delivery_lag_seconds How long the earliest planned attempt is overdue, by its merchant's clock.
# TYPE payporter_mock_delivery_lag_seconds gauge
payporter_mock_delivery_lag_seconds 0
# HELP payporter_mock_http_requests_total Requests by what was served and how; status 0: the connection was broken off on purpose.
# TYPE payporter_mock_http_requests_total counter
payporter_mock_http_requests_total{method="GET",route="/api/checkout/:checkoutId",status="400"} 1
payporter_mock_http_requests_total{method="POST",route="/api/checkout",status="200"} 1
# HELP payporter_mock_merchants API keys that the sandbox knows.
# TYPE payporter_mock_merchants gauge
payporter_mock_merchants 1
# HELP payporter_mock_validation_failures_total Faults in requests to the merchant API, by field.
# TYPE payporter_mock_validation_failures_total counter`

func TestMetricsAreForThoseWhoControl(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{AdminToken: "admin-token-of-16"}))
	require.Equal(t, http.StatusUnauthorized, c.get("/metrics").status)
	r := c.request("GET", "/metrics", "")
	r.Header.Set("Authorization", "Bearer admin-token-of-16")
	require.Equal(t, http.StatusOK, c.send(r).status)
}

// TestObservabilityPage holds docs/observability.md to what is measured. PostgreSQL has all metrics of stores.
func TestObservabilityPage(t *testing.T) {
	t.Parallel()
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		holdsPage(t, memory.Open(memory.Options{}), func(name string) bool {
			return !strings.HasPrefix(name, "payporter_mock_store_")
		})
	})
	t.Run("in a database", func(t *testing.T) {
		t.Parallel()
		onlyOnPlainBooks(t)
		holdsPage(t, postgrestest.Books(t), func(string) bool { return true })
	})
}

// holdsPage wants that the page has the metrics of a sandbox on the books, as far as they are among those that are
// wanted.
func holdsPage(t *testing.T, books store.Books, wanted func(name string) bool) {
	t.Helper()
	page, err := os.ReadFile("../docs/observability.md")
	require.NoError(t, err)
	c := clientOf(t, mock.Start(t, mock.Config{Store: books}))
	c.create("ORD-1", nowhere)
	var measured, told []string
	for name, family := range c.scrape() {
		if strings.HasPrefix(name, "payporter_mock_") {
			measured = append(measured, name+" "+strings.ToLower(family.GetType().String()))
		}
	}
	for _, row := range regexp.MustCompile("(?m)^\\| `(payporter_mock_[a-z_]+)` \\| ([a-z]+) \\|").FindAllStringSubmatch(
		string(page), -1) {
		if wanted(row[1]) {
			told = append(told, row[1]+" "+row[2])
		}
	}
	slices.Sort(measured)
	slices.Sort(told)
	require.Equal(t, measured, told)
}
