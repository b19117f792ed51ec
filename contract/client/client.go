// Package client judges SDKs and apps by what they send while their own tests run against a sandbox:
// every request that breaks the contract, with the exchange and how to mend it, and what of the
// contract was exercised.
//
// It sees what a network sees: the journal and the coverage that the sandbox's control API tells. It
// owns the rules of the family CLIENT, the bars for coverage, baselines, and the running of the
// command; it starts no sandbox.
package client

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Run is what is judged, and by what measure.
type Run struct {
	Record   Record
	Secret   payment.Secret // what must be sent in X-API-SECRET only; empty: that is looked for by name alone
	Ended    *Ended         // how the command ended; nil: there was none
	Bars     []Bar
	Baseline *Baseline       // what is known and accepted; nil: nothing
	FailOn   report.Severity // the least severity that fails; empty is major
	Lenient  bool            // the run may pass although a critical rule could not be judged

	Tool, Target string
	StartedAt    time.Time
	Seconds      float64
}

// Judgement is a report with what a person wants to know besides.
type Judgement struct {
	report.Report
	Found Baseline // every violation that there was: what --write-baseline keeps
	Stale []Accepted
}

// Judge judges the run by every rule.
func (r Run) Judge() Judgement {
	found := r.Record.violations(r.Secret)
	j := Judgement{
		Report: report.Report{
			Kind: report.Client, Tool: r.Tool, Target: r.Target, StartedAt: r.StartedAt, Seconds: r.Seconds,
			Secrets: []payment.Secret{r.Secret},
		},
		Found: baselineOf(found), Stale: r.Baseline.stale(found),
	}
	coverage := r.Record.Coverage()
	j.Coverage = &coverage
	seen := r.Record.seen()
	for _, of := range table {
		j.Rules = append(j.Rules, r.judge(of, seen, found))
	}

	j.Conclude(r.FailOn)
	if !r.Lenient {
		j.FailUnjudged(report.Critical)
	}

	return j
}

// seen counts what there is to judge.
type seen struct {
	requests, creates, gets, bodies, followUps int
	banks, completions                         int
	forgotten, evicted                         uint64
}

func (r Record) seen() seen {
	var s seen
	count := func(entries []Entry) {
		for _, e := range entries {
			if e.isRequest() {
				s.requests++
			}
			if e.hasBody() {
				s.bodies++
			}
			if e.isFollowUp() {
				s.followUps++
			}
			if e.isBank() {
				s.banks++
			}
			if e.isCompletion() {
				s.completions++
			}
			switch {
			case e.isCreate():
				s.creates++
			case e.isFor(openapi.GetCheckout):
				s.gets++
			}
		}
	}
	for _, m := range r.Merchants {
		count(m.Entries)
		s.forgotten += m.Forgotten
	}

	count(r.Strangers)
	s.forgotten += r.Forgotten
	s.evicted = r.Evicted
	return s
}

// missing says why a rule about something cannot be judged; empty: it can.
func (s seen) missing(a about) string {
	switch {
	case a == requests && s.requests == 0:
		return "the command sent no request"
	case a == creates && s.creates == 0:
		return "the command sent no POST /api/checkout"
	case a == bodies && s.bodies == 0:
		return "the command sent no request with a body"
	case a == followUps && s.followUps == 0:
		return "the command asked for no payment, and captured, completed, cancelled and refunded none"
	case a == bankPages && s.banks+s.completions == 0:
		return "no customer was sent to the bank, and no payment with 3-D Secure was completed"
	case a == completions && s.completions == 0:
		return "the command completed no payment with 3-D Secure"
	case a == gets && s.gets == 0:
		return "the command sent no GET /api/checkout/{checkoutId}"
	}
	return ""
}

// judge says what became of a rule.
func (r Run) judge(of row, s seen, found []violation) report.Rule {
	var v rule.Verdict
	switch of.ID {
	case talks:
		if v = (rule.Verdict{Result: report.Passed, Seen: wording.Plural(s.requests, "request")}); s.requests == 0 {
			v = rule.Verdict{Result: report.Failed, Seen: "no request"}
		}
	case commandPassed:
		v.Result, v.Seen = r.ended()
	case coverageBars:
		v.Result, v.Seen = r.bars()
	default:
		if v = (rule.Verdict{Result: report.NotEvaluable, Seen: s.missing(of.Judge)}); v.Seen == "" {
			judged := of.Report(v)
			r.weigh(&judged, s, found)
			return judged
		}
	}

	return of.Report(v)
}

// mostExchanges is how many different mistakes a rule shows.
const mostExchanges = 10

// weigh says what became of a rule: one violation that the baseline does not have fails it.
func (r Run) weigh(judged *report.Rule, s seen, found []violation) {
	var broken, accepted int
	var signs, said []string
	for _, v := range found {
		if v.rule != judged.ID {
			continue
		}
		if r.Baseline.accepts(v) {
			accepted++
			continue
		}
		broken++
		if !slices.Contains(signs, v.sign) {
			signs, said = append(signs, v.sign), append(said, v.said)
			if len(signs) <= mostExchanges {
				judged.Exchanges = append(judged.Exchanges, v.exchange())
			}
		}
	}

	switch {
	case broken > 0:
		judged.Result, judged.Seen = report.Failed, wording.Plural(broken, "violation")+": "+
			strings.Join(said[:min(3, len(said))], "; ")
		if len(said) > 3 {
			judged.Seen += fmt.Sprintf("; and %d more", len(said)-3)
		}
	case s.forgotten > 0:
		judged.Result, judged.Seen = report.NotEvaluable, fmt.Sprintf("the journal had no room for %s, among which there "+
			"may be a violation", wording.Plural(int(s.forgotten), "older entry"))
	case s.evicted > 0:
		judged.Result = report.NotEvaluable
		judged.Seen = were(int(s.evicted), "merchant") + " forgotten to make room for new keys, with requests among which " +
			"there may be a violation; use fewer keys at a time"
	default:
		judged.Result, judged.Seen = report.Passed, "no violation"
	}

	if accepted > 0 {
		judged.Seen += fmt.Sprintf(" (%d accepted by the baseline)", accepted)
	}
}

func were(n int, what string) string {
	if n == 1 {
		return "1 " + what + " was"
	}
	return wording.Plural(n, what) + " were"
}

func (r Run) ended() (report.Result, string) {
	switch {
	case r.Ended == nil:
		return report.Skipped, "there was no command"
	case r.Ended.Why != "":
		return report.Failed, r.Ended.Why
	}
	return report.Passed, "exit code 0"
}

func (r Run) bars() (report.Result, string) {
	if len(r.Bars) == 0 {
		return report.Skipped, "nothing is required"
	}

	shares := Shares(r.Record.Coverage())
	var missed []string
	for _, bar := range r.Bars {
		if why := bar.missed(shares); why != "" {
			missed = append(missed, why)
		}
	}

	if len(missed) > 0 {
		return report.Failed, strings.Join(missed, "; ")
	}
	return report.Passed, "every bar is reached"
}
