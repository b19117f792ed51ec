package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// onTerminal is the report as a terminal of so many columns shows it.
func onTerminal(t *testing.T, r *report.Report, width int) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, r.WriteTerminal(&text, report.Terminal{Width: width}))
	return text.String()
}

func concluded(rules ...report.Rule) *report.Report {
	r := &report.Report{Kind: report.Merchant, Rules: rules}
	r.Conclude("")
	return r
}

func TestTerminalNamesTheNextStepOfAFailedRule(t *testing.T) {
	t.Parallel()
	minor := report.Rule{ID: "REQ-002", Family: "REQ", Severity: report.Minor, Result: report.Failed}
	critical := report.Rule{ID: "TRUST-001", Family: "TRUST", Severity: report.Critical, Result: report.Failed}
	passed := report.Rule{ID: "FLOW-001", Family: "FLOW", Severity: report.Critical, Result: report.Passed}

	require.Contains(t, onTerminal(t, concluded(minor, critical), 100),
		"\nMore about a rule: payporter-mock verify explain TRUST-001\n", "of the worst one")
	require.Contains(t, onTerminal(t, concluded(minor, passed), 100), "payporter-mock verify explain REQ-002\n")
	require.NotContains(t, onTerminal(t, concluded(passed), 100), "verify explain")
	strange := report.Rule{ID: "X; reboot", Family: "X", Severity: report.Critical, Result: report.Failed}
	require.NotContains(t, onTerminal(t, concluded(strange), 100), "verify explain", "nobody copies a stranger's words")
}

func TestAGoodVerdictSaysWhatWasNotTried(t *testing.T) {
	t.Parallel()
	passed := report.Rule{ID: "FLOW-001", Family: "FLOW", Severity: report.Critical, Result: report.Passed}
	unjudged := func(id string, severity report.Severity, title string) report.Rule {
		return report.Rule{ID: id, Family: "RESIL", Severity: severity, Title: title, Result: report.NotEvaluable}
	}
	lost := unjudged("RESIL-002", report.Critical, "A lost callback does not lose the order")
	restart := unjudged("RESIL-006", report.Major, "A restart loses no order")
	late := unjudged("RESIL-007", report.Minor, "A late callback is taken")
	old := unjudged("RESIL-008", report.Advisory, "An old callback is taken")

	some := onTerminal(t, concluded(passed, restart, lost), 100)
	require.Contains(t, some, "\nNot tried: RESIL-002 A lost callback does not lose the order; RESIL-006 A restart loses no "+
		"order.\n\nPASSED: 1 of 3 rules passed;", "the worst first, beside the verdict")
	require.Contains(t, onTerminal(t, concluded(old, late, restart, passed, lost), 200),
		"RESIL-007 A late callback is taken; and 1 more.")
	require.NotContains(t, onTerminal(t, concluded(passed), 100), "Not tried:")
	failed := report.Rule{ID: "FLOW-002", Family: "FLOW", Severity: report.Critical, Result: report.Failed}
	require.NotContains(t, onTerminal(t, concluded(failed, lost), 100), "Not tried:", "there is something to mend first")
}

func TestTerminalCutsBetweenWords(t *testing.T) {
	t.Parallel()
	words := strings.TrimSpace(strings.Repeat("callback ", 40))
	text := onTerminal(t, concluded(report.Rule{
		ID: "TRUST-001", Family: "TRUST", Severity: report.Critical, Result: report.Failed, Expected: words, Seen: words,
	}), 77)
	require.Contains(t, text, "…\n")
	for line := range strings.Lines(text) {
		if strings.Contains(line, "callback") {
			require.Regexp(t, `( callback)+( ?…)?\n$`, line)
			require.LessOrEqual(t, len([]rune(line)), 78)
		}
	}
	one := strings.Repeat("x", 300)
	require.Contains(t, onTerminal(t, concluded(report.Rule{
		ID: "TRUST-001", Family: "TRUST", Severity: report.Critical, Result: report.Failed, Expected: one,
	}), 77), "xxx…\n", "a word that is longer than the line is cut where the line ends")
}
