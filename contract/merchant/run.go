package merchant

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Options are how a run is made. The zero value works.
type Options struct {
	Tool     string    // name and version of what judges, for the report
	Progress Progress  // nil: nobody is told
	ShopLog  io.Writer // what a started shop writes; nil: nowhere

	Within time.Duration // when the run ends, whether all is judged or not; zero: when all is
}

// Progress is told how far a run is, from many sides at once.
type Progress = rule.Progress

// Judgement is what a run found, and what is needed to make it again.
type Judgement struct {
	report.Report
	Replay *Bundle // nil: no rule failed
}

// run is a judgement under way: a shop, and what has been found out about it.
type run struct {
	harness *shop.Harness
	table   []row
	started time.Time
	within  time.Duration // when it ends; zero: when all is judged
	facts   facts
	learned int // how much the shop had written when the orders at the start were done

	mu     sync.Mutex
	failed map[string]*trial // by the rule's id
	trials map[string]*trial // of every rule that was judged
	// what was judged beside each other, and holds
	passedBeside map[string]report.Rule

	seen      []rule.Sighting // what judges took for the fault of other rules
	again     string          // the first order that was fulfilled more than once, in words; empty: there is none
	lookedAll bool            // all orders were looked at once more
	unreached int             // rules that the run left no time for
}

// Verify judges a shop by the rules of the config. An error means that the run went wrong, not that the
// shop did.
func Verify(ctx context.Context, c shop.Config, o Options) (Judgement, error) {
	started := time.Now()
	if o.Progress == nil {
		o.Progress = rule.Silent{}
	}
	chosen, err := choose(c.Rules)
	if err != nil {
		return Judgement{}, err
	}
	chosen = affordable(c, chosen)

	ctx, cancel := o.bound(ctx)
	defer cancel()
	h, err := shop.OpenHarness(ctx, c, o.ShopLog)
	if err != nil {
		return Judgement{}, err
	}
	defer h.Close()

	r := &run{
		harness: h, table: table(), started: time.Now(), within: o.Within, facts: facts{Pace: &h.Pace},
		failed: map[string]*trial{}, trials: map[string]*trial{},
	}
	r.facts.untold = !slices.ContainsFunc(r.table, func(of row) bool { return of.ID == "FLOW-003" && chosen(of) })
	r.learn(ctx)
	r.learned = h.Written()
	judged := rule.Run[func(*trial)]{
		Table: r.table, Chosen: chosen, Judge: r.judge, Progress: o.Progress, Places: r.places, Begin: r.begin(chosen),
		Known: r.known, Why: why(c),
	}.All(ctx)
	for _, one := range judged {
		if one.Seen == rule.Unreached {
			r.unreached++
		}
	}
	r.saySlow(judged)
	r.attribute(judged)
	return r.conclude(ctx, r.again, report.Report{
		Kind: report.Merchant, Rules: judged, Tool: o.Tool, Target: h.TargetName(),
		StartedAt: started.UTC(), Seconds: time.Since(started).Seconds(),
		Secrets: []payment.Secret{payment.Secret(h.Sandbox.Secret), payment.Secret(h.Sandbox.WebhookSecret)},
	}), nil
}

// begin is what happens before a part of the run: the rules in order begin beside each other, and before the last
// ones, one of which starts the shop anew, the orders of the run are looked at once more.
func (r *run) begin(chosen func(row) bool) func(context.Context, rule.When) {
	beside := r.beside(chosen)
	return func(ctx context.Context, part rule.When) {
		if beside(ctx, part); part == rule.Last {
			r.again = r.lastLook(ctx)
			r.lookedAll = ctx.Err() == nil
		}
	}
}

