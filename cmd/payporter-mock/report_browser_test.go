package main_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/chromium"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// usualReport is what a run of all rules finds in a shop that does not look at the amount: a rule that failed with its
// exchanges, others of the same reason, and most that passed.
func usualReport(most int) *report.Report {
	r := &report.Report{Kind: report.Merchant, Target: "http://127.0.0.1:3000", Tool: "payporter-mock", Bundle: "b.json"}
	for i, of := range contract.Rules() {
		if i%max(1, len(contract.Rules())/most) != 0 {
			continue
		}
		rule := report.Rule{
			ID: of.ID, Family: of.Family(), Title: of.Title, Severity: of.Severity, Source: of.Source, Expected: of.Expected,
			Advice: of.Advice, Result: report.Passed, Seen: "as expected",
		}
		for n := range 6 {
			rule.Exchanges = append(rule.Exchanges, exchange.Exchange{
				From: "merchant", To: "payporter", Title: "status", At: time.Unix(int64(n), 0),
				Request: &exchange.Message{Method: http.MethodGet, URL: fmt.Sprintf("http://127.0.0.1:8080/api/checkout/%d", n)},
				Response: &exchange.Message{
					Status: 200, Body: exchange.Body(`{"status":"SUCCESS","amount":1.00,"currency":"TRY"}`),
				},
			})
		}
		switch {
		case of.Family() == "TRUST" && of.ID >= "TRUST-020" && of.ID <= "TRUST-028":
			rule.Result, rule.Seen, rule.Output = report.Failed, "order ORD-1 is paid", "Traceback: none"
			rule.Decisive = []report.Deciding{{Exchange: 3, Differs: []string{`"amount":1.00`}}}
			rule.Cases = []report.Case{{Name: "amount 1.00", Order: "ORD-1", Result: report.Failed}}
		case i%9 == 0:
			rule.Result, rule.Seen = report.NotEvaluable, "the shop does not ask for the status, see FLOW-002"
		}
		r.Rules = append(r.Rules, rule)
	}
	r.Conclude(report.Major)
	return r
}

// reportTab opens a report in a tab of its own, and returns its text, too.
func reportTab(t *testing.T, r *report.Report, hash string) (context.Context, string) {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, r.WriteHTML(&text))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(text.Bytes())
	}))
	t.Cleanup(server.Close)

	ctx := chromium.Lean.Window(t, 3*patience)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+"/"+hash)))
	return ctx, text.String()
}

func asks[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return got
}

// visibleRules are the ids of the rules that the filters leave.
const visibleRules = `[...document.querySelectorAll('[data-result]')].filter(r => !r.hidden).map(r => r.id)`

// TestReportIsFiltered is a person who looks for something in a report of a usual run.
func TestReportIsFiltered(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more flow in a browser; others stay")
	ctx, text := reportTab(t, usualReport(len(contract.Rules())), "#REQ-002")
	require.Less(t, len(text), 300_000, "bytes of a usual run")
	require.True(t, asks[bool](t, ctx, `document.getElementById('REQ-002').closest('details.all').open`),
		"a link to a rule opens what it is in")

	all := asks[[]string](t, ctx, visibleRules)
	require.Len(t, all, len(contract.Rules()))
	set := func(name, value string) []string {
		return asks[[]string](t, ctx, fmt.Sprintf(`(() => {
			const f = document.querySelector('#filters [name=%s]');
			f.value = %q;
			f.dispatchEvent(new Event('input', {bubbles: true})); return %s })()`, name, value, visibleRules))
	}

	for _, id := range set("family", "TRUST") {
		require.Contains(t, id, "TRUST-")
	}
	for _, id := range set("result", "failed") {
		require.GreaterOrEqual(t, id, "TRUST-020")
	}
	require.Empty(t, set("severity", "advisory"))
	set("severity", "")
	set("result", "")
	require.Equal(t, []string{"TRUST-022"}, set("words", "amount trust-022"))
	require.Equal(t, fmt.Sprintf("1 of %d rules", len(all)),
		asks[string](t, ctx, `document.getElementById("found").textContent`))
	set("words", "")
	require.Len(t, set("family", ""), len(all))

	require.Equal(t, `"amount":1.00`,
		asks[string](t, ctx, `document.querySelector('#TRUST-022-exchange-3 mark').textContent`))
	require.False(t, asks[bool](t, ctx, `document.querySelector('#TRUST-022-exchange-1').open`), "exchanges are folded")
	require.Less(t, asks[int](t, ctx, `document.documentElement.scrollHeight`), 120*len(all), "pixels of a usual run")
}

// TestReportIsAccessible has axe-core judge it, on a phone and on a desk.
func TestReportIsAccessible(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "axe-core in a browser")
	axe, err := os.ReadFile("../../testdata/playwright/node_modules/axe-core/axe.min.js")
	if err != nil {
		extent.Required(t, "axe-core is missing: run npm ci in testdata/playwright")
	}

	ctx, _ := reportTab(t, usualReport(10), "")
	asks[int](t, ctx, string(axe)+"\n0")
	for _, width := range []int64{390, 1280} {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)))
		require.Empty(t, asks[[]string](t, ctx, `axe.run(document, {resultTypes: ['violations']}).then(r =>
			r.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.target + ': ' + n.failureSummary)))`), "%d", width)
		require.LessOrEqual(t, asks[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`), 0, "%d", width)
	}
}
