package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// tell writes the reports and the baseline, and answers an error if the run has failed.
func (r *clientRun) tell(j client.Judgement) error {
	// One file that cannot be written takes nothing else away.
	err := errors.Join(
		writeBaseline(r.writeBaseline, j.Found),
		report.Write(&j.Report, r.outputs),
		j.WriteGitHub(r.stdout, report.Env(r.env)),
	)
	for _, stale := range j.Stale {
		fmt.Fprintf(r.stdout, "stale: the baseline accepts %s %q, which did not happen; take it out\n", stale.Rule,
			stale.Violation)
	}

	err = errors.Join(err, j.WriteTerminal(r.stdout, report.TerminalOf(r.stdout, report.Env(r.env))))
	if j.Verdict == report.NotOK {
		err = errors.Join(err, errors.New(whyNot(j.Report)))
	}
	if err != nil {
		return &failure{err}
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
		if r.Fails(rule) {
			why = append(why, rule.ID+": "+rule.Seen)
		}
	}
	if len(why) == 0 {
		return "verify client: failed: " + r.Reason + " (--strict=false lets that pass)"
	}
	return "verify client: failed: " + strings.Join(why, "; ")
}