// conclude finds the verdict, and keeps what is needed to judge again.
func (r *run) conclude(ctx context.Context, again string, judged report.Report) Judgement {
	explained(judged.Rules)
	judged.Conclude(r.harness.Config.FailOn)
	switch {
	case r.unreached > 0:
		judged.Verdict, judged.Reason = report.NotOK, unfinished(ctx, judged)
		if r.facts.Slow() {
			judged.Reason += fmt.Sprintf("; the shop takes %s for an answer, see %s", tenths(r.facts.Answers), slowRule)
		}
	case judged.Verdict == report.OK && !r.lookedAll:
		judged.Verdict, judged.Reason = report.NotOK, fmt.Sprintf("the run ended before its orders were looked at once more "+
			"for a doubled fulfilment (%v)", context.Cause(ctx))
	case judged.Verdict == report.OK && r.facts.Slow() && r.criticalUnjudged(judged) > 0:
		judged.Verdict, judged.Reason = report.NotOK, fmt.Sprintf("%s could not be judged: %s",
			wording.Plural(r.criticalUnjudged(judged), "critical rule"), r.tooSlow())
	case judged.Verdict == report.OK && again != "":
		judged.Verdict, judged.Reason = report.NotOK, again+"; the family IDEM judges that"
	case judged.Verdict == report.OK && !r.facts.paid:
		// hardly anything could be judged, which must not look like a good shop
		judged.Verdict = report.NotOK
		judged.Reason = "not even a good order could be made and paid, so little is proven: FLOW-003 says why"
	}

	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return Judgement{judged, r.bundle(finish, judged)}
}

// bound ends a run in time.
func (o Options) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Within <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, o.Within, fmt.Errorf("it was to end within %s", o.Within))
}

// unfinished says why a run has failed that did not get to its end.
func unfinished(ctx context.Context, r report.Report) string {
	judged := r.Summary.Passed + r.Summary.Failed
	reason := fmt.Sprintf("the run ended before all was judged (%v): %d of %d rules are", context.Cause(ctx), judged,
		r.Summary.Rules-r.Summary.Skipped)
	if r.Summary.Failed > 0 {
		reason += fmt.Sprintf(", %d failed", r.Summary.Failed)
	}
	return reason
}

// CheckRules says whether each of the names is a rule's or a family's.
func CheckRules(wanted []string) error {
	_, err := choose(wanted)
	return err
}

// choose finds out which rules are wanted. A name that is neither a rule nor a family is an error.
func choose(wanted []string) (func(row) bool, error) {
	chosen, unknown := rule.Select(table(), wanted)
	if len(unknown) > 0 {
		hint := "verify rules lists them"
		if len(unknown) == 1 {
			hint = orListed(unknown[0], true)
		}
		return nil, fmt.Errorf("there is no rule or family %s; %s", strings.Join(unknown, ", "), hint)
	}
	return chosen, nil
}

// places is how many rules may be judged beside each other: the slow ones, and with a sluggish shop those in order.
func (r *run) places(part rule.When) int {
	beside := part == rule.Slow || part == rule.InOrder && r.facts.sluggish()
	if !beside || r.facts.mixesUp { // trials of a shop that mixes orders up cannot be told apart
		return 1
	}
	if r.facts.Slow() {
		return 16 // it mostly waits
	}
	return 6
}

// judge judges one rule.
func (r *run) judge(ctx context.Context, of row) report.Rule {
	started := time.Now()
	if why := r.hopeless(of); why != "" {
		return of.Report(rule.Verdict{Result: report.NotEvaluable, Seen: why})
	}
	if err := r.harness.Revive(ctx); err != nil {
		why := fmt.Sprintf("the shop ended in an earlier trial and cannot be started again: %v", err)
		return of.Report(rule.Verdict{Result: report.NotEvaluable, Seen: why})
	}

	t := r.trial(ctx, of)
	defer t.shop.End()
	v := r.tried(ctx, t)
	wrote := r.wroteDuring(t, v)
	alone := of.When != rule.Slow && of.When != rule.Last
	if alone && len(t.watch.Orders) > 0 && r.facts.refused == nil && !r.facts.sluggish() && !r.sells(ctx) {
		v = r.broken(ctx, v)
	}
	if len(t.shop.Advanced) > 0 && of.When != rule.Slow {
		r.backToNow(ctx)
	}
	return r.judged(t, v, wrote, started)
}

