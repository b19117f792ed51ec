package rule

import (
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Verdict is what became of a rule.
type Verdict struct {
	Result report.Result
	Seen   string // of a rule that was not judged: why

	Others Others // the rules or families that what was seen is about, when it is not about this rule
	Share  Share  // whose finding it is when none of them failed
}

// Share says whose finding it is what a judge saw and took for the fault of other rules.
type Share int

// The shares. The zero value is nobody's: something was missing that the others tell of.
const (
	Nobodys Share = iota
	Theirs        // the first of the others that was judged fails
	Own           // the rule that saw it fails
)

// Fail ends the judge: the rule is broken. Judged takes what it says.
func Fail(format string, args ...any) {
	panic(Verdict{Result: report.Failed, Seen: fmt.Sprintf(format, args...)})
}

// NotEvaluable ends the judge: the rule cannot be judged, and why. Judged takes what it says.
func NotEvaluable(format string, args ...any) {
	panic(Verdict{Result: report.NotEvaluable, Seen: fmt.Sprintf(format, args...)})
}

// Others are the IDs of rules, or names of families, that say more about what a judge saw.
type Others []string

// See names the rules, or families, that say more.
func See(names ...string) Others { return names }

// Missing ends the judge: what it needs is missing, and the others tell why.
func (o Others) Missing(format string, args ...any) { o.end(Nobodys, format, args...) }

// Fault ends the judge: it saw a fault that the others are about. If none of them failed, the first of them does.
func (o Others) Fault(format string, args ...any) { o.end(Theirs, format, args...) }

// Own ends the judge: it saw what breaks its rule, and the others explain it. If none of them failed, the rule does.
func (o Others) Own(format string, args ...any) { o.end(Own, format, args...) }

func (o Others) end(share Share, format string, args ...any) {
	panic(Verdict{Result: report.NotEvaluable, Seen: fmt.Sprintf(format, args...), Others: o, Share: share})
}

// text is what was seen, with the others that say more.
func (v Verdict) text() string {
	if len(v.Others) == 0 {
		return v.Seen
	}
	return v.Seen + ", see " + strings.Join(v.Others, ", ")
}

// Judged runs a judge to its end. One that returns has found nothing wrong, and seen says what it saw.
func Judged(judge func(), seen func() string) (v Verdict) {
	defer func() {
		switch end := recover().(type) {
		case nil:
		case Verdict:
			v = end
		default:
			panic(end)
		}
	}()

	judge()
	return Verdict{Result: report.Passed, Seen: seen()}
}
