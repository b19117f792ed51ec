package contract_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// A thorough run goes on with races where a usual one stops, and its bundle says that it was one.
func TestThoroughRunLooksLongerForRaces(t *testing.T) {
	t.Parallel()
	config := configFor(t, &shop{generous: true})
	config.Rules, config.Thorough = []string{"IDEM-004", "TRUST-022"}, true
	judged, err := contract.Verify(t.Context(), config, contract.Options{})
	require.NoError(t, err)

	var rounds int
	_, err = fmt.Sscanf(judgedRule(t, judged, "IDEM-004").Seen, "%d rounds of", &rounds)
	require.NoError(t, err)
	require.Positive(t, rounds)
	require.True(t, judged.Replay.Thorough)
}

// judgedRule is what became of a rule.
func judgedRule(t *testing.T, judged contract.Judgement, id string) report.Rule {
	t.Helper()
	at := slices.IndexFunc(judged.Rules, func(r report.Rule) bool { return r.ID == id })
	require.GreaterOrEqual(t, at, 0, id)
	return judged.Rules[at]
}
