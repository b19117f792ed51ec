package report

import (
	"cmp"
	"regexp"
	"slices"
)

// Case is one of several tries by which a rule was judged.
type Case struct {
	Name   string `json:"name"`   // what was tried, such as amount "1.00"
	Order  string `json:"order"`  // the order it was tried on, as the shop calls it
	Result Result `json:"result"` // Passed or Failed
}

// Deciding is an exchange that decided a rule.
type Deciding struct {
	Exchange int      `json:"exchange"`          // its number among the rule's, counted from one
	Differs  []string `json:"differs,omitempty"` // what of its bodies decided, as it stands there
}

// Finding is one thing to mend: a rule that failed, and those that failed for the same reason.
type Finding struct {
	Rule     string   `json:"rule"`               // the id of the rule that names the reason
	Also     []string `json:"also,omitempty"`     // the ids of the others, in the order of the table
	Unjudged int      `json:"unjudged,omitempty"` // how many rules could not be judged because of it

	root  Rule
	rules []Rule // root and the others
}

// findingsOf groups what failed by its reason. What to mend first comes first: the worst, then what keeps most rules
// from being judged.
func findingsOf(r *Report) []Finding {
	failed := r.of(Failed)
	ids := map[string]bool{}
	for _, rule := range failed {
		ids[rule.ID] = true
	}

	blocked := unjudgedBy(r)
	var all []Finding
	for _, g := range grouped(failed, func(rule Rule) string { return reason(rule, failed, ids) }) {
		all = append(all, newFinding(g.rules, blocked))
	}

	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(worse(a.root, b.root), b.Unjudged-a.Unjudged)
	})
	return all
}

// worse compares by severity: less than zero if a's is the worse one.
func worse(a, b Rule) int {
	return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
}

// reason is the same for rules that failed for the same reason: one names the other, or both are of one family and
// mended in the same way.
func reason(rule Rule, failed []Rule, ids map[string]bool) string {
	for range failed { // a rule may point to one that points on
		if rule.Because == "" || rule.Because == rule.ID || !ids[rule.Because] {
			break
		}
		at := slices.IndexFunc(failed, func(other Rule) bool { return other.ID == rule.Because })
		rule = failed[at]
	}
	if oneLine(rule.Advice) == "" {
		return rule.Family + "\x00" + rule.ID
	}
	return rule.Family + "\x00\x00" + rule.Advice
}

// newFinding takes for its root the rule to which the others point, or the worst.
func newFinding(rules []Rule, blocked map[string]map[string]bool) Finding {
	named := func(rule Rule) int {
		n := len(blocked[rule.ID])
		for _, other := range rules {
			if other.Because == rule.ID {
				n += len(rules) * mostRules
			}
		}
		return n
	}

	root := slices.MinFunc(rules, func(a, b Rule) int {
		return cmp.Or(worse(a, b), named(b)-named(a))
	})
	f := Finding{Rule: root.ID, root: root, rules: []Rule{root}}
	unjudged := map[string]bool{}
	taken := false // the root comes once, whatever ids there are
	for _, rule := range rules {
		for id := range blocked[rule.ID] {
			unjudged[id] = true
		}
		if rule.ID == root.ID && !taken {
			taken = true
			continue
		}
		f.Also, f.rules = append(f.Also, rule.ID), append(f.rules, rule)
	}

	f.Unjudged = len(unjudged)
	return f
}

// mostRules is more than any table has: to be pointed at counts more than to keep rules from being judged.
const mostRules = 1000

var ruleID = regexp.MustCompile(`\b[A-Z]+-[0-9]{3}\b`)

// unjudgedBy says for each rule which rules point to it as the reason why they could not be judged, also by others.
func unjudgedBy(r *Report) map[string]map[string]bool {
	points := map[string][]string{}
	for _, rule := range r.of(NotEvaluable) {
		points[rule.ID] = ruleID.FindAllString(rule.Seen, -1)
	}

	by := map[string]map[string]bool{}
	for id := range points {
		next, met := points[id], map[string]bool{id: true}
		for len(next) > 0 {
			to := next[0]
			if next = next[1:]; met[to] {
				continue
			}
			met[to] = true
			if by[to] == nil {
				by[to] = map[string]bool{}
			}
			by[to][id] = true
			next = append(next, points[to]...)
		}
	}
	return by
}

// ordered are the rules of the findings, each finding's root first.
func ordered(all []Finding) []Rule {
	var rules []Rule
	for _, f := range all {
		rules = append(rules, f.rules...)
	}
	return rules
}

// fails reports whether one of the finding's rules fails the run.
func (f Finding) fails(r *Report) bool { return slices.ContainsFunc(f.rules, r.Fails) }

// findings are those that fail the run, or those that do not.
func (r *Report) findings(fail bool) []Finding {
	return slices.DeleteFunc(findingsOf(r), func(f Finding) bool { return f.fails(r) != fail })
}
