package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// sample has every result and every severity.
func sample() *report.Report {
	r := &report.Report{
		Kind: report.Merchant, Tool: "payporter-mock 1.0.0", Target: "http://127.0.0.1:3000", StartedAt: noon, Seconds: 31.24,
		Bundle: "payporter-mock-bundle.zip", Secrets: []payment.Secret{"correct-horse"},
	}
	r.Rules = []report.Rule{
		rule("REQ-001", report.Critical, report.Passed, "The amount is a number in major units", "it was 100.50"),
		rule("REQ-002", report.Minor, report.Failed, "The callback URL carries no secret", "it had ?token=abc in it"),
		rule("FLOW-001", report.Critical, report.Passed, "The customer is sent to redirectUrl unchanged", "302 to it"),
		rule("FLOW-002", report.Major, report.Failed, "A failed payment is said to have failed", "the order stayed "+
			"pending:\nfirst for a second,\nthen for a minute"),
		forged(),
		rule("TRUST-002", report.Critical, report.Passed, "A look-alike status does not pay", "none of 12 did"),
		rule("IDEM-001", report.Major, report.NotEvaluable, "A duplicate callback is fulfilled once",
			"the config has no fulfilments probe"),
		rule("IDEM-002", report.Major, report.NotEvaluable, "Concurrent callbacks are fulfilled once",
			"the config has no fulfilments probe"),
		rule("RESIL-001", report.Advisory, report.Failed, "A lost callback is made up for by asking",
			"nobody asked within a day"),
		rule("RESIL-002", report.Major, report.NotEvaluable, "A slow status answer is waited for",
			"the shop did not start again"),
		rule("ACK-001", report.Major, report.Skipped, "A good callback is acknowledged within 5 seconds",
			"it was not asked for"),
		rule("ACK-002", report.Minor, report.Skipped, "A bad callback gets no 5xx", "it was not asked for"),
	}
	r.Conclude(report.Major)
	return r
}

func rule(id string, severity report.Severity, result report.Result, title, seen string) report.Rule {
	family, _, _ := strings.Cut(id, "-")
	return report.Rule{
		ID: id, Family: family, Title: title, Severity: severity, Result: result, Seconds: 0.25,
		Source:   "documented: POS API, creating a checkout",
		Expected: "The shop does what its customers and PayPorter may rely on, whatever else happens: " + title + ".",
		Seen:     seen, Advice: "Read the page named as the source, and do what it says.",
	}
}

// forged is a rule that failed, with all that an exchange can have.
func forged() report.Rule {
	r := rule("TRUST-001", report.Critical, report.Failed, "A forged callback does not pay", "the order was paid "+
		"although the status was never asked for")
	r.Exchanges = []exchange.Exchange{
		{
			From: "merchant", To: "payporter", At: noon, LatencyMS: 12.3, Title: "POST /api/checkout",
			Request: &exchange.Message{
				Method: "POST", URL: "/api/checkout",
				Headers: map[string][]string{
					"Content-Type": {"application/json"}, "X-API-KEY": {"test_shop"},
					"X-Api-Secret": {"correct-horse"},
				},
				Body: exchange.Body(`{"amount":100.50,"currency":"TRY","orderId":"ORD-1","callbackUrl":"http://127.0.0.1:3000/payment-callback"}`),
			},
			Response: &exchange.Message{
				Status: 200, Headers: map[string][]string{"Content-Type": {"application/json"}},
				Body: exchange.Body(`{"checkoutId":"0b6f7c1e-6f57-4d43-8f7e-0a7f3f6f2f11","redirectUrl":"http://127.0.0.1:8080/pay/0b6f7c1e"}`),
			},
		},
		{
			From: "attacker", To: "merchant", At: noon.Add(1500 * time.Millisecond), LatencyMS: 1840, Title: "forged callback",
			Note: "PayPorter never sent this one",
			Request: &exchange.Message{
				Method: "POST", URL: "http://127.0.0.1:3000/payment-callback",
				Headers: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}},
				Body:    exchange.Body("checkoutId=0b6f7c1e-6f57-4d43-8f7e-0a7f3f6f2f11&status=SUCCESS&pan=4242424242424242"),
			},
			Response: &exchange.Message{
				Status: 200, Headers: map[string][]string{"Set-Cookie": {"session=f00ba4"}},
				Body: exchange.Body("OK"),
			},
		},
		{
			From: "harness", To: "merchant", At: noon.Add(4 * time.Second), LatencyMS: 5000, Title: "state probe",
			Request: &exchange.Message{Method: "GET", URL: "http://127.0.0.1:3000/orders/ORD-1"}, Error: "no answer within 5 s",
		},
	}
	return r
}

