package contract

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
	"github.com/payporter-mock/payporter-mock/internal/exchange"
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
type Progress interface {
	Begin(report.Rule)  // this is being judged
	Judged(report.Rule) // this is what became of it
}

// untold tells nobody.
type untold struct{}

func (untold) Begin(report.Rule)  {}
func (untold) Judged(report.Rule) {}

// Judgement is what a run found, and what is needed to make it again.
type Judgement struct {
	report.Report
	Replay *Bundle // nil: no rule failed
}

// Verify judges a shop by the rules of the config. An error means that the run went wrong, not that the
// shop did.
func Verify(ctx context.Context, c Config, o Options) (Judgement, error) {
	started := time.Now()
	if o.Progress == nil {
		o.Progress = untold{}
	}
	chosen, err := choose(c.Rules)
	if err != nil {
		return Judgement{}, err
	}
	ctx, cancel := o.bound(ctx)
	defer cancel()
	h, err := openHarness(ctx, c, o.ShopLog)
	if err != nil {
		return Judgement{}, err
	}
	defer h.close()
	h.learn(ctx)
	results := h.judgeAll(ctx, chosen, o.Progress)
	r := report.Report{
		Kind: report.Merchant, Rules: results, Tool: o.Tool, Target: h.targetName(),
		StartedAt: started.UTC(), Seconds: time.Since(started).Seconds(),
		Secrets: []payment.Secret{payment.Secret(h.secret)},
	}
	r.Conclude(c.FailOn)
	switch {
	case ctx.Err() != nil:
		r.Verdict, r.Reason = report.NotOK, unfinished(ctx, r)
	case r.Verdict == report.OK && !h.facts.paid: // hardly anything could be judged, which must not look like a good shop
		r.Verdict, r.Reason = report.NotOK, "not even a good order could be made and paid, so little is proven: FLOW-003 says why"
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return Judgement{r, h.bundle(finish, r)}, nil
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
	reason := fmt.Sprintf("the run ended before all was judged (%v): %d of %d rules are", context.Cause(ctx), judged, r.Summary.Rules-r.Summary.Skipped)
	if r.Summary.Failed > 0 {
		reason += fmt.Sprintf(", %d failed", r.Summary.Failed)
	}
	return reason
}

func (h *harness) targetName() string {
	if command := h.config.Shop.Command; len(command) > 0 {
		return strings.Join(command, " ")
	}
	return h.common().fill(h.config.Order.Request.URL)
}

// CheckRules says whether each of the names is a rule's or a family's.
func CheckRules(wanted []string) error {
	_, err := choose(wanted)
	return err
}

// choose finds out which rules are wanted. A name that is neither a rule nor a family is an error.
func choose(wanted []string) (func(Rule) bool, error) {
	all := Rules()
	var faults []string
	for _, name := range wanted {
		if !slices.ContainsFunc(all, func(r Rule) bool { return r.is(name) }) {
			faults = append(faults, name)
		}
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("there is no rule or family %s; verify rules lists them", strings.Join(faults, ", "))
	}
	return func(r Rule) bool {
		return len(wanted) == 0 || slices.ContainsFunc(wanted, r.is)
	}, nil
}

// is reports whether a name is the rule's or its family's.
func (r Rule) is(name string) bool {
	return strings.EqualFold(name, r.ID) || strings.EqualFold(name, r.Family())
}

// judgeAll judges one rule after the other, then those that move the clock, then the slow ones beside each
// other, then those that look at the whole run. With a sluggish shop, most are judged beside others. The results are in the order of the table.
func (h *harness) judgeAll(ctx context.Context, chosen func(Rule) bool, progress Progress) []report.Rule {
	all := Rules()
	results := make([]report.Rule, len(all))
	judge := func(i int) {
		progress.Begin(results[i])
		results[i] = h.judge(ctx, all[i])
		progress.Judged(results[i])
	}
	phase := func(of func(Rule) bool, do func(int)) {
		for i, r := range all {
			if chosen(r) && of(r) && ctx.Err() == nil {
				do(i)
			}
		}
	}
	for i, r := range all {
		if results[i] = r.report(report.NotEvaluable, unreached); !chosen(r) {
			results[i] = r.report(report.Skipped, "it was not asked for")
			progress.Judged(results[i])
		}
	}
	beside := func(of func(Rule) bool) {
		var all sync.WaitGroup
		places := make(chan struct{}, h.besides())
		phase(of, func(i int) {
			places <- struct{}{}
			all.Go(func() { judge(i); <-places })
		})
		all.Wait()
	}
	quick := func(r Rule) bool { return !r.slow && !r.moves && !r.last }
	if h.facts.sluggish() {
		beside(quick)
	} else {
		phase(quick, judge)
	}
	phase(func(r Rule) bool { return r.moves && !r.slow }, judge)
	beside(func(r Rule) bool { return r.slow })
	phase(func(r Rule) bool { return r.last }, judge)
	return results
}

// unreached is what is seen of a rule to which a run did not get.
const unreached = "the run ended before this was judged"

// besides is how many rules may be judged beside each other.
func (h *harness) besides() int {
	if h.facts.mixesUp {
		return 1 // trials of such a shop cannot be told apart
	}
	return 6
}

// enough is how long rules are begun with a sluggish shop. What is left then is not judged, unless it was
// asked for by name.
const enough = 45 * time.Second

// hopeless says why a rule is not begun; empty: it is.
func (h *harness) hopeless(r Rule) string {
	slow := h.facts.sluggish() && len(h.config.Rules) == 0 && !r.last && !r.known
	switch {
	case !slow || time.Since(h.started) < enough:
		return ""
	case h.facts.late():
		return fmt.Sprintf("the shop answers a callback only after %s, see ACK-002, so this was not reached within %s; --rules %s judges it", h.facts.callbacks[0].Took().Round(100*time.Millisecond), enough, r.ID)
	}
	return fmt.Sprintf("the shop decides on a payment only after %s, so this was not reached within %s; --rules %s judges it", h.facts.latency.Round(100*time.Millisecond), enough, r.ID)
}

// judge judges one rule.
func (h *harness) judge(ctx context.Context, r Rule) report.Rule {
	started := time.Now()
	if why := h.hopeless(r); why != "" {
		return r.report(report.NotEvaluable, why)
	}
	if err := h.revive(ctx); err != nil {
		return r.report(report.NotEvaluable, fmt.Sprintf("the shop ended in an earlier trial and cannot be started again: %v", err))
	}
	t, v := h.try(ctx, r)
	if !r.slow && !r.last && len(t.orders) > 0 && h.facts.refused == nil && !h.facts.sluggish() && !h.sells(ctx) {
		v = h.broken(ctx, v)
	}
	if len(t.advanced) > 0 && !r.slow {
		h.backToNow(ctx)
	}
	if v.result == report.Failed {
		h.remember(t)
	}
	result := r.report(v.result, h.mask.Text(v.seen))
	result.Exchanges = t.evidence(v.result)
	result.Seconds = time.Since(started).Seconds()
	return result
}

// backToNow sets PayPorter's clock back after a trial has moved it: a shop may compare times with its own.
func (h *harness) backToNow(ctx context.Context) {
	now := fmt.Appendf(nil, `{"set": %q}`, time.Now().UTC().Format(time.RFC3339))
	_ = h.do(ctx, http.MethodPost, "/_mock/clock", now, nil) // the next trial can do without
}

// try lets the judge judge.
func (h *harness) try(ctx context.Context, r Rule) (*trial, verdict) {
	t := h.newTrial(ctx, r)
	v := t.judged()
	if ctx.Err() != nil {
		return t, verdict{report.NotEvaluable, unreached} // what it saw may come from the end of the run
	}
	if v.result != report.Failed && t.died() { // whatever the rule is about, a shop has to outlive it
		v = verdict{report.Failed, "the shop's process ended during the trial (" + h.process.cmd.ProcessState.String() + "): " + v.seen}
		if r.slow || r.last {
			v.result = report.NotEvaluable // another trial may have ended it
		}
	}
	return t, v
}

// broken is the verdict on a trial after which the shop no longer sells: that nothing happened proves
// nothing then. The shop is started anew, if that can be done; otherwise nothing more can be judged.
func (h *harness) broken(ctx context.Context, v verdict) verdict {
	if v.result == report.Passed {
		v = verdict{report.NotEvaluable, "after the trial the shop no longer sold; RESIL has rules about that. Until then: " + v.seen}
	}
	if !h.heal(ctx) && ctx.Err() == nil {
		h.facts.refused = errors.New("the shop no longer sells")
	}
	return v
}

// remember keeps a trial for the bundle.
func (h *harness) remember(t *trial) {
	h.drawing.Lock()
	defer h.drawing.Unlock()
	h.failed[t.rule.ID] = t
}

// died reports whether the shop, started by the harness, has ended.
func (t *trial) died() bool {
	if t.process == nil {
		return false
	}
	hungUp := func(c call) bool { return c.To == merchant && c.over && c.Answer().Status == 0 }
	if slices.ContainsFunc(t.exchanges(), hungUp) {
		select { // a process hangs up a little before its end is known
		case <-t.process.ended:
		case <-time.After(leastQuiet):
		}
	}
	return !t.process.alive()
}

func (r Rule) report(result report.Result, seen string) report.Rule {
	return report.Rule{
		ID: r.ID, Family: r.Family(), Title: r.Title, Severity: r.Severity, Source: r.Source, Expected: r.Expected, Advice: r.Advice,
		Result: result, Seen: seen, Exchanges: []exchange.Exchange{},
	}
}
