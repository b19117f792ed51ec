package rule

import (
	"fmt"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Verdict is what became of a rule.
type Verdict struct {
	Result report.Result
	Seen   string // of a rule that was not judged: why
}

// Fail ends the judge: the rule is broken. Judged takes what it says.
func Fail(format string, args ...any) {
	panic(Verdict{report.Failed, fmt.Sprintf(format, args...)})
}

// NotEvaluable ends the judge: the rule cannot be judged, and why. Judged takes what it says.
func NotEvaluable(format string, args ...any) {
	panic(Verdict{report.NotEvaluable, fmt.Sprintf(format, args...)})
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
	return Verdict{report.Passed, seen()}
}
