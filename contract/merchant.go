package contract

import (
	"context"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Tester is what Merchant needs of a *testing.T.
type Tester[T any] interface {
	Helper()
	Context() context.Context
	Run(name string, do func(T)) bool
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Skipf(format string, args ...any)
	Logf(format string, args ...any)
}

// Merchant judges a shop by the same rules as `verify merchant`, with one subtest for each rule that was
// asked for. A rule that cannot be judged is a skipped subtest, with the reason; so is one that failed
// and is less severe than Config.FailOn.
func Merchant[T Tester[T]](t T, c Config) {
	t.Helper()
	judged, err := Verify(t.Context(), c, Options{Tool: "contract.Merchant"})
	if err != nil {
		t.Fatalf("contract.Merchant: %v", err)
		return
	}

	for _, rule := range judged.Rules {
		if rule.Result == report.Skipped {
			continue
		}
		t.Run(rule.ID, func(t T) {
			t.Helper()
			tell(t, rule, judged.Fails(rule))
		})
	}

	if judged.Verdict == report.NotOK && judged.Summary.Failed == 0 {
		t.Errorf("contract.Merchant: %s", judged.Reason)
	}
}

func tell[T Tester[T]](t T, rule report.Rule, fails bool) {
	t.Helper()
	switch {
	case fails:
		t.Errorf("%s (%s)\nexpected: %s\nseen: %s\nto mend it: %s\nsource: %s", rule.Title, rule.Severity, rule.Expected,
			rule.Seen, rule.Advice, rule.Source)
	case rule.Result == report.Failed:
		t.Skipf("%s (%s, tolerated): %s", rule.Title, rule.Severity, rule.Seen)
	case rule.Result == report.NotEvaluable:
		t.Skipf("%s: not evaluable: %s", rule.Title, rule.Seen)
	default:
		t.Logf("%s: %s", rule.Title, rule.Seen)
	}
}
