package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"golang.org/x/term"
)

// Terminal says what the reader of a text has in front of them. Its zero value is a log: 100 columns,
// no colour, and passed rules only counted.
type Terminal struct {
	Width   int  // in columns; zero: 100
	Colour  bool // escape sequences for colour
	Live    bool // a line may be written over, as Progress does
	Verbose bool // a line for every passed rule, too
}

const (
	usualWidth = 100
	leastWidth = 60
	mostWidth  = 160 // longer lines are hard to read

	mostMissing = 12 // names of what was never exercised, unless all are asked for
)

// Env looks up an environment variable, as os.LookupEnv does.
type Env = func(name string) (string, bool)

// TerminalOf finds out what w is. Only a terminal has colour and a live line; NO_COLOR switches the
// one off, CI the other, and TERM=dumb both.
func TerminalOf(w io.Writer, env Env) Terminal {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return Terminal{}
	}
	t := Terminal{Colour: true, Live: true}
	if columns, _, err := term.GetSize(int(file.Fd())); err == nil {
		t.Width = min(max(columns, leastWidth), mostWidth)
	}
	return t.heeding(env)
}

// heeding takes away what the environment does not want.
func (t Terminal) heeding(env Env) Terminal {
	if set(env, "NO_COLOR") {
		t.Colour = false
	}
	if set(env, "CI") {
		t.Live = false
	}
	if name, _ := env("TERM"); name == "dumb" {
		t.Colour, t.Live = false, false
	}
	return t
}

func set(env Env, name string) bool {
	value, ok := env(name)
	return ok && value != "" && value != "false"
}

// WriteTerminal writes the report for people at a terminal or before a log: what failed comes last
// and in full, and the very last line is the verdict.
func (r *Report) WriteTerminal(w io.Writer, t Terminal) error {
	r = r.Redacted()
	if t.Width == 0 {
		t.Width = usualWidth
	}

	p := &printer{Terminal: t}
	p.heading(r)
	p.families(r)
	p.coverage(r.Coverage)
	p.reasons("Not evaluable", r.of(NotEvaluable))
	p.reasons("Skipped", r.of(Skipped))
	p.details(fmt.Sprintf("Failed below %s, which does not fail the run", r.failOn()), r.tolerated(), yellow)
	p.details("Failed", r.failing(), red)
	p.replay(r)
	p.verdict(r)
	_, err := w.Write(p.Bytes())
	return err
}

// printer writes lines.
type printer struct {
	bytes.Buffer
	Terminal
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
	p.WriteString(harmless(strings.TrimRight(fmt.Sprintf(format, args...), " ")) + "\n")
}

// below writes a text of any length under a label, the lines after the first one beneath it.
func (p *printer) below(indent int, label string, column int, text string) {
	room := 0
	if p.Width > 0 {
		room = max(p.Width-column, 20)
	}

	for i, part := range wrap(clean(text), room) {
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

func (p *printer) heading(r *Report) {
	p.line("%s", p.paint(bold, r.heading()))
	if facts := r.facts(); facts != "" {
		p.line("%s", p.paint(dim, facts))
	}
}

// heading is what was judged: Merchant: http://127.0.0.1:3000.
func (r *Report) heading() string {
	kind := oneLine(string(r.Kind))
	if kind != "" {
		kind = strings.ToUpper(kind[:1]) + kind[1:]
	}
	if target := oneLine(r.Target); target != "" {
		return kind + ": " + target
	}
	return kind
}

// facts are by what, when, and for how long.
func (r *Report) facts() string {
	var facts []string
	if tool := oneLine(r.Tool); tool != "" {
		facts = append(facts, tool)
	}
	if !r.StartedAt.IsZero() {
		facts = append(facts, when(r.StartedAt))
	}
	return strings.Join(append(facts, seconds(r.Seconds)), ", ")
}

// families is the table: a line for each, and in between, if asked for, one for each rule that
// passed.
func (p *printer) families(r *Report) {
	groups := byFamily(r.Rules)
	if len(groups) == 0 {
		return
	}

	name := len("family")
	for _, g := range groups {
		name = max(name, columns(oneLine(g.name)))
	}

	p.line("")
	p.line("%s", p.paint(dim, fmt.Sprintf("  %-*s  passed  failed  not evaluable  skipped", name, "family")))
	for _, g := range groups {
		s := Summary{}
		for i := range g.rules {
			s.count(&g.rules[i])
		}
		family := oneLine(g.name)
		p.line("  %s%s  %s  %s  %s  %s", family, strings.Repeat(" ", name-columns(family)),
			p.number(s.Passed, len("passed"), green), p.number(s.Failed, len("failed"), red), p.number(s.NotEvaluable,
				len("not evaluable"), yellow), p.number(s.Skipped, len("skipped"), dim))
		if p.Verbose {
			p.passed(g.rules)
		}
	}
}

// number is right-aligned; nothing is a hyphen, so that what there is catches the eye.
func (p *printer) number(n, width int, c colour) string {
	if n == 0 {
		return p.paint(dim, fmt.Sprintf("%*s", width, "-"))
	}
	return p.paint(c, fmt.Sprintf("%*d", width, n))
}

func (p *printer) passed(rules []Rule) {
	for _, rule := range rules {
		if rule.Result == Passed {
			p.line("    %s %s  %s", p.paint(green, "ok"), oneLine(rule.ID), oneLine(rule.Title))
		}
	}
}

// coverage is a line for each kind; what was never exercised follows, because that is what is missing.
func (p *printer) coverage(c *Coverage) {
	kinds := c.kinds()
	if len(kinds) == 0 {
		return
	}

	p.line("")
	p.line("%s", p.paint(bold, "Coverage of the contract"))
	for _, k := range kinds {
		p.line("  %-12s %3d %%  %d of %d", oneLine(k.Name), k.Percent(), k.Covered, len(k.Items))
		if missing := k.missing(); len(missing) > 0 {
			if len(missing) > mostMissing && !p.Verbose {
				missing = append(missing[:mostMissing], fmt.Sprintf("and %d more", len(missing)-mostMissing))
			}
			p.below(4, "never", 11, strings.Join(missing, ", "))
		}
	}
}

// reasons groups the rules that were not judged for the same reason.
func (p *printer) reasons(title string, rules []Rule) {
	if len(rules) == 0 {
		return
	}

	p.line("")
	p.line("%s", p.paint(bold, fmt.Sprintf("%s (%d)", title, len(rules))))
	for _, g := range byReason(rules) {
		p.below(2, "", 2, g.ids())
		reason := g.name
		if oneLine(reason) == "" {
			reason = "for no reason that was given"
		}
		p.below(4, "", 4, reason)
	}
}

func (p *printer) details(title string, rules []Rule, c colour) {
	if len(rules) == 0 {
		return
	}

	p.line("")
	p.line("%s", p.paint(bold, fmt.Sprintf("%s (%d)", title, len(rules))))
	for _, rule := range rules {
		p.line("")
		p.line("%s", p.paint(c, fmt.Sprintf("  %s  %s  %s", oneLine(rule.ID), oneLine(string(rule.Severity)), oneLine(
			rule.Title))))
		p.rule(rule)
	}
}

func (p *printer) replay(r *Report) {
	if bundle := oneLine(r.Bundle); bundle != "" {
		p.line("")
		p.line("Again: %s", r.again())
	}
}

// again is the command that reproduces what failed.
func (r *Report) again() string {
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

func (p *printer) verdict(r *Report) {
	c := green
	if r.Verdict != OK {
		c = red
	}
	p.line("")
	p.line("%s", p.paint(c, oneLine(r.verdictLine())))
}
