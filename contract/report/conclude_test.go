package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestConclude(t *testing.T) {
	t.Parallel()
	critical, major, minor, advisory := report.Critical, report.Major, report.Minor, report.Advisory
	for name, c := range map[string]struct {
		failOn  report.Severity
		rules   []report.Rule
		verdict report.Verdict
		reason  string
	}{
		"nothing failed": {major, judged(report.Passed, critical, major), report.OK, "no rule failed"},
		"one as bad as the bar": {major, judged(report.Failed, major), report.NotOK, "1 rule of severity " +
			"major or worse failed"},
		"one worse than the bar": {minor, judged(report.Failed, critical), report.NotOK, "1 rule of severity " +
			"minor or worse failed"},
		"only the worst count": {critical, judged(report.Failed, major, minor), report.OK, "2 rules failed, " +
			"none of severity critical"},
		"all count": {
			advisory, judged(report.Failed, advisory), report.NotOK,
			"1 rule of severity advisory or worse failed",
		},
		"no bar means major": {"", judged(report.Failed, major), report.NotOK, "1 rule of severity major " +
			"or worse failed"},
		"an unknown bar lets nothing pass": {"grave", judged(report.Failed, advisory), report.NotOK, "1 rule of severity " +
			"grave or worse failed"},
		"an unknown severity fails the run": {
			critical, judged(report.Failed, "grave"), report.NotOK,
			"1 rule of severity critical failed",
		},
		"nothing could be judged": {
			major, judged(report.NotEvaluable, major, minor), report.NotOK,
			"no rule could be judged, so nothing is proven",
		},
		"nothing was asked for": {major, judged(report.Skipped, major), report.NotOK, "no rule was judged, so " +
			"nothing is proven"},
		"no rules": {major, nil, report.NotOK, "no rule was judged, so nothing is proven"},
		"some could not be judged": {major, append(judged(report.NotEvaluable, critical),
			judged(report.Passed, minor)...), report.OK, "no rule failed; 1 could not be judged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &report.Report{Rules: c.rules}
			r.Conclude(c.failOn)
			require.Equal(t, c.reason, r.Reason)
			require.Equal(t, c.verdict, r.Verdict)
			require.Equal(t, 1, r.Version)
		})
	}
}

func judged(result report.Result, severities ...report.Severity) []report.Rule {
	var rules []report.Rule
	for _, severity := range severities {
		rules = append(rules, report.Rule{Severity: severity, Result: result})
	}
	return rules
}

func TestConcludeCountsEveryRuleOnce(t *testing.T) {
	t.Parallel()
	require.Equal(t, report.Summary{Rules: 12, Passed: 3, Failed: 4, NotEvaluable: 3, Skipped: 2}, sample().Summary)

	r := sample()
	r.Conclude(report.Advisory) // again, with another bar
	require.Equal(t, 12, r.Summary.Rules)
	require.Equal(t, "4 rules of severity advisory or worse failed", r.Reason)
}

// A rule that was forgotten has not passed.
func TestRuleWithoutResultIsNotEvaluable(t *testing.T) {
	t.Parallel()
	r := &report.Report{Rules: judged("", report.Critical)}
	r.Conclude(report.Major)
	require.Equal(t, report.NotEvaluable, r.Rules[0].Result)
	require.Equal(t, "nothing said what became of this rule", r.Rules[0].Seen)
	require.Equal(t, 1, r.Summary.NotEvaluable)
}

func TestParseSeverity(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]report.Severity{
		"critical": report.Critical, " Major ": report.Major,
		"minor": report.Minor, "ADVISORY": report.Advisory,
	} {
		got, err := report.ParseSeverity(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "high"} {
		_, err := report.ParseSeverity(text)
		require.EqualError(t, err, `there is no severity "`+text+`"; there are critical, major, minor and advisory`)
	}
}