// hostile is what a stranger could want to do to a report.
func hostile() *report.Report {
	const bad = "]]> </script><script>alert(1)</script> \x00\x1b[31mred\x1b[0m \xff\xfe \u202egpj.exe \U0001f480 | " +
		"`code` \r\n::error::owned\r\n##[error]owned -->{{.}} %0A & \"'"
	r := &report.Report{
		Kind: report.Client, Tool: bad, Target: bad, StartedAt: noon, Seconds: 1, Bundle: bad,
		Coverage: &report.Coverage{Items: []report.CoverageItem{
			{Kind: bad, Name: bad},
			{Kind: "operation", Name: "POST /api/checkout 200", Count: 3},
			{Kind: "operation", Name: "GET /api/checkout/{id} 404"},
		}},
	}
	for _, result := range []report.Result{report.Failed, report.Passed, report.NotEvaluable, report.Skipped} {
		r.Rules = append(r.Rules, report.Rule{
			ID: bad, Family: bad, Title: bad, Severity: report.Critical, Source: bad, Result: result, Expected: bad, Seen: bad,
			Advice: bad,
			Exchanges: []exchange.Exchange{{
				From: bad, To: "merchant", Title: bad, Note: bad, Error: bad,
				Request: &exchange.Message{
					Method: bad, URL: bad, Headers: map[string][]string{bad: {bad, bad}, "Empty": nil},
					Body: exchange.Body(bad + strings.Repeat("long ", 40)),
				},
				Response: &exchange.Message{Status: 200, Body: exchange.Body(strings.Repeat("x", 5000) + bad)},
			}},
		})
	}
	r.Conclude(report.Major)
	return r
}

// client is a run that passed, with coverage.
func client() *report.Report {
	r := &report.Report{
		Kind: report.Client, Tool: "payporter-mock 1.0.0", Target: "npm test", StartedAt: noon,
		Seconds: 75, Rules: []report.Rule{
			rule("CLIENT-001", report.Major, report.Passed, "Every request is valid", "all 41 were"),
			rule("CLIENT-002", report.Minor, report.Failed, "The User-Agent names the SDK", "it was Go-http-client/1.1"),
		},
	}
	r.Coverage = &report.Coverage{Items: []report.CoverageItem{
		{Kind: "operation", Name: "POST /api/checkout 200", Count: 12},
		{Kind: "operation", Name: "POST /api/checkout 401", Count: 1},
		{Kind: "operation", Name: "GET /api/checkout/{checkoutId} 404"},
		{Kind: "field", Name: "POST /api/checkout description"},
		{Kind: "field", Name: "POST /api/checkout amount", Count: 12},
		{Kind: "scenario", Name: "insufficient-funds", Count: 2},
	}}
	r.Conclude(report.Major)
	return r
}

// write is what one of the forms makes of a report.
func write(t *testing.T, form func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, form(&b))
	return b.String()
}

// golden compares with a file of testdata, or writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// nothing is a run that proved nothing.
func nothing() *report.Report {
	r := &report.Report{
		Kind: report.Merchant, Tool: "payporter-mock 1.0.0", StartedAt: noon, Seconds: 0.04,
		Rules: []report.Rule{
			rule("IDEM-001", report.Major, report.NotEvaluable, "A duplicate callback is fulfilled once",
				"the config has no fulfilments probe"),
			rule("IDEM-002", report.Major, report.Skipped, "Concurrent callbacks are fulfilled once", "it was not asked for"),
		},
	}
	r.Conclude(report.Critical)
	return r
}
