package contract

import (
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// verdict ends a trial. A judge that returns without one has found nothing wrong.
type verdict struct {
	result report.Result
	seen   string
}

// fail ends the trial: the rule is broken.
func (t *trial) fail(format string, args ...any) {
	panic(verdict{report.Failed, fmt.Sprintf(format, args...)})
}

// notEvaluable ends the trial: the rule cannot be judged, and why.
func (t *trial) notEvaluable(format string, args ...any) {
	panic(verdict{report.NotEvaluable, fmt.Sprintf(format, args...)})
}

// saw says what a rule that holds was seen to do.
func (t *trial) saw(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// looked says what a rule that holds was judged by, when its judge says nothing else.
func (t *trial) looked() string {
	if len(t.orders) == 0 {
		return "as expected in all that the shop sent"
	}
	return fmt.Sprintf("as expected: %d orders, %d exchanges", len(t.orders), len(t.exchanges()))
}

// judged runs the judge.
func (t *trial) judged() (v verdict) {
	defer func() {
		switch end := recover().(type) {
		case nil:
		case verdict:
			v = end
		default:
			panic(end)
		}
	}()
	t.rule.judge(t)
	seen := strings.Join(t.notes, "; ")
	if seen == "" {
		seen = t.looked()
	}
	return verdict{report.Passed, seen}
}
