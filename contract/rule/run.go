package rule

import (
	"context"
	"slices"
	"sync"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Progress is told of every rule before and after it is judged, from many sides at once; *report.Progress is one.
type Progress interface {
	Begin(report.Rule)
	Judged(report.Rule)
}

// Silent is a Progress that tells nobody.
type Silent struct{}

// Begin tells nobody.
func (Silent) Begin(report.Rule) {}

// Judged tells nobody.
func (Silent) Judged(report.Rule) {}

// Run is how a table is judged.
type Run[J any] struct {
	Table    []Rule[J]
	Chosen   func(Rule[J]) bool
	Judge    func(context.Context, Rule[J]) report.Rule
	Progress Progress

	// Why says why a rule is not chosen; nil: it was not asked for.
	Why func(Rule[J]) string

	// Begin is called before each part; nil: nothing is.
	Begin func(context.Context, When)

	// Known is what was judged before its turn; nil: nothing is. It counts although ctx leaves no time.
	Known func(Rule[J]) (report.Rule, bool)

	// Places is how many rules of a part of the run may be judged beside each other; nil: one.
	Places func(When) int
}

// What is seen of rules that were not judged.
const (
	Unasked   = "it was not asked for"
	Unreached = "the run ended before this was judged"
)

// All judges the rules part by part. The results are in the order of the table. Rules that ctx leaves no time for are
// not evaluable.
func (r Run[J]) All(ctx context.Context) []report.Rule {
	results := make([]report.Rule, len(r.Table))
	for i, row := range r.Table {
		if results[i] = row.Report(Verdict{Result: report.NotEvaluable, Seen: Unreached}); !r.Chosen(row) {
			results[i] = row.Report(Verdict{Result: report.Skipped, Seen: r.why(row)})
			r.Progress.Judged(results[i])
		}
	}

	for _, part := range [][]When{{Alone}, {InOrder, FromStart}, {MovesClock}, {Slow}, {Last}} {
		if r.Begin != nil {
			r.Begin(ctx, part[0])
		}
		r.part(ctx, results, part)
	}
	return results
}

func (r Run[J]) known(row Rule[J]) (report.Rule, bool) {
	if r.Known == nil {
		return report.Rule{}, false
	}
	return r.Known(row)
}

func (r Run[J]) why(row Rule[J]) string {
	if r.Why == nil {
		return Unasked
	}
	return r.Why(row)
}

// part judges the rules of a part of the run.
func (r Run[J]) part(ctx context.Context, results []report.Rule, part []When) {
	places := make(chan struct{}, 1)
	if r.Places != nil {
		places = make(chan struct{}, r.Places(part[0]))
	}

	var all sync.WaitGroup
	for i, row := range r.Table {
		if !r.Chosen(row) || !slices.Contains(part, row.When) {
			continue
		}
		if known, ok := r.known(row); ok {
			r.Progress.Begin(results[i])
			results[i] = known
			r.Progress.Judged(known)
			continue
		}

		places <- struct{}{}
		if ctx.Err() != nil {
			<-places
			continue
		}
		all.Go(func() {
			r.Progress.Begin(results[i])
			results[i] = r.Judge(ctx, row)
			r.Progress.Judged(results[i])
			<-places
		})
	}
	all.Wait()
}
