package report

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

const (
	mostAnnotations = 10      // GitHub shows so many of a kind for a step, and drops the rest
	mostAnnotation  = 1000    // runes of one; GitHub takes more, people do not
	mostStepSummary = 1 << 20 // bytes of a step's summary; GitHub refuses a longer one altogether
	mostDrawn       = 12      // exchanges of a rule: Mermaid is slow with more
)

// WriteGitHub tells GitHub Actions, when running there, what failed: as annotations on w, which must
// be the step's output, and as Markdown appended to the step's summary. Elsewhere it does nothing.
func (r *Report) WriteGitHub(w io.Writer, env Env) error {
	if on, _ := env("GITHUB_ACTIONS"); on != "true" {
		return nil
	}
	err := r.WriteAnnotations(w)
	path, _ := env("GITHUB_STEP_SUMMARY")
	if path == "" {
		return err
	}
	return errors.Join(err, r.appendStepSummary(path))
}

func (r *Report) appendStepSummary(path string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("append the step summary: %w", err)
	}

	info, err := file.Stat()
	if err == nil {
		room := mostStepSummary - int(min(info.Size(), mostStepSummary)) // others may have written to it
		_, err = file.WriteString(r.stepSummary(room))
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("append the step summary: %w", err)
	}
	return nil
}

// WriteAnnotations writes GitHub's commands: an error for each rule that fails the run, a warning for
// each other one that failed, and one notice for all that could not be judged.
func (r *Report) WriteAnnotations(w io.Writer) error {
	r = r.Redacted()
	var b strings.Builder
	failing := r.failing()
	annotate(&b, "error", failing)
	if r.Verdict != OK && len(failing) == 0 {
		command(&b, "error", "No verdict on "+headingOf(r), r.Reason)
	}

	annotate(&b, "warning", r.tolerated())
	if open := r.of(NotEvaluable); len(open) > 0 {
		var reasons []string
		for _, g := range byReason(open) {
			reasons = append(reasons, g.ids()+": "+oneLine(g.name))
		}
		command(&b, "notice", wording.Plural(len(open), "rule")+" not evaluable", strings.Join(reasons, "\n"))
	}

	_, err := io.WriteString(w, b.String())
	return err
}

// annotate makes one of each rule, and the last one of all that GitHub would drop.
func annotate(b *strings.Builder, level string, rules []Rule) {
	for i, rule := range rules {
		if i == mostAnnotations-1 && len(rules) > mostAnnotations {
			command(b, level, fmt.Sprintf("and %s more failed", wording.Plural(len(rules)-i, "rule")),
				group{rules: rules[i:]}.ids())
			return
		}
		command(b, level, fmt.Sprintf("%s (%s): %s", rule.ID, rule.Severity, rule.Title), "Seen: "+rule.Seen+"\nExpected: "+
			rule.Expected+"\nTo mend it: "+rule.Advice)
	}
}

// Escapes of GitHub's commands, as its toolkit makes them: the title is a property, the rest data.
var (
	dataEscape     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscape = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func command(b *strings.Builder, level, title, text string) {
	title, text = oldCommands.ReplaceAllString(title, "#.#$1"), oldCommands.ReplaceAllString(clean(text), "#.#$1")
	fmt.Fprintf(b, "::%s title=%s::%s\n", level, propertyEscape.Replace(shorten(oneLine(title), 200)),
		dataEscape.Replace(shorten(text, mostAnnotation)))
}
