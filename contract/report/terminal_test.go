package report_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func lines(t *testing.T, r *report.Report, terminal report.Terminal) []string {
	t.Helper()
	text := write(t, func(b *bytes.Buffer) error { return r.WriteTerminal(b, terminal) })
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func TestTableEndsWithTheVerdict(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]*report.Report{
		"FAILED: 2 of 12 rules failed (1 critical, 1 major); 3 passed, 2 tolerated (1 minor, 1 advisory), 3 not evaluable, 2 skipped, in 31 s": sample(),
		"PASSED: 1 of 2 rules passed; 1 tolerated (1 minor), 0 not evaluable, 0 skipped, in 1 m 15 s":                                          client(),
		"FAILED: no rule could be judged, so nothing is proven; 1 not evaluable, 1 skipped, in 40 ms":                                          nothing(),
	} {
		all := lines(t, r, report.Terminal{})
		require.Equal(t, want, all[len(all)-1])
	}
}

func TestVerdictNamesWhatOnlyAThoroughRunTries(t *testing.T) {
	t.Parallel()
	r := &report.Report{Kind: report.Merchant, Rules: []report.Rule{
		rule("FLOW-001", report.Major, report.Passed, "A rule", "it holds"),
		rule("RESIL-001", report.Major, report.Skipped, "A rule that was not asked for", "it was not asked for"),
		rule("RESIL-018", report.Critical, report.Skipped, "A rule that takes long", report.Untried),
	}}
	r.Conclude(report.Major)
	r.FailUnjudged(report.Advisory)
	all := lines(t, r, report.Terminal{})
	require.Equal(t, "PASSED: 1 of 3 rules passed; 0 not evaluable, 2 skipped, in 0 ms; not tried without --thorough: RESIL-018",
		all[len(all)-1])
}

func TestTableTellsFailingRulesLastAndTheWorstFirst(t *testing.T) {
	t.Parallel()
	text := strings.Join(lines(t, sample(), report.Terminal{}), "\n")
	at := -1
	for _, next := range []string{
		"Not evaluable (3)", "Skipped (2)", "REQ-002  minor", "RESIL-001  advisory",
		"Failed (2)", "TRUST-001  critical", "FLOW-002  major", "FAILED:",
	} {
		found := strings.Index(text, next)
		require.Greater(t, found, at, next)
		at = found
	}
}

func TestTableNamesPassedRulesOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	require.NotContains(t, strings.Join(lines(t, sample(), report.Terminal{}), "\n"), "FLOW-001")
	require.Contains(t, lines(t, sample(), report.Terminal{Verbose: true}), "    ok FLOW-001  The customer is sent to "+
		"redirectUrl unchanged")
}

var colours = regexp.MustCompile("\x1b\\[[0-9]+m")

// Colour only adds to what the words say already.
func TestTableReadsTheSameWithoutColour(t *testing.T) {
	t.Parallel()
	for _, r := range []*report.Report{sample(), hostile(), client()} {
		plain := strings.Join(lines(t, r, report.Terminal{Width: 80}), "\n")
		coloured := strings.Join(lines(t, r, report.Terminal{Width: 80, Colour: true}), "\n")
		require.NotContains(t, plain, "\x1b")
		require.Contains(t, coloured, "\x1b[31m")
		require.Equal(t, plain, colours.ReplaceAllString(coloured, ""))
	}
}

func TestTableWrapsBetweenWords(t *testing.T) {
	t.Parallel()
	for _, line := range lines(t, sample(), report.Terminal{Width: 72}) {
		if utf8.RuneCountInString(line) > 72 && !strings.HasPrefix(line, "FAILED:") {
			require.Len(t, strings.Fields(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "sent  "), "got   ")),
				1, "could be wrapped: %q", line)
		}
	}
}

// A log is read by a CI server, too, which takes some lines for orders.
func TestTableGivesNoOrdersToACIServer(t *testing.T) {
	t.Parallel()
	for _, line := range lines(t, hostile(), report.Terminal{}) {
		require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), line)
		require.NotContains(t, line, "##[")
	}
}