// judgeBeside judges one rule beside others.
func (r *run) judgeBeside(ctx context.Context, of row) report.Rule {
	started := time.Now()
	t := r.trial(ctx, of)
	defer t.shop.End()
	v := r.tried(ctx, t)
	return r.judged(t, v, r.wroteDuring(t, v), started)
}

// judged is a rule that was judged in a trial, as a report has it. What the trial saw is kept.
func (r *run) judged(t *trial, v rule.Verdict, wrote string, started time.Time) report.Rule {
	exchanges, decisive := t.evidence(v.Result)
	v.Seen = r.harness.Mask.Text(t.named(v))
	r.remember(t, v)
	result := t.rule.Report(v)
	result.Exchanges, result.Decisive, result.Output = exchanges, decisive, wrote
	result.Cases, result.Scenarios = t.casesOf(v), t.scenarios()
	result.Seconds = time.Since(started).Seconds()
	return result
}

// backToNow sets PayPorter's clock back after a trial has moved it: a shop may compare times with its own.
func (r *run) backToNow(ctx context.Context) {
	now := fmt.Appendf(nil, `{"set": %q}`, time.Now().UTC().Format(time.RFC3339))
	_ = r.harness.Sandbox.Do(ctx, http.MethodPost, "/_mock/clock", now, nil) // the next trial can do without
}

// tried lets the judge judge.
func (r *run) tried(ctx context.Context, t *trial) rule.Verdict {
	v := t.judged()
	if ctx.Err() != nil {
		return rule.Verdict{Result: report.NotEvaluable, Seen: rule.Unreached} // what it saw may come from the end of the run
	}

	// whatever the rule is about, a shop has to outlive it
	if how := t.watch.Died(); v.Result != report.Failed && how != "" {
		v = rule.Verdict{Result: report.Failed, Seen: "the shop's process ended during the trial (" + how + "): " + v.Seen}
		if t.rule.When == rule.Slow || t.rule.When == rule.Last {
			v.Result = report.NotEvaluable // another trial may have ended it
		}
	}
	return v
}

// sells reports whether the shop still does what it did at the start: takes an order, and believes in its
// payment.
func (r *run) sells(ctx context.Context) bool {
	sells := false
	r.trial(ctx, row{ID: "heal", Judge: func(t *trial) {
		defer t.shop.End()
		o, err := t.shop.TryOrder()
		if err != nil || !r.facts.paid {
			sells = err == nil
			return
		}
		t.shop.Pay(o)
		t.watch.Told(o, 1)
		sells = t.watch.BecomesPaid(o, t.watch.Soon())
	}}).judged()
	return sells || ctx.Err() != nil
}

// broken is the verdict on a trial after which the shop no longer sells: that nothing happened proves
// nothing then. The shop is started anew, if that can be done; otherwise nothing more can be judged.
func (r *run) broken(ctx context.Context, v rule.Verdict) rule.Verdict {
	if v.Result == report.Passed {
		v.Result = report.NotEvaluable
		v.Seen = "after the trial the shop no longer sold; until then: " + v.Seen
		v.Others, v.Share = rule.See("RESIL"), rule.Own
	}
	if healed := r.harness.Restart(ctx) && r.sells(ctx); !healed && ctx.Err() == nil {
		r.facts.refused = errors.New("the shop no longer sells")
	}
	return v
}

// remember keeps a trial, and what it saw of other rules.
func (r *run) remember(t *trial, v rule.Verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trials[t.rule.ID] = t
	if v.Result == report.Failed {
		r.failed[t.rule.ID] = t
	}
	if len(v.Others) > 0 {
		r.seen = append(r.seen, rule.Sighting{By: t.rule.ID, Others: v.Others, Share: v.Share, Seen: v.Seen})
	}
}
