package merchant

import (
	"context"
	"slices"
	"sync"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// fewRules are so few that they are judged one after the other at once.
const fewRules = 24

// besideEachOther is how many rules are judged beside each other, besides the slow ones.
const besideEachOther = 6

// beside is what begins the rules in order: with a shop that did everything right so far, they are judged beside each
// other and beside the slow ones, each with orders of its own. If all goes well, what passed has passed. If one finds
// a fault, or the shop no longer sells, nothing of it counts, and they are judged one after the other. When the run
// ends meanwhile, what has passed has passed.
func (r *run) beside(chosen func(row) bool) func(context.Context, rule.When) {
	return func(ctx context.Context, part rule.When) {
		var rows []row
		for _, row := range r.table {
			if chosen(row) && !row.Single && slices.Contains([]rule.When{rule.InOrder, rule.FromStart, rule.Slow}, row.When) {
				rows = append(rows, row)
			}
		}
		if part != rule.InOrder || len(rows) < fewRules || !r.facts.flawless() || r.anyFailed() || len(r.seen) > 0 {
			return
		}

		results := r.allBeside(ctx, rows)
		if r.anyFailed() || len(r.faults()) > 0 || !r.sells(ctx) {
			r.failed, r.seen = map[string]*trial{}, nil
			return
		}
		r.passedBeside = map[string]report.Rule{}
		for _, result := range results {
			if result.Result == report.Passed || result.Severity == report.Advisory && ctx.Err() == nil {
				r.passedBeside[result.ID] = result
			}
		}
	}
}

// known is what was judged beside other rules, and holds.
func (r *run) known(of row) (report.Rule, bool) {
	judged, ok := r.passedBeside[of.ID]
	return judged, ok
}

// allBeside judges the slow rules and the others beside each other, the slow ones first. None is begun any more when
// one has failed.
func (r *run) allBeside(ctx context.Context, rows []row) []report.Rule {
	slices.SortStableFunc(rows, func(a, b row) int { return slowness(b) - slowness(a) })
	results := make([]report.Rule, len(rows))
	places := make(chan struct{}, besideEachOther)

	var all sync.WaitGroup
	for i, row := range rows {
		quick := row.When != rule.Slow
		if quick {
			places <- struct{}{}
		}
		if r.anyFailed() || ctx.Err() != nil {
			break
		}
		all.Go(func() {
			results[i] = r.judgeBeside(ctx, row)
			if quick {
				<-places
			}
		})
	}
	all.Wait()
	return slices.DeleteFunc(results, func(result report.Rule) bool { return result.ID == "" })
}

func slowness(of row) int {
	if of.When == rule.Slow {
		return 1
	}
	return 0
}

// anyFailed reports whether a rule has failed that says that the shop is wrong.
func (r *run) anyFailed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.failed {
		if t.rule.Severity != report.Advisory {
			return true
		}
	}
	return false
}

// faults are the sightings of faults.
func (r *run) faults() []rule.Sighting {
	return slices.DeleteFunc(slices.Clone(r.seen), func(s rule.Sighting) bool { return s.Share == rule.Nobodys })
}

// flawless reports whether nothing wrong was seen while the first orders were made.
func (f facts) flawless() bool {
	able := f.refused == nil && f.unreadable == nil && f.paid && f.asked() && !f.sluggish()
	trusts := f.paidBefore || f.trusting || f.overtrusted || f.failureIsPaid || f.deliversOnForgedCallback
	confuses := f.misasked || f.oneNumber || f.mixesUp || f.readingBlocksPayment || f.undelivered
	return able && !trusts && !confuses
}