func TestTableShortensLongExchanges(t *testing.T) {
	t.Parallel()
	r := sample()
	failed := &r.Rules[4]
	failed.Exchanges[0].Response.Body = exchange.Body(strings.Repeat("a long answer ", 10000))
	for range 20 {
		failed.Exchanges = append(failed.Exchanges, failed.Exchanges[1])
	}
	text := strings.Join(lines(t, r, report.Terminal{}), "\n")
	require.Less(t, len(text), 12000)
	require.Contains(t, text, "and 21 exchanges more: the JSON and the HTML report have all")
}

func TestWhatIsNoTerminalIsALog(t *testing.T) {
	t.Parallel()
	file, err := os.CreateTemp(t.TempDir(), "log")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	none := func(string) (string, bool) { return "", false }
	require.Equal(t, report.Terminal{}, report.TerminalOf(file, none))
	require.Equal(t, report.Terminal{}, report.TerminalOf(&bytes.Buffer{}, none))
}

func TestEnvironmentTakesColourAndLiveLineAway(t *testing.T) {
	t.Parallel()
	everything := report.Terminal{Width: 90, Colour: true, Live: true}
	for name, c := range map[string]struct {
		env  map[string]string
		want report.Terminal
	}{
		"nothing set":    {nil, everything},
		"NO_COLOR":       {map[string]string{"NO_COLOR": "1"}, report.Terminal{Width: 90, Live: true}},
		"empty NO_COLOR": {map[string]string{"NO_COLOR": ""}, everything},
		"CI":             {map[string]string{"CI": "true"}, report.Terminal{Width: 90, Colour: true}},
		"not CI":         {map[string]string{"CI": "false"}, everything},
		"dumb terminal":  {map[string]string{"TERM": "dumb"}, report.Terminal{Width: 90}},
		"usual terminal": {map[string]string{"TERM": "xterm-256color"}, everything},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := func(key string) (string, bool) { value, ok := c.env[key]; return value, ok }
			require.Equal(t, c.want, report.Heeding(everything, env))
		})
	}
}

func TestTableSaysOneReasonInOneLine(t *testing.T) {
	t.Parallel()
	r := &report.Report{Kind: report.Merchant}
	for i := range 50 {
		r.Rules = append(r.Rules, rule(fmt.Sprintf("IDEM-%03d", i), report.Major, report.NotEvaluable, "A rule",
			"the config has no fulfilments probe"))
	}
	r.Conclude(report.Major)

	text := strings.Join(lines(t, r, report.Terminal{}), "\n")
	require.Contains(t, text, "Not evaluable (50)\n  50 rules (IDEM 50): the config has no fulfilments probe\n\nFAILED")
	require.Contains(t, strings.Join(lines(t, r, report.Terminal{Verbose: true}), "\n"), "IDEM-049")
}

// A rule takes a screen's part, however much there is to say of it; the root of a finding names the others.
func TestTableBoundsWhatFailed(t *testing.T) {
	t.Parallel()
	r := sample()
	failed := &r.Rules[4]
	failed.Expected, failed.Advice = strings.Repeat("It holds. ", 100), strings.Repeat("Do it. ", 100)
	failed.Seen, failed.Output = strings.Repeat("It was seen. ", 100), strings.Repeat("Traceback\n", 100)
	for n := range 30 {
		failed.Cases = append(failed.Cases, report.Case{Name: fmt.Sprintf("amount %d", n), Result: report.Failed})
		failed.Exchanges = append(failed.Exchanges, failed.Exchanges[0])
	}
	failed.Decisive = []report.Deciding{{Exchange: 20, Differs: []string{`"checkoutId"`}}, {Exchange: 21}}
	r.Rules[5].Result, r.Rules[5].Because = report.Failed, failed.ID
	r.Conclude(report.Major)

	text := strings.Join(lines(t, r, report.Terminal{}), "\n")
	_, text, _ = strings.Cut(text, "\n  TRUST-001  critical")
	text, _, _ = strings.Cut(text, "\n\n")
	require.LessOrEqual(t, strings.Count(text, "\n"), 18, text)
	require.Contains(t, text, "exchange 20 ")
	require.Contains(t, text, "\n                       ^^^^^^^^^^^^\n")
	require.Contains(t, text, "also        TRUST-002 A look-alike status does not pay")
	require.Contains(t, text, "30 of 30 failed: amount 0; amount 1; ")
}
