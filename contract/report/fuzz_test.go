package report_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// reported puts the texts wherever strangers or rules can put theirs.
func reported(a, b string, number float64) *report.Report {
	r := &report.Report{Kind: report.Merchant, Tool: a, Target: b, Bundle: a, StartedAt: noon, Seconds: number}
	for i, result := range []report.Result{
		report.Failed, report.Failed, report.Passed, report.NotEvaluable,
		report.Skipped, "",
	} {
		r.Rules = append(r.Rules, report.Rule{
			ID: a, Family: b, Title: a, Severity: []report.Severity{report.Critical, report.Advisory}[i%2], Source: b,
			Result:   result,
			Expected: a, Seen: b, Advice: a, Seconds: number,
			Exchanges: []exchange.Exchange{
				{From: a, To: b, LatencyMS: number, Title: a, Note: b, Error: a, Request: &exchange.Message{
					Method: a, URL: b,
					Headers: map[string][]string{a: {b}, b: nil}, Body: exchange.Body(a),
				}},
				{From: "merchant", To: a, Request: &exchange.Message{URL: a}, Response: &exchange.Message{
					Status: 200,
					Body:   exchange.Body(b),
				}},
			},
		})
	}
	r.Coverage = &report.Coverage{Items: []report.CoverageItem{{Kind: a, Name: b, Count: 1}, {Kind: b, Name: a}}}
	r.Conclude(report.Major)
	return r
}

var forbiddenControls = regexp.MustCompile(
	"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

// FuzzForms holds that every form is what it says it is, whatever stands in a report.
func FuzzForms(f *testing.F) {
	f.Add("", "", 0.0)
	f.Add("]]>", "<script>alert(1)</script>", 1.5)
	f.Add("\x00\x1b[2J\r\n::error::x", "\xff\xfe \u202e \U0001f480 ```\n|", -1.0)
	f.Add("&quot;'\"--><!--", "{{.}} %0A ##[group]", math.MaxFloat64)
	f.Add("4242424242424242", `{"cvv":"1","a":"\u0000"}`, math.Inf(1))
	f.Add("end\nloop;#%%", "Rule-1", math.NaN())
	f.Fuzz(func(t *testing.T, a, b string, number float64) {
		checkForms(t, reported(a, b, number))
	})
}

func checkForms(t *testing.T, r *report.Report) {
	t.Helper()
	for name, form := range everyForm(r) {
		text := write(t, form)
		require.True(t, utf8.ValidString(text), name)
		switch name {
		case ".json":
			require.True(t, json.Valid([]byte(text)))
			_, err := report.Read(strings.NewReader(text))
			require.NoError(t, err)
		case ".colour.txt":
			require.NotRegexp(t, forbiddenControls, colours.ReplaceAllString(text, ""), name)
		default:
			require.NotRegexp(t, forbiddenControls, text, name)
		}
	}
	checkJUnit(t, junit(t, r))
	checkInert(t, page(t, r))
	var table bytes.Buffer
	require.NoError(t, r.WriteTerminal(&table, report.Terminal{}))
	require.True(t, strings.HasPrefix(table.String()[strings.LastIndex(strings.TrimSuffix(table.String(), "\n"), "\n")+
		1:], "FAILED: "))
}
