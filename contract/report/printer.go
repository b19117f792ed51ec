package report

import (
	"fmt"
	"regexp"
	"strings"
)

// printer writes lines.
type printer struct {
	Terminal
	text strings.Builder
}

// colour is what follows the escape sequence's bracket.
type colour string

const (
	bold   colour = "1"
	dim    colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
)

func (t Terminal) paint(c colour, s string) string {
	if !t.Colour || s == "" {
		return s
	}
	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

func (p *printer) line(format string, args ...any) {
	p.text.WriteString(harmless(strings.TrimRight(fmt.Sprintf(format, args...), " ")) + "\n")
}

// room is how many columns there are behind a column; zero: there is no limit.
func (p *printer) room(column int) int {
	if p.Width == 0 {
		return 0
	}
	return max(p.Width-column, 20)
}

// below writes a text of any length under a label, the lines after the first one beneath it.
func (p *printer) below(indent int, label string, column int, text string) {
	for i, part := range wrap(clean(text), p.room(column)) {
		if i == 0 && label != "" {
			p.line("%s%s%s%s", strings.Repeat(" ", indent), p.paint(dim, label),
				strings.Repeat(" ", max(1, column-indent-len(label))), part)
			continue
		}
		p.line("%s%s", strings.Repeat(" ", column), part)
	}
}

// commands are orders to a CI server that a stranger's text may carry into a log: GitHub's at the
// beginning of a line, which any word may come to stand at, and the older forms anywhere.
var (
	commands    = regexp.MustCompile(`(^|\s)::`)
	oldCommands = regexp.MustCompile(`##(\[|vso\[|teamcity\[)`)
)

func harmless(line string) string {
	return oldCommands.ReplaceAllString(commands.ReplaceAllString(line, "${1}:.:"), "#.#$1")
}
