package report_test

import (
	"fmt"
	"os"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

func Example() {
	r := &report.Report{Kind: report.Merchant, Tool: "my harness", Target: "http://127.0.0.1:3000", Rules: []report.Rule{
		{
			ID: "TRUST-001", Family: "TRUST", Title: "A forged callback does not pay", Severity: report.Critical,
			Result: report.Failed, Expected: "The order stays unpaid.", Seen: "it was paid",
			Advice: "Ask PayPorter for the status.",
		},
		{ID: "ACK-001", Family: "ACK", Title: "A callback is acknowledged", Severity: report.Major, Result: report.Passed},
	}}
	r.Conclude(report.Major)
	if err := r.WriteTerminal(os.Stdout, report.Terminal{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Merchant: http://127.0.0.1:3000
	// my harness, 0 ms
	//
	//   family  passed  failed  not evaluable  skipped
	//   TRUST        -       1              -        -
	//   ACK          1       -              -        -
	//
	// Failed (1)
	//
	//   TRUST-001  critical  A forged callback does not pay
	//     expected    The order stays unpaid.
	//     seen        it was paid
	//     to mend it  Ask PayPorter for the status.
	//
	// More about a rule: payporter-mock verify explain TRUST-001
	//
	// FAILED: 1 of 2 rules failed (1 critical); 1 passed, 0 not evaluable, 0 skipped, in 0 ms
}
