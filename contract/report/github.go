package report

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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
		command(&b, "error", "No verdict on "+r.heading(), r.Reason)
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

// WriteStepSummary writes the Markdown of a step's summary, of one mebibyte at most: the rules that
// failed come first, and what does not fit is counted.
func (r *Report) WriteStepSummary(w io.Writer) error {
	_, err := io.WriteString(w, r.stepSummary(mostStepSummary))
	return err
}

// stepSummary fits into so many bytes, or is empty.
func (r *Report) stepSummary(room int) string {
	r = r.Redacted()
	const end = 200 // bytes for the last sentence
	var b strings.Builder
	parts := append([]func() string{r.summaryHead, r.summaryFamilies}, r.summaryRules()...)
	for i, write := range parts {
		part := write()
		if b.Len()+len(part)+end > room {
			if i == 0 {
				return ""
			}
			fmt.Fprintf(&b, "\n%s left out, because a step's summary takes no more. The JSON and the HTML report have all.\n",
				wording.Plural(len(parts)-i, "part"))
			break
		}
		b.WriteString(part)
	}

	return b.String()
}

func (r *Report) summaryHead() string {
	return fmt.Sprintf("## %s\n\n**%s**\n\n%s\n\n", markdown(r.heading()), markdown(r.verdictLine()), markdown(r.facts()))
}

func (r *Report) summaryFamilies() string {
	var b strings.Builder
	b.WriteString("| Family | Passed | Failed | Not evaluable | Skipped |\n| :-- | --: | --: | --: | --: |\n")
	for _, g := range byFamily(r.Rules) {
		var s Summary
		for i := range g.rules {
			s.count(&g.rules[i])
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", markdown(g.name), s.Passed, s.Failed, s.NotEvaluable, s.Skipped)
	}

	for _, k := range r.Coverage.kinds() {
		fmt.Fprintf(&b, "\nCoverage of %s: %d %% (%d of %d)\n", markdown(k.Name), k.Percent(), k.Covered, len(k.Items))
	}
	return b.String()
}

// summaryRules are what comes below the table. Each part is written when its turn comes, if it does.
func (r *Report) summaryRules() []func() string {
	parts := summaryFailed("Failed", r.failing())
	parts = append(parts, summaryFailed("Tolerated, because below "+markdown(string(r.failOn())), r.tolerated())...)
	if open := r.of(NotEvaluable); len(open) > 0 {
		parts = append(parts, func() string { return summaryOpen(open) })
	}
	if r.Bundle != "" {
		parts = append(parts, func() string { return "\nAgain:\n\n" + fenced("sh", r.again()) })
	}
	return parts
}

func summaryFailed(title string, rules []Rule) []func() string {
	if len(rules) == 0 {
		return nil
	}
	parts := []func() string{func() string { return "\n### " + title + "\n" }}
	for _, rule := range rules {
		parts = append(parts, rule.summary)
	}
	return parts
}

func summaryOpen(rules []Rule) string {
	var b strings.Builder
	b.WriteString("\n### Not evaluable\n\n")
	for _, g := range byReason(rules) {
		fmt.Fprintf(&b, "- %s: %s\n", markdown(g.ids()), markdown(g.name))
	}
	return b.String()
}

// summary is a rule that failed, folded, with its sequence drawn by GitHub itself.
func (rule Rule) summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary><b>%s</b> (%s) %s</summary>\n\n", markup(rule.ID), markup(string(rule.Severity)),
		markup(rule.Title))
	for _, part := range []struct{ label, text string }{
		{"Seen", rule.Seen}, {"Expected", rule.Expected}, {"To mend it", rule.Advice}, {"Source", rule.Source},
	} {
		if oneLine(part.text) != "" {
			fmt.Fprintf(&b, "**%s:** %s\n\n", part.label, markdown(part.text))
		}
	}

	if len(rule.Exchanges) > 0 {
		short := rule
		short.Exchanges = slices.Clone(rule.Exchanges[:min(len(rule.Exchanges), mostDrawn)])
		b.WriteString(fenced("mermaid", short.Diagram(nil).Mermaid()))
		b.WriteString(fenced("text", exchangesText(rule)))
	}

	b.WriteString("</details>\n")
	return b.String()
}

// exchangesText is the exchanges in short, without the rest of the rule.
func exchangesText(rule Rule) string {
	p := &printer{}
	p.rule(Rule{Exchanges: rule.Exchanges})
	return p.String()
}

// punctuation is all that Markdown, its tables, mentions and formulas are made of.
const punctuation = "\\`*_{}[]()<>#|~!&@$^"

// markdown is one line of a stranger's text that shows as it is.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		if strings.ContainsRune(punctuation, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// markup is one line of a stranger's text within an HTML element of Markdown.
func markup(s string) string {
	var b strings.Builder
	for _, r := range oneLine(s) {
		if strings.ContainsRune(punctuation+`"'`, r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// fenced is a block of code whose fence nothing in it can close.
func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.TrimRight(clean(text), "\n") + "\n" + fence + "\n\n"
}
