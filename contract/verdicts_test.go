package contract_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// runsVariable is the environment variable that says how often each shop is judged, as `make verdicts` sets it.
const runsVariable = "PAYPORTER_MOCK_TEST_RUNS"

// usualRuns and usualRules are for a run of the tests in which nobody asks for more.
const usualRuns = 2

var usualRules = []string{"FLOW-003", "IDEM-001"}

// judging is a shop that is judged several times.
type judging struct {
	name   string
	config func(*testing.T) contract.Config
	broken []string // at least one of these must fail in every run; empty: the shop is right
}

// The verdict on a shop is the same in every run: no rule fails in one that is right, and the same rules fail in one
// that is wrong. `make verdicts RUNS=10` judges all right shops and those with a race by all rules.
func TestVerdictIsTheSameEveryRun(t *testing.T) {
	t.Parallel()
	runs, judged := usualRuns, usualShops()
	if wanted := os.Getenv(runsVariable); wanted != "" {
		var err error
		runs, err = strconv.Atoi(wanted)
		require.NoError(t, err, runsVariable)
		judged = slices.Concat(rightShops(), racingShops(t))
	}

	for _, j := range judged {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			var got []contract.Judgement
			for range runs {
				one, err := contract.Verify(t.Context(), j.config(t), contract.Options{})
				require.NoError(t, err)
				got = append(got, one)
			}
			require.Empty(t, j.differences(got))
			t.Logf("%d runs of %s: %s", runs, secondsOf(got), outcome(got[0]))
		})
	}
}

// differences are the runs whose verdict is another than the first one's, or wrong, in words.
func (j judging) differences(got []contract.Judgement) (all []string) {
	for i, one := range got {
		is, first := outcome(one), outcome(got[0])
		named := slices.ContainsFunc(j.broken, func(id string) bool { return slices.Contains(broken(one.Report), id) })
		switch {
		case len(j.broken) == 0 && is != "passed, nothing failed":
			all = append(all, fmt.Sprintf("run %d of a right shop: %s\n%s", i+1, is, seen(one.Report)))
		case len(j.broken) > 0 && !named:
			all = append(all, fmt.Sprintf("run %d: %s, want %s to fail\n%s", i+1, is, j.broken, seen(one.Report)))
		case is != first:
			all = append(all, fmt.Sprintf("run %d: %s, and run 1: %s\n%s", i+1, is, first, seen(one.Report)))
		}
	}
	return all
}

// outcome is a verdict in a line.
func outcome(j contract.Judgement) string {
	if failed := broken(j.Report); len(failed) > 0 {
		return fmt.Sprintf("%s, failed: %s", j.Verdict, strings.Join(failed, " "))
	}
	return string(j.Verdict) + ", nothing failed"
}

// secondsOf is the least and the most time of the runs.
func secondsOf(got []contract.Judgement) string {
	least, most := got[0].Seconds, got[0].Seconds
	for _, one := range got {
		least, most = min(least, one.Seconds), max(most, one.Seconds)
	}
	return fmt.Sprintf("%.1f to %.1f s", least, most)
}

func usualShops() []judging {
	byFewRules := func(s *shop) func(*testing.T) contract.Config {
		return func(t *testing.T) contract.Config {
			c := configFor(t, s)
			c.Rules = usualRules
			return c
		}
	}
	return []judging{
		{"right", byFewRules(&shop{}), nil},
		{"ships again after a failure", func(t *testing.T) contract.Config {
			c := byFewRules(&shop{shipsFailures: true})(t)
			c.Rules = append([]string{"FLOW-009"}, usualRules...)
			return c
		}, []string{"IDEM-001"}},
	}
}

// rightShops are the example shops that this machine can run, and the unusual ones.
func rightShops() (all []judging) {
	for _, name := range slices.Sorted(maps.Keys(correct)) {
		if exec.Command(correct[name].needs[0], correct[name].needs[1:]...).Run() != nil {
			continue
		}
		all = append(all, judging{name, func(t *testing.T) contract.Config {
			c, err := contract.LoadConfig(merchants + "/" + name + "/verify.yaml")
			require.NoError(t, err)
			c.FailOn = report.Advisory
			return c
		}, nil})
	}
	for _, name := range slices.Sorted(maps.Keys(unusualShops)) {
		all = append(all, judging{name, unusualShops[name], nil})
	}
	return all
}

// racingShops are the shops whose bug shows only when something happens at the same moment, or hangs.
func racingShops(t *testing.T) (all []judging) {
	t.Helper()
	program, err := buggy()
	require.NoError(t, err)

	for _, b := range listed(t, program) {
		if !slices.Contains([]string{"IDEM-002", "IDEM-004", "WEBHOOK-007", "RESIL-009", "RESIL-015"}, b.Rule) {
			continue
		}
		at := newPort(t)
		all = append(all, judging{"bug " + b.Name, func(t *testing.T) contract.Config {
			c := asked(t, at)
			c.Shop.Command = []string{program, "--bug", b.Name}
			if b.Slow || b.ofMoneyBack() {
				c.Rules = append([]string{b.Rule}, b.Also...)
			}
			if b.ofMoneyBack() {
				c = alsoAsked(c, at)
			}
			return c
		}, append([]string{b.Rule}, b.Also...)})
	}
	return all
}

func TestDifferenceBetweenRunsIsSaid(t *testing.T) {
	t.Parallel()
	one := func(verdict report.Verdict, failed ...string) contract.Judgement {
		j := contract.Judgement{Report: report.Report{Verdict: verdict}}
		for _, id := range failed {
			j.Rules = append(j.Rules, report.Rule{ID: id, Result: report.Failed})
		}
		return j
	}
	passed, fails, other := one(report.OK), one(report.NotOK, "IDEM-002"), one(report.NotOK, "IDEM-002", "IDEM-004")
	right, wrong := judging{}, judging{broken: []string{"IDEM-002"}}

	for name, c := range map[string]struct {
		judging
		got  []contract.Judgement
		want int
	}{
		"right every time":             {right, []contract.Judgement{passed, passed}, 0},
		"accused once":                 {right, []contract.Judgement{passed, fails}, 1},
		"found every time":             {wrong, []contract.Judgement{fails, fails}, 0},
		"not found once":               {wrong, []contract.Judgement{fails, passed}, 1},
		"found once by another, too":   {wrong, []contract.Judgement{fails, other, other}, 2},
		"not found in any of the runs": {wrong, []contract.Judgement{passed, passed}, 2},
	} {
		require.Len(t, c.differences(c.got), c.want, name)
	}
}
