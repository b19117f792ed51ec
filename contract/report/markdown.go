package report

import (
	"fmt"
	"strings"
)

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
