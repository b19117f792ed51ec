package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// WriteStepSummary writes the Markdown of a step's summary, of one mebibyte at most: the rules that
// failed come first, and what does not fit is counted.
func (r *Report) WriteStepSummary(w io.Writer) error {
	_, err := io.WriteString(w, r.stepSummary(mostStepSummary))
	return err
}

// stepSummary fits into so many bytes, or is empty.
func (r *Report) stepSummary(room int) string { return stepSummary{r.Redacted()}.write(room) }

// stepSummary writes a report, which is masked already, in parts.
type stepSummary struct{ r *Report }

func (s stepSummary) write(room int) string {
	const end = 200 // bytes for the last sentence
	var b strings.Builder
	parts := append([]func() string{s.head, s.families}, s.rules()...)
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

func (s stepSummary) head() string {
	r := s.r
	head := fmt.Sprintf("## %s\n\n**%s**\n\n%s\n\n", markdown(headingOf(r)), markdown(verdictLine(r)),
		markdown(factsOf(r)))
	if first := mendFirst(r); first != "" {
		head += markdown(first) + "\n\n"
	}
	return head
}

func (s stepSummary) families() string {
	r := s.r
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
func (s stepSummary) rules() []func() string {
	r := s.r
	parts := summaryFailed("Failed", ordered(r.findings(true)))
	tolerated := "Tolerated, because below " + markdown(string(r.failOn()))
	parts = append(parts, summaryFailed(tolerated, ordered(r.findings(false)))...)
	if open := r.of(NotEvaluable); len(open) > 0 {
		parts = append(parts, func() string { return summaryOpen(open) })
	}
	if r.Bundle != "" {
		parts = append(parts, func() string { return "\nAgain:\n\n" + fenced("sh", replayCommand(r)) })
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
	p := fully{&printer{}}
	p.rule(Rule{Exchanges: rule.Exchanges, Decisive: rule.Decisive})
	return p.text.String()
}
