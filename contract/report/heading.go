package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// headingOf is what was judged: Merchant: http://127.0.0.1:3000.
func headingOf(r *Report) string {
	kind := oneLine(string(r.Kind))
	if kind != "" {
		kind = strings.ToUpper(kind[:1]) + kind[1:]
	}
	if target := oneLine(r.Target); target != "" {
		return kind + ": " + target
	}
	return kind
}

// factsOf are by what, when, and for how long.
func factsOf(r *Report) string {
	var facts []string
	if tool := oneLine(r.Tool); tool != "" {
		facts = append(facts, tool)
	}
	if !r.StartedAt.IsZero() {
		facts = append(facts, when(r.StartedAt))
	}
	return strings.Join(append(facts, seconds(r.Seconds)), ", ")
}

// replayCommand is the command that reproduces what failed.
func replayCommand(r *Report) string {
	return fmt.Sprintf("payporter-mock verify %s --replay %s", oneLine(string(r.Kind)), shellWord(oneLine(r.Bundle)))
}

var bareWord = regexp.MustCompile(`^[\w./:@%+,=-]+$`)

// shellWord can be pasted into a shell, whatever is in it.
func shellWord(s string) string {
	if bareWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// mendFirst is the finding to begin with, in a sentence; empty: there is one at most.
func mendFirst(r *Report) string {
	findings := append(r.findings(true), r.findings(false)...)
	if len(findings) == 0 || len(findings) == 1 && len(findings[0].rules) == 1 && findings[0].Unjudged == 0 {
		return ""
	}

	f := findings[0]
	text := fmt.Sprintf("Mend first: %s (%s) %s.", oneLine(f.Rule), oneLine(string(f.root.Severity)),
		oneLine(f.root.Title))
	if n := len(f.Also); n > 0 {
		text += fmt.Sprintf(" For the same reason %s failed.", wording.Plural(n, "other rule"))
	}
	if f.Unjudged > 0 {
		text += fmt.Sprintf(" Because of it %s could not be judged.", wording.Plural(f.Unjudged, "rule"))
	}
	return text
}
