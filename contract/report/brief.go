package report

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// briefly writes what failed for a terminal: about twelve lines a rule. The files of --report have the rest.
type briefly struct{ *printer }

// How much of a rule a terminal shows.
const (
	mostDeciding = 2 // exchanges
	mostAlso     = 4 // lines of rules that failed for the same reason
	mostWritten  = 2 // lines of what the shop wrote
)

func (p briefly) findings(title string, all []Finding, c colour) {
	if len(all) == 0 {
		return
	}

	rules := 0
	for _, f := range all {
		rules += len(f.rules)
	}
	p.line("")
	p.line("%s", p.paint(bold, fmt.Sprintf("%s (%d)", title, rules)))
	for _, f := range all {
		p.line("")
		p.line("%s", p.paint(c, fmt.Sprintf("  %s  %s  %s", oneLine(f.root.ID), oneLine(string(f.root.Severity)),
			oneLine(f.root.Title))))
		p.finding(f)
	}
}

// finding is the rule that names the reason, and the others in a line each.
func (p briefly) finding(f Finding) {
	rule := f.root
	for _, part := range []struct {
		label, text string
		most        int
	}{{"expected", rule.Expected, 1}, {"seen", rule.Seen, 3}, {"to mend it", rule.Advice, 2}} {
		if strings.TrimSpace(part.text) != "" {
			p.cut(part.label, part.text, part.most)
		}
	}

	if cases := told(rule.Cases); cases != "" {
		p.cut("cases", cases, 2)
	}
	p.list("also", also(f.rules[1:]))
	p.evidence(rule)
	if written := endOf(rule.Output, mostWritten); written != "" {
		p.cut("shop wrote", written, mostWritten)
	}
}

// told says which of several cases failed.
func told(cases []Case) string {
	var failed []string
	for _, c := range cases {
		if c.Result == Failed {
			failed = append(failed, oneLine(c.Name))
		}
	}
	if len(cases) < 2 {
		return ""
	}
	return fmt.Sprintf("%d of %d failed: %s", len(failed), len(cases), strings.Join(failed, "; "))
}

// also are rules that failed for the same reason.
func also(rules []Rule) []string {
	var lines []string
	for _, rule := range rules {
		lines = append(lines, oneLine(rule.ID)+"  "+oneLine(rule.Title))
	}
	return lines
}

// list writes a line each, and counts those for which there is no room.
func (p briefly) list(label string, lines []string) {
	if len(lines) > mostAlso {
		left := len(lines) - mostAlso + 1
		lines = append(slices.Clone(lines[:mostAlso-1]), fmt.Sprintf("and %d more", left))
	}
	for i, line := range lines {
		if i > 0 {
			label = ""
		}
		p.cut(label, line, 1)
	}
}

// evidence is the exchanges that decided, or the first ones when nothing says which did.
func (p briefly) evidence(rule Rule) {
	shown := deciding(rule, mostDeciding)
	for _, d := range shown {
		p.exchange(d, rule.Exchanges[d.Exchange-1])
	}
	if left := len(rule.Exchanges) - len(shown); left > 0 {
		p.cut("", fmt.Sprintf("and %s more: the JSON and the HTML report have all", wording.Plural(left, "exchange")), 1)
	}
}

// exchange is its line, and of its bodies the one that says why it decides.
func (p briefly) exchange(d Deciding, e exchange.Exchange) {
	p.cut(fmt.Sprintf("exchange %d", d.Exchange), line(e), 1)
	sent, got := sides(e)
	where, label := got, "got"
	if got == "" || !slices.ContainsFunc(d.Differs, func(s string) bool { return strings.Contains(got, oneLine(s)) }) &&
		slices.ContainsFunc(d.Differs, func(s string) bool { return strings.Contains(sent, oneLine(s)) }) {
		where, label = sent, "sent"
	}
	if where == "" {
		return
	}

	text, line := underlined(where, d.Differs, p.room(detailColumn+6))
	p.line("%s%s%s", strings.Repeat(" ", detailColumn), p.paint(dim, fmt.Sprintf("%-6s", label)), text)
	if line != "" {
		p.line("%s%s", strings.Repeat(" ", detailColumn+6), line)
	}
}

// line is an exchange in a line that begins with what matters most: attacker to merchant, forged callback: 200 after
// 3 ms: POST /callback.
func line(e exchange.Exchange) string {
	text := oneLine(e.From) + " to " + oneLine(e.To)
	if title := oneLine(e.Title); title != "" {
		text += ", " + title
	}
	text += ": " + outcome(e)

	if e.Request == nil || asked(e) == oneLine(e.Title) {
		return text
	}
	path := e.Request.URL
	if u, err := url.Parse(path); err == nil && u.Host != "" {
		path = u.RequestURI()
	}
	return text + ": " + oneLine(e.Request.Method+" "+path)
}

// sides are the bodies of an exchange, each in a line.
func sides(e exchange.Exchange) (sent, got string) {
	if e.Request != nil {
		sent = oneLine(e.Request.Body.String())
	}
	if e.Response != nil {
		got = oneLine(e.Response.Body.String())
	}
	return sent, got
}

// cut writes at most so many lines of a text under a label.
func (p briefly) cut(label, text string, most int) {
	lines := wrap(clean(text), p.room(detailColumn))
	if most == 1 {
		lines = []string{oneLine(text)}
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] += " " + ellipsis
	}
	for i, line := range lines {
		lines[i] = shortenWords(line, p.room(detailColumn))
	}

	for i, line := range lines {
		if i == 0 && label != "" {
			p.line("    %s%s%s", p.paint(dim, label), strings.Repeat(" ", max(1, detailColumn-4-len(label))), line)
			continue
		}
		p.line("%s%s", strings.Repeat(" ", detailColumn), line)
	}
}

// endOf is the last lines of a text that say something.
func endOf(text string, most int) string {
	lines := slices.DeleteFunc(strings.Split(clean(text), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
