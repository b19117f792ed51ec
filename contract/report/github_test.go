package report_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func onGitHub(summary string) report.Env {
	return func(name string) (string, bool) {
		value, ok := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary}[name]
		return value, ok
	}
}

// many is a run with so many failed rules.
func many(n int, severity report.Severity) *report.Report {
	r := &report.Report{Kind: report.Merchant}
	for i := range n {
		failed := forged()
		failed.ID, failed.Severity = fmt.Sprintf("REQ-%03d", i+1), severity
		r.Rules = append(r.Rules, failed)
	}
	r.Conclude(report.Major)
	return r
}

func TestGitHubIsToldOnlyWhenThere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "summary.md")
	var b bytes.Buffer
	require.NoError(t, sample().WriteGitHub(&b, func(name string) (string, bool) {
		if name == "GITHUB_STEP_SUMMARY" {
			return path, true
		}
		return "", false
	}))
	require.Empty(t, b.String())
	require.NoFileExists(t, path)
}

func TestGitHubSummaryIsAppended(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "summary.md")
	require.NoError(t, os.WriteFile(path, []byte("what was there\n"), 0o644))
	for range 2 {
		require.NoError(t, sample().WriteGitHub(&bytes.Buffer{}, onGitHub(path)))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	once := write(t, func(b *bytes.Buffer) error { return sample().WriteStepSummary(b) })
	require.Equal(t, "what was there\n"+once+once, string(text))
}

func TestGitHubWithoutASummaryFileGetsAnnotations(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, sample().WriteGitHub(&b, onGitHub("")))
	require.Equal(t, 5, strings.Count(b.String(), "\n"))
}

// The summary is the lesser half: what the step says still comes, and the fault is told.
func TestGitHubSummaryThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := sample().WriteGitHub(&b, onGitHub(filepath.Join(t.TempDir(), "none", "summary.md")))
	require.ErrorContains(t, err, "append the step summary: open ")
	require.Contains(t, b.String(), "::error title=TRUST-001")
}

// annotation is a command with nothing in it that GitHub could take for the end of the title, of the
// command or of the line.
var annotation = regexp.MustCompile(`^::(error|warning|notice) title=[^:,\r\n]+::[^\r\n]*$`)

func TestAnnotationsAreEscaped(t *testing.T) {
	t.Parallel()
	for _, r := range []*report.Report{sample(), hostile(), client(), nothing(), many(30, report.Critical)} {
		text := write(t, func(b *bytes.Buffer) error { return r.WriteAnnotations(b) })
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			require.Regexp(t, annotation, line)
			require.NotRegexp(t, `%(?:[^02]|0[^AD]|2[^5])`, strings.NewReplacer("%3A", "", "%2C", "").Replace(line),
				"a bare per cent sign")
		}
	}
}

func TestAnnotationsAreAsManyAsGitHubShows(t *testing.T) {
	t.Parallel()
	for severity, level := range map[report.Severity]string{report.Critical: "::error ", report.Minor: "::warning "} {
		text := func(n int) string {
			return write(t, func(b *bytes.Buffer) error { return many(n, severity).WriteAnnotations(b) })
		}
		require.Equal(t, 10, strings.Count(text(10), level))
		require.NotContains(t, text(10), "more failed")
		require.Equal(t, 10, strings.Count(text(12), level))
		require.Contains(t, text(12), level+"title=and 3 rules more failed::REQ-010, REQ-011, REQ-012")
	}
}

func TestStepSummaryKeepsToGitHubsLimit(t *testing.T) {
	t.Parallel()
	r := many(1000, report.Critical)
	text := write(t, func(b *bytes.Buffer) error { return r.WriteStepSummary(b) })
	require.LessOrEqual(t, len(text), 1<<20)
	require.Greater(t, len(text), 1<<19)
	require.Regexp(t, `\n[0-9]+ parts left out, because a step's summary takes no more\. .*\n$`, text[len(text)-300:])
	require.Equal(t, strings.Count(text, "<details>"), strings.Count(text, "</details>"))

	path := filepath.Join(t.TempDir(), "summary.md")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("x"), 1<<20-4096), 0o644))
	require.NoError(t, r.WriteGitHub(&bytes.Buffer{}, onGitHub(path)))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.LessOrEqual(t, info.Size(), int64(1<<20), "what others wrote counts, too")
}

// Markdown that a stranger sends stays text.
func TestStepSummaryEscapesMarkdown(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Rules[3].Title = "</summary><script>"
	r.Rules[3].Seen = "![x](http://127.0.0.1/x.png) | <img src=x> `code` @everybody"
	r.Rules[4].Exchanges[0].Response.Body = exchange.Body("``````\n# a heading")
	text := write(t, func(b *bytes.Buffer) error { return r.WriteStepSummary(b) })
	require.Contains(t, text, "(major) &#60;/summary&#62;&#60;script&#62;</summary>")
	require.Contains(t, text, "**Seen:** \\!\\[x\\]\\(http://127.0.0.1/x.png\\) \\| \\<img src=x\\> \\`code\\` "+
		"\\@everybody\n")
	require.Contains(t, text, "\n```````text\n", "the fence is longer than any within")
}
