package report

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
)

// fill makes the sections.
func (p *page) fill(r *Report) error {
	ids := anchors{}
	var err error
	if p.Failing, err = ids.findings(r.findings(true)); err != nil {
		return err
	}
	if p.Tolerated, err = ids.findings(r.findings(false)); err != nil {
		return err
	}
	for _, f := range append(p.Failing[:len(p.Failing):len(p.Failing)], p.Tolerated...) {
		p.Index = append(p.Index, pageEntry{f[0], len(f) - 1})
	}
	if p.Good, err = ids.rules(r.of(Passed)); err != nil {
		return err
	}
	if p.NotEvaluable, err = ids.reasons(r.of(NotEvaluable)); err != nil {
		return err
	}

	p.Skipped, err = ids.reasons(r.of(Skipped))
	return err
}

// anchors are the names of places on the page that are taken.
type anchors map[string]bool

var anchorable = regexp.MustCompile(`^[A-Z][A-Za-z0-9-]{0,60}$`)

// of makes a place of a rule's id, or of its number if that will not do.
func (a anchors) of(id string) string {
	for n := 1; !anchorable.MatchString(id) || a[id]; n++ {
		id = fmt.Sprintf("Rule-%d", n)
	}
	a[id] = true
	return id
}

func (a anchors) reasons(rules []Rule) ([]pageReason, error) {
	var reasons []pageReason
	for _, g := range byReason(rules) {
		shown, err := a.rules(g.rules)
		if err != nil {
			return nil, err
		}
		reasons = append(reasons, pageReason{clean(g.name), shown})
	}
	return reasons, nil
}

func (a anchors) findings(all []Finding) ([][]pageRule, error) {
	var shown [][]pageRule
	for _, f := range all {
		rules, err := a.rules(f.rules)
		if err != nil {
			return nil, err
		}
		for i := range rules[1:] {
			rules[i+1].brief(f.rules[i+1])
		}
		shown = append(shown, rules)
	}
	return shown, nil
}

// brief leaves of a rule that failed for the reason of another one the exchanges that decided.
func (p *pageRule) brief(rule Rule) {
	var kept []pageExchange
	for _, d := range deciding(rule, mostDeciding) {
		kept = append(kept, p.Exchanges[d.Exchange-1])
	}
	p.Drawing, p.Mermaid, p.Left, p.Exchanges = "", "", len(p.Exchanges)-len(kept), kept
}

func (a anchors) rules(rules []Rule) ([]pageRule, error) {
	var shown []pageRule
	for _, rule := range rules {
		one, err := a.rule(rule)
		if err != nil {
			return nil, err
		}
		shown = append(shown, one)
	}
	return shown, nil
}

func (a anchors) rule(rule Rule) (pageRule, error) {
	p := pageRule{Rule: rule, Anchor: a.of(rule.ID)}
	p.ID, p.Title, p.Severity = oneLine(rule.ID), oneLine(rule.Title), Severity(oneLine(string(rule.Severity)))
	p.Seen, p.Source, p.Family, p.Output = clean(rule.Seen), clean(rule.Source), oneLine(rule.Family), clean(rule.Output)
	p.ExpectedOf, p.AdviceOf = Sentences(rule.Expected), Sentences(rule.Advice)
	for _, c := range rule.Cases {
		p.Tries = append(p.Tries, Case{oneLine(c.Name), oneLine(c.Order), Result(oneLine(string(c.Result)))})
	}
	if rule.Result != Failed {
		return p, nil
	}

	link := func(n int) string { return fmt.Sprintf("%s-exchange-%d", p.Anchor, n) }
	for i, e := range rule.Exchanges {
		p.Exchanges = append(p.Exchanges, shownExchange(e, link(i+1), differs(rule, i+1)))
	}
	if len(rule.Exchanges) == 0 {
		return p, nil
	}

	diagram := rule.Diagram(func(n int) string { return "#" + link(n) })
	var b bytes.Buffer
	if err := diagram.WriteSVG(&b); err != nil {
		return p, fmt.Errorf("draw %s: %w", rule.ID, err)
	}

	p.Drawing = template.HTML(b.String()) // made and escaped by our own package
	p.Mermaid = diagram.Mermaid()
	return p, nil
}
