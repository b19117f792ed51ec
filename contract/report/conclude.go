package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// Conclude counts the rules and finds the verdict: a failed rule of severity failOn or worse fails
// the run (empty: Major). A run in which no rule could be judged fails, too: it has proven nothing,
// and must not look like one that has. A rule without a known result counts as not evaluable.
func (r *Report) Conclude(failOn Severity) {
	if failOn == "" {
		failOn = Major
	}
	r.Version, r.FailOn, r.Summary = 1, failOn, Summary{Rules: len(r.Rules)}
	for i := range r.Rules {
		r.Summary.count(&r.Rules[i])
	}
	r.Verdict, r.Reason = r.conclusion()
	r.Findings = findingsOf(r)
}

// FailUnjudged fails a run that has passed although a rule of this severity or worse could not be judged: what nobody
// looked at must not look like what is right.
func (r *Report) FailUnjudged(bar Severity) {
	unjudged := r.with(func(rule Rule) bool { return rule.Result == NotEvaluable && rule.Severity.AtLeast(bar) })
	if r.Verdict != OK || len(unjudged) == 0 {
		return
	}
	r.Verdict = NotOK
	r.Reason = fmt.Sprintf("%s of severity %s could not be judged: %s",
		wording.Plural(len(unjudged), "rule"), bar.orWorse(), group{rules: unjudged}.ids())
}

func (s *Summary) count(rule *Rule) {
	switch rule.Result {
	case Passed:
		s.Passed++
	case Failed:
		s.Failed++
	case Skipped:
		s.Skipped++
	case NotEvaluable:
		s.NotEvaluable++
	default:
		rule.Result, rule.Seen = NotEvaluable, "nothing said what became of this rule"
		s.NotEvaluable++
	}
}

func (r *Report) conclusion() (Verdict, string) {
	failing, tolerated := len(r.failing()), len(r.tolerated())
	switch s := r.Summary; {
	case failing > 0:
		return NotOK, fmt.Sprintf("%s of severity %s failed", wording.Plural(failing, "rule"), r.bar())
	case s.Passed+s.Failed == 0 && s.NotEvaluable > 0:
		return NotOK, "no rule could be judged, so nothing is proven"
	case s.Passed+s.Failed == 0:
		return NotOK, "no rule was judged, so nothing is proven"
	case tolerated > 0:
		return OK, fmt.Sprintf("%s failed, none of severity %s", wording.Plural(tolerated, "rule"), r.bar())
	case s.NotEvaluable > 0:
		return OK, fmt.Sprintf("no rule failed; %d could not be judged", s.NotEvaluable)
	}
	return OK, "no rule failed"
}

// bar says in words from which severity on a failure counts.
func (r *Report) bar() string {
	return r.failOn().orWorse()
}

// orWorse is the severity and every worse one in words. Nothing is worse than critical.
func (s Severity) orWorse() string {
	if s == Critical {
		return string(s)
	}
	return string(s) + " or worse"
}

func (r *Report) failOn() Severity {
	if r.FailOn == "" {
		return Major
	}
	return r.FailOn
}

// Fails reports whether the rule is one that fails the run.
func (r *Report) Fails(rule Rule) bool {
	return rule.Result == Failed && rule.Severity.AtLeast(r.FailOn)
}

// failing are the rules that fail the run, the worst first.
func (r *Report) failing() []Rule {
	return worstFirst(r.with(func(rule Rule) bool { return r.Fails(rule) }))
}

// tolerated are the rules that failed without failing the run, the worst first.
func (r *Report) tolerated() []Rule {
	return worstFirst(r.with(func(rule Rule) bool { return rule.Result == Failed && !r.Fails(rule) }))
}

func (r *Report) of(result Result) []Rule {
	return r.with(func(rule Rule) bool { return rule.Result == result })
}

func (r *Report) with(wanted func(Rule) bool) []Rule {
	var found []Rule
	for _, rule := range r.Rules {
		if wanted(rule) {
			found = append(found, rule)
		}
	}
	return found
}

func worstFirst(rules []Rule) []Rule {
	slices.SortStableFunc(rules, func(a, b Rule) int {
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
	return rules
}

// group is rules that have something in common.
type group struct {
	name  string
	rules []Rule
}

// grouped keeps the order in which the names come up.
func grouped(rules []Rule, name func(Rule) string) []group {
	var groups []group
	at := map[string]int{}
	for _, rule := range rules {
		key := name(rule)
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key] = i
			groups = append(groups, group{name: key})
		}
		groups[i].rules = append(groups[i].rules, rule)
	}
	return groups
}

func byFamily(rules []Rule) []group {
	return grouped(rules, func(rule Rule) string { return rule.Family })
}

func byReason(rules []Rule) []group {
	return grouped(rules, func(rule Rule) string { return rule.Seen })
}

// ids is "TRUST-001, TRUST-002".
func (g group) ids() string {
	ids := make([]string, len(g.rules))
	for i, rule := range g.rules {
		ids[i] = rule.ID
	}
	return strings.Join(ids, ", ")
}

// families is "FLOW 2, TRUST 17".
func (g group) families() string {
	var parts []string
	for _, f := range byFamily(g.rules) {
		parts = append(parts, fmt.Sprintf("%s %d", oneLine(f.name), len(f.rules)))
	}
	return strings.Join(parts, ", ")
}

// bySeverity is "1 critical, 2 major".
func bySeverity(rules []Rule) string {
	var parts []string
	for _, g := range grouped(worstFirst(slices.Clone(rules)), func(rule Rule) string { return string(rule.Severity) }) {
		parts = append(parts, fmt.Sprintf("%d %s", len(g.rules), g.name))
	}
	return strings.Join(parts, ", ")
}

// verdictLine is the run in one line.
func verdictLine(r *Report) string {
	s, failing := r.Summary, r.failing()
	var first string
	var rest []string
	switch {
	case len(failing) > 0:
		first = fmt.Sprintf("%d of %s failed (%s)", len(failing), wording.Plural(s.Rules, "rule"), bySeverity(failing))
		rest = append(rest, fmt.Sprintf("%d passed", s.Passed))
	case r.Verdict == OK:
		first = fmt.Sprintf("%d of %s passed", s.Passed, wording.Plural(s.Rules, "rule"))
		if r.Caveat != "" {
			first += "; " + r.Caveat
		}
	default:
		first = r.Reason
	}

	if tolerated := r.tolerated(); len(tolerated) > 0 {
		rest = append(rest, fmt.Sprintf("%d tolerated (%s)", len(tolerated), bySeverity(tolerated)))
	}

	rest = append(rest, fmt.Sprintf("%d not evaluable", s.NotEvaluable), fmt.Sprintf("%d skipped", s.Skipped))
	return fmt.Sprintf("%s: %s; %s, in %s%s", strings.ToUpper(string(r.Verdict)), first, strings.Join(rest, ", "),
		seconds(r.Seconds), r.untried())
}

// Untried is what is seen of a rule that only a thorough run judges.
const Untried = "not tried, because it takes longer than all others: --thorough, or --rules with its name, judges it"

// untried is the end of the verdict's line: the rules that only a thorough run judges. Empty: there are none.
func (r *Report) untried() string {
	rules := r.with(func(rule Rule) bool { return rule.Result == Skipped && rule.Seen == Untried })
	if len(rules) == 0 {
		return ""
	}
	return fmt.Sprintf("; not tried without --thorough: %s", group{rules: rules}.ids())
}
