package rule_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

type row = rule.Rule[func()]

func TestSelectNamesWhatTheTableDoesNotKnow(t *testing.T) {
	t.Parallel()
	table := []row{{ID: "FLOW-001"}, {ID: "TRUST-001"}, {ID: "AUTH-1", Group: "credentials"}}
	chosen, unknown := rule.Select(table, []string{"flow", "CREDENTIALS", "NONE-7"})
	require.Equal(t, []string{"NONE-7"}, unknown)
	require.True(t, chosen(table[0]))
	require.False(t, chosen(table[1]))
	require.True(t, chosen(table[2]))
	chosen, unknown = rule.Select(table, nil)
	require.Empty(t, unknown)
	require.True(t, chosen(table[1]), "without a name all are chosen")
}

func TestJudgeEndsAsItSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		judge func()
		want  rule.Verdict
	}{
		"it returns":      {func() {}, rule.Verdict{Result: report.Passed, Seen: "all"}},
		"it fails":        {func() { rule.Fail("%d times", 2) }, rule.Verdict{Result: report.Failed, Seen: "2 times"}},
		"it cannot judge": {func() { rule.NotEvaluable("no") }, rule.Verdict{Result: report.NotEvaluable, Seen: "no"}},
		"it points to another": {
			func() { rule.See("A-1").Fault("%s", "paid") },
			rule.Verdict{Result: report.NotEvaluable, Seen: "paid", Others: rule.See("A-1"), Share: rule.Theirs},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, rule.Judged(c.judge, func() string { return "all" }))
		})
	}
	require.PanicsWithValue(t, "a bug", func() { rule.Judged(func() { panic("a bug") }, nil) })
}

func TestRunKeepsTheOrderOfItsParts(t *testing.T) {
	t.Parallel()
	var judged []string
	got := rule.Run[func()]{
		Table:    []row{{ID: "A-1", When: rule.Last}, {ID: "A-2", When: rule.MovesClock}, {ID: "A-3"}, {ID: "A-4"}},
		Chosen:   func(r row) bool { return r.ID != "A-4" },
		Progress: rule.Silent{},
		Judge: func(_ context.Context, r row) report.Rule {
			judged = append(judged, r.ID)
			return r.Report(rule.Verdict{Result: report.Passed})
		},
	}.All(t.Context())
	require.Equal(t, []string{"A-3", "A-2", "A-1"}, judged)
	require.Equal(t, report.Skipped, got[3].Result)
	require.Equal(t, rule.Unasked, got[3].Seen)
}

func TestRunThatEndedJudgesNothingMore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := rule.Run[func()]{
		Table: []row{{ID: "A-1"}}, Chosen: func(row) bool { return true }, Progress: rule.Silent{},
	}.All(ctx)
	require.Equal(t, report.NotEvaluable, got[0].Result)
	require.Equal(t, rule.Unreached, got[0].Seen)
}

// A rule may point to others only if one of them failed.
func TestFaultIsSomebodysFinding(t *testing.T) {
	t.Parallel()
	const passed, failed, unjudged, skipped = report.Passed, report.Failed, report.NotEvaluable, report.Skipped
	for name, c := range map[string]struct {
		results   map[string]report.Result // of A-1, which saw it, B-1 and C-1
		sightings []rule.Sighting
		want      []string
	}{
		"the other failed": {
			map[string]report.Result{"A-1": unjudged, "B-1": failed, "C-1": passed},
			[]rule.Sighting{{By: "A-1", Others: rule.See("B-1"), Share: rule.Theirs}},
			[]string{"B-1"},
		},
		"the other passed": {
			map[string]report.Result{"A-1": unjudged, "B-1": passed, "C-1": passed},
			[]rule.Sighting{{By: "A-1", Others: rule.See("B-1"), Share: rule.Theirs}},
			[]string{"B-1"},
		},
		"the other passed, and it broke its own rule, too": {
			map[string]report.Result{"A-1": unjudged, "B-1": passed, "C-1": passed},
			[]rule.Sighting{{By: "A-1", Others: rule.See("B-1"), Share: rule.Own}},
			[]string{"A-1"},
		},
		"the other points to one that failed": {
			map[string]report.Result{"A-1": unjudged, "B-1": unjudged, "C-1": failed},
			[]rule.Sighting{
				{By: "A-1", Others: rule.See("B-1"), Share: rule.Theirs},
				{By: "B-1", Others: rule.See("C"), Share: rule.Nobodys},
			},
			[]string{"C-1"},
		},
		"they point to each other": {
			map[string]report.Result{"A-1": unjudged, "B-1": unjudged, "C-1": passed},
			[]rule.Sighting{
				{By: "A-1", Others: rule.See("B-1"), Share: rule.Theirs},
				{By: "B-1", Others: rule.See("A-1"), Share: rule.Theirs},
			},
			[]string{"B-1"},
		},
		"the other was not asked for": {
			map[string]report.Result{"A-1": unjudged, "B-1": skipped, "C-1": passed},
			[]rule.Sighting{{By: "A-1", Others: rule.See("B-1"), Share: rule.Theirs}},
			[]string{"A-1"},
		},
		"the other was not asked for, and a third failed": {
			map[string]report.Result{"A-1": unjudged, "B-1": skipped, "C-1": failed},
			[]rule.Sighting{{By: "A-1", Others: rule.See("B-1"), Share: rule.Theirs}},
			[]string{"C-1"},
		},
		"something is missing": {
			map[string]report.Result{"A-1": unjudged, "B-1": passed, "C-1": passed},
			[]rule.Sighting{{By: "A-1", Others: rule.See("B-1"), Share: rule.Nobodys}},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var results []report.Rule
			for _, id := range []string{"A-1", "B-1", "C-1"} {
				results = append(results, report.Rule{ID: id, Result: c.results[id]})
			}
			rule.Attribute(results, c.sightings)
			var got []string
			for _, r := range results {
				if r.Result == failed {
					got = append(got, r.ID)
				}
			}
			require.Equal(t, c.want, got)
		})
	}
}

// What another rule's trial saw is told with all that shows it.
func TestAttributedFindingHasTheEvidenceOfItsTrial(t *testing.T) {
	t.Parallel()
	results := []report.Rule{
		{ID: "A-1", Result: report.Passed},
		{
			ID: "B-1", Result: report.NotEvaluable, Output: "Traceback", Exchanges: []exchange.Exchange{{}},
			Decisive: []report.Deciding{{}}, Cases: []report.Case{{}},
		},
	}
	rule.Attribute(results, []rule.Sighting{
		{By: "B-1", Others: rule.Others{"A-1"}, Share: rule.Theirs, Seen: "it was fulfilled twice"},
	})
	got := results[0]
	require.Equal(t, report.Failed, got.Result)
	require.Equal(t, "in the trial of B-1: it was fulfilled twice", got.Seen)
	require.Equal(t, "Traceback", got.Output)
	require.Equal(t, [3]int{1, 1, 1}, [3]int{len(got.Exchanges), len(got.Decisive), len(got.Cases)})
}
