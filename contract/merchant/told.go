package merchant

import (
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// named is what was seen, with the number of the order that failed in it.
func (t *trial) named(v rule.Verdict) string {
	calls := t.shown
	if len(calls) == 0 {
		calls = t.watch.Exchanges()
	}
	o := t.subject(calls)
	if v.Result != report.Failed || o == nil || o.ID == "" || strings.Contains(v.Seen, o.ID) {
		return v.Seen
	}

	for _, said := range []string{"the order is", "the order does", "the order that"} {
		if before, after, found := strings.Cut(v.Seen, said); found {
			return before + "order " + o.ID + strings.TrimPrefix(said, "the order") + after
		}
	}
	return v.Seen + " (order " + o.ID + ")"
}

// casesOf are the cases of a rule that was judged by several, the first that failed first.
func (t *trial) casesOf(v rule.Verdict) []report.Case {
	if v.Result != report.Failed || len(t.cases) < 2 {
		return nil
	}
	all := slices.Clone(t.cases)
	slices.SortStableFunc(all, func(a, b report.Case) int { return place(a.Result) - place(b.Result) })
	return all
}

// place puts what failed before what passed.
func place(r report.Result) int {
	if r == report.Failed {
		return 0
	}
	return 1
}

// scenarios are what PayPorter played for the orders of the trial, each once.
func (t *trial) scenarios() []string {
	var all []string
	for _, o := range t.watch.Orders {
		if scene := o.Scene(); !slices.Contains(all, scene) {
			all = append(all, scene)
		}
	}
	return all
}

// wroteDuring is what the shop wrote during a trial that failed, or during the orders at the start if its rule made
// none of its own.
func (r *run) wroteDuring(t *trial, v rule.Verdict) string {
	switch {
	case v.Result != report.Failed:
		return ""
	case len(t.watch.Orders) == 0:
		return r.harness.WrittenBetween(0, r.learned)
	}
	return r.harness.WrittenBetween(t.written, r.harness.Written())
}

// explained notes of rules that failed which other rule names the reason.
func explained(rules []report.Rule) {
	failed := map[string]string{} // what was seen
	for _, r := range rules {
		if r.Result == report.Failed {
			failed[r.ID] = r.Seen
		}
	}

	for i, r := range rules {
		because := reasonOf(r, failed)
		if _, there := failed[because]; there && r.Result == report.Failed && because != r.ID {
			rules[i].Because = because
		}
	}
}

// reasonOf is the rule that names why another one failed, if it failed, too; empty: none does.
func reasonOf(r report.Rule, failed map[string]string) string {
	unread := strings.Contains(failed["TRUST-001"], "does not look at the answer")
	switch {
	case r.ID == "FLOW-009" && keepsFirst(failed), r.ID == "RESIL-013" && keepsFirst(failed):
		return "TRUST-027"
	case r.ID == "TRUST-001" && strings.Contains(r.Seen, "without a question to PayPorter"):
		return "FLOW-002"
	case unread && (r.Family == "TRUST" || r.ID == "FLOW-005"):
		return "TRUST-001"
	case r.ID == "IDEM-002", r.ID == "IDEM-003", r.ID == "IDEM-004":
		return "IDEM-001"
	}
	return ""
}

// keepsFirst reports whether every answer but SUCCESS is kept for good: ENROLLED, FAILED and PENDING_APPROVAL.
func keepsFirst(failed map[string]string) bool {
	return failed["TRUST-027"] != "" && failed["FLOW-009"] != "" && failed["RESIL-013"] != ""
}
