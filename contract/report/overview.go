package report

import (
	"fmt"
	"regexp"
	"strings"
)

// overview writes what a reader of a text sees first and last: who was judged, how much of it, and the verdict.
type overview struct{ *printer }

const mostMissing = 12 // names of what was never exercised, unless all are asked for

func (p overview) heading(r *Report) {
	p.line("%s", p.paint(bold, headingOf(r)))
	if facts := factsOf(r); facts != "" {
		p.line("%s", p.paint(dim, facts))
	}
}

// families is the table: a line for each, and in between, if asked for, one for each rule that
// passed.
func (p overview) families(r *Report) {
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
func (p overview) number(n, width int, c colour) string {
	if n == 0 {
		return p.paint(dim, fmt.Sprintf("%*s", width, "-"))
	}
	return p.paint(c, fmt.Sprintf("%*d", width, n))
}

func (p overview) passed(rules []Rule) {
	for _, rule := range rules {
		if rule.Result == Passed {
			p.line("    %s %s  %s", p.paint(green, "ok"), oneLine(rule.ID), oneLine(rule.Title))
		}
	}
}

// coverage is a line for each kind; what was never exercised follows, because that is what is missing.
func (p overview) coverage(c *Coverage) {
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

// reasons is a line for each reason for which rules were not judged.
func (p overview) reasons(title string, rules []Rule) {
	if len(rules) == 0 {
		return
	}

	p.line("")
	p.line("%s", p.paint(bold, fmt.Sprintf("%s (%d)", title, len(rules))))
	for _, g := range byReason(rules) {
		reason := oneLine(g.name)
		if reason == "" {
			reason = "for no reason that was given"
		}
		who := g.ids()
		if len(g.rules) > mostNamed && !p.Verbose {
			who = fmt.Sprintf("%d rules (%s)", len(g.rules), g.families())
		}
		p.below(2, "", 2, who+": "+reason)
	}
}

// mostNamed is how many rules of one reason are named; more are counted, unless all are asked for.
const mostNamed = 4

// first says what to mend first, when there is a choice.
func (p overview) first(r *Report) {
	if text := mendFirst(r); text != "" {
		p.line("")
		p.below(0, "", 0, text)
	}
}

// explainable is an id as our tables have them. Nothing else becomes part of a command that people copy.
var explainable = regexp.MustCompile(`^[A-Z]+-[0-9]+$`)

// next is what to do after a rule has failed: read about it, and judge again.
func (p overview) next(r *Report) {
	var lines []string
	findings := append(r.findings(true), r.findings(false)...)
	if len(findings) > 0 && explainable.MatchString(findings[0].Rule) {
		lines = append(lines, "More about a rule: payporter-mock verify explain "+findings[0].Rule)
	}
	if oneLine(r.Bundle) != "" {
		lines = append(lines, "Again: "+replayCommand(r))
	}
	if len(lines) == 0 {
		return
	}

	p.line("")
	for _, line := range lines {
		p.line("%s", line)
	}
}

// mostUntried is how many rules a good verdict names that could not be judged.
const mostUntried = 3

// untried is what a good verdict does not prove. Why is said above, where the rules are listed by their reasons.
func (p overview) untried(r *Report) {
	rules := worstFirst(r.of(NotEvaluable))
	if r.Verdict != OK || len(rules) == 0 {
		return
	}

	var named []string
	for _, rule := range rules[:min(len(rules), mostUntried)] {
		named = append(named, oneLine(rule.ID)+" "+strings.TrimSuffix(oneLine(rule.Title), "."))
	}
	if left := len(rules) - len(named); left > 0 {
		named = append(named, fmt.Sprintf("and %d more", left))
	}
	p.line("")
	p.below(0, "", 0, "Not tried: "+strings.Join(named, "; ")+".")
}

func (p overview) verdict(r *Report) {
	c := green
	if r.Verdict != OK {
		c = red
	}
	p.line("")
	p.line("%s", p.paint(c, oneLine(verdictLine(r))))
}
