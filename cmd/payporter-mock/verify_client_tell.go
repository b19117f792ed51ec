package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// tell writes the reports and the baseline, and answers an error if the run has failed.
func (r *clientRun) tell(j client.Judgement) error {
	if err := writeBaseline(r.writeBaseline, j.Found); err != nil {
		return &failure{err}
	}
	tellVerdict(r.stdout, j.Report)
	tellCoverage(r.stdout, *j.Coverage)
	for _, stale := range j.Stale {
		fmt.Fprintf(r.stdout, "stale: the baseline accepts %s %q, which did not happen; take it out\n", stale.Rule, stale.Violation)
	}
	if j.Verdict == report.NotOK {
		return &failure{errors.New(whyNot(j.Report))}
	}
	return nil
}

func writeBaseline(file string, found client.Baseline) error {
	if file == "" {
		return nil
	}
	text, err := found.JSON()
	if err == nil {
		err = os.WriteFile(file, text, 0o644)
	}
	if err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	return nil
}

// whyNot names what has failed, in one line.
func whyNot(r report.Report) string {
	var why []string
	for _, rule := range r.Rules {
		if rule.Result == report.Failed {
			why = append(why, rule.ID+": "+rule.Seen)
		}
	}
	return "verify client: failed: " + strings.Join(why, "; ")
}

func tellVerdict(w io.Writer, r report.Report) {
	for _, rule := range r.Rules {
		if rule.Result == report.Failed {
			fmt.Fprintf(w, "FAILED %s %s (%s)\n  seen: %s\n  mend: %s\n", rule.ID, rule.Title, rule.Severity, rule.Seen, rule.Advice)
		}
	}
	fmt.Fprintf(w, "%s: %d rules, %d passed, %d failed, %d not evaluable, %d skipped\n", strings.ToUpper(string(r.Verdict)),
		r.Summary.Rules, r.Summary.Passed, r.Summary.Failed, r.Summary.NotEvaluable, r.Summary.Skipped)
}

// mostNames is how much that was never exercised is named, of each kind. Reports in files have all.
const mostNames = 5

func tellCoverage(w io.Writer, c report.Coverage) {
	fmt.Fprintln(w, "Coverage of the contract:")
	for _, share := range client.Shares(c) {
		fmt.Fprintf(w, "  %-10s %5.1f%%  %3d of %3d", share.Kind, share.Percent, share.Covered, share.Total)
		never := neverOf(c, string(share.Kind))
		if shown := never[:min(mostNames, len(never))]; len(shown) > 0 {
			fmt.Fprintf(w, "  never: %s", strings.Join(shown, ", "))
			if more := len(never) - len(shown); more > 0 {
				fmt.Fprintf(w, " and %d more", more)
			}
		}
		fmt.Fprintln(w)
	}
}

func neverOf(c report.Coverage, kind string) []string {
	var names []string
	for _, item := range c.Items {
		if item.Kind == kind && item.Count == 0 {
			names = append(names, item.Name)
		}
	}
	return slices.Clip(names)
}
