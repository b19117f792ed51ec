package contract_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// A run that does not get to its end in a slow shop names the reason, first, and judges what it can.
func TestSlowShopIsNamedAsTheReason(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "half a minute of a slow shop")
	judged, err := contract.Verify(t.Context(), configFor(t, &shop{slowly: 2600 * time.Millisecond}),
		contract.Options{Within: 32 * time.Second})
	require.NoError(t, err)

	require.Equal(t, []string{"RESIL-016"}, broken(judged.Report), seen(judged.Report))
	require.Equal(t, "RESIL-016", judged.Findings[0].Rule)
	require.Equal(t, report.NotOK, judged.Verdict)
	require.Contains(t, judged.Reason, "see RESIL-016")
	require.Greater(t, judged.Summary.Passed, 8, seen(judged.Report))

	unasked := unasked(configFor(t, &shop{}))
	for _, r := range judged.Rules {
		isReason := r.Result != report.NotEvaluable || strings.Contains(r.Seen, "see ")
		require.True(t, isReason || slices.Contains(unasked, r.ID), "%s: %s", r.ID, r.Seen)
	}
}

// Rules are judged although the shop never stops asking, whether it asks often enough for a storm or not. That a storm
// is named is held by the buggy merchant's bugs.
func TestShopThatAsksWithoutAnEndIsJudged(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "shops that ask without an end")
	for _, one := range []struct {
		pause    time.Duration
		mayBreak []string // a machine that holds the shop up may keep it from a storm
	}{
		{5 * time.Millisecond, []string{"RESIL-017"}},
		{130 * time.Millisecond, nil},
	} {
		t.Run(one.pause.String(), func(t *testing.T) {
			t.Parallel()
			c := configFor(t, &shop{asksOn: one.pause})
			c.Rules = []string{"FLOW", "TRUST", "RESIL-017"}
			judged, err := contract.Verify(t.Context(), c, contract.Options{Within: 2 * time.Minute})
			require.NoError(t, err)
			require.Subset(t, one.mayBreak, broken(judged.Report), seen(judged.Report))
			require.Empty(t, with(judged.Report, report.NotEvaluable), seen(judged.Report))
			require.Equal(t, report.OK, judged.Verdict, judged.Reason)
		})
	}
}

// Workers that ask on about what has no result are right, and few of them serve many orders: what is held back of the
// answers about one order must not keep them from another, for which a trial waits.
func TestShopWithFewWorkersThatAskOnIsRight(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "a shop whose workers ask without an end")
	judged, err := contract.Verify(t.Context(), configFor(t, &shop{worker: 120 * time.Millisecond}),
		contract.Options{Within: 2 * time.Minute})
	require.NoError(t, err)
	require.Empty(t, broken(judged.Report), seen(judged.Report))
	require.Equal(t, report.OK, judged.Verdict, judged.Reason)
}
