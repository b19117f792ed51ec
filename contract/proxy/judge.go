package proxy

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// mostExchanges is how many different faults a rule shows.
const mostExchanges = 10

// judge counts what passed, and what was wrong with it. It is safe for concurrent use.
type judge struct {
	mu    sync.Mutex // guards all below
	count map[about]int
	found map[string]*finding // by the id of the rule
}

// finding is all that breaks one rule.
type finding struct {
	count     int
	signs     map[string]bool // different faults that are shown
	said      []string
	exchanges []exchange.Exchange // masked
}

// note counts an exchange that is over, with its faults.
func (j *judge) note(x *passed) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.count == nil {
		j.count, j.found = map[about]int{}, map[string]*finding{}
	}

	switch x.kind {
	case store.EntryCallback:
		j.count[callbacks]++
		j.count[anythingBack]++
	case store.EntryWebhook:
		j.count[webhooks]++
		j.count[anythingBack]++
	default:
		j.count[requests]++
	}
	for _, f := range x.faults {
		j.addLocked(x, f)
	}
}

func (j *judge) addLocked(x *passed, f fault) {
	of := j.found[f.rule]
	if of == nil {
		of = &finding{signs: map[string]bool{}}
		j.found[f.rule] = of
	}
	of.count++
	sign := x.place() + " " + x.words(f)
	if of.signs[sign] || len(of.signs) == mostExchanges {
		return
	}

	of.signs[sign] = true
	of.said = append(of.said, sign)
	shown := x.Exchange
	shown.Request, shown.Response = x.shown(x.Request), x.shown(x.Response)
	shown.Note, shown.Error = sign, x.mask.Text(x.Error)
	of.exchanges = append(of.exchanges, shown)
}

// Judge is the verdict over all that has passed so far. A rule of severity failOn or worse that is broken fails it;
// empty is major.
func (p *Proxy) Judge(failOn report.Severity) report.Report {
	r := report.Report{
		Kind: report.Proxy, Tool: "payporter-mock " + p.config.Version, Target: p.config.Upstream,
		StartedAt: p.began.UTC().Truncate(time.Second), Seconds: time.Since(p.began).Seconds(), Secrets: p.keys.all(),
	}
	p.judge.mu.Lock()
	defer p.judge.mu.Unlock()
	for _, of := range table {
		r.Rules = append(r.Rules, p.judge.verdictLocked(of))
	}
	r.Conclude(failOn)
	return r
}

// Violated reports whether any rule is broken, and how many times.
func (p *Proxy) Violated() (times int) {
	p.judge.mu.Lock()
	defer p.judge.mu.Unlock()
	for _, of := range p.judge.found {
		times += of.count
	}
	return times
}

// verdictLocked is what became of a rule.
func (j *judge) verdictLocked(of rule.Rule[about]) report.Rule {
	found := j.found[of.ID]
	switch {
	case j.count[of.Judge] == 0:
		return of.Report(rule.Verdict{Result: report.NotEvaluable, Seen: missing[of.Judge]})
	case found == nil:
		return of.Report(rule.Verdict{Result: report.Passed, Seen: wording.Plural(j.count[of.Judge], "exchange")})
	}

	seen := wording.Plural(found.count, "violation") + ": " + strings.Join(found.said[:min(3, len(found.said))], "; ")
	if more := len(found.said) - 3; more > 0 {
		seen += fmt.Sprintf("; and %d more", more)
	}
	judged := of.Report(rule.Verdict{Result: report.Failed, Seen: seen})
	judged.Exchanges = found.exchanges
	return judged
}
