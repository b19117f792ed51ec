package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Sighting is what the judge of one rule saw, and took for the fault of others.
type Sighting struct {
	By     string // the rule's ID
	Others Others
	Share  Share
	Seen   string
}

// Attribute makes every fault that was seen somebody's finding: a rule may only point to others if one of them failed.
// The results are changed. What is answered says which rule failed by whose sighting.
func Attribute(results []report.Rule, sightings []Sighting) (failed map[string]Sighting) {
	failed = map[string]Sighting{}
	for _, s := range sightings {
		if s.Share == Nobodys || explained(results, sightings, s.Others, nil) {
			continue
		}

		if r := owner(results, s); r != nil && r.Result != report.Failed {
			found(r, results, s)
			failed[r.ID] = s
		}
	}
	return failed
}

// explained reports whether one of the names failed, or points to another that did. Those passed through end a circle.
func explained(results []report.Rule, sightings []Sighting, names Others, passed []string) bool {
	for _, r := range results {
		if !names.Have(r.ID) || slices.Contains(passed, r.ID) {
			continue
		}
		if r.Result == report.Failed {
			return true
		}
		for _, s := range sightings {
			if s.By == r.ID && explained(results, sightings, s.Others, append(passed, r.ID)) {
				return true
			}
		}
	}
	return false
}

// owner is the rule whose finding a sighting is; nil: no rule that was judged.
func owner(results []report.Rule, s Sighting) *report.Rule {
	by := place(results, s.By)
	if s.Share == Theirs {
		for _, id := range s.Others {
			if r := place(results, id); r != nil && r.Result != report.Skipped {
				return r
			}
		}
	}

	// the rule that says more was not asked for: it counts only if nothing else says that the shop is wrong
	anyFailed := slices.ContainsFunc(results, func(r report.Rule) bool { return r.Result == report.Failed })
	if s.Share == Theirs && anyFailed {
		return nil
	}
	return by
}

func place(results []report.Rule, id string) *report.Rule {
	if i := slices.IndexFunc(results, func(r report.Rule) bool { return r.ID == id }); i >= 0 {
		return &results[i]
	}
	return nil
}

// found makes a sighting the finding of a rule, with the exchanges of the trial that saw it.
func found(r *report.Rule, results []report.Rule, s Sighting) {
	r.Result = report.Failed
	r.Seen = s.Seen
	if r.ID == s.By {
		return
	}

	r.Seen = fmt.Sprintf("in the trial of %s: %s", s.By, s.Seen)
	if by := place(results, s.By); by != nil {
		r.Exchanges, r.Decisive, r.Cases, r.Output = by.Exchanges, by.Decisive, by.Cases, by.Output
	}
}

// Have reports whether a rule is one of the others, or of one of their families.
func (o Others) Have(id string) bool {
	return slices.ContainsFunc(o, func(name string) bool { return id == name || strings.HasPrefix(id, name+"-") })
}
