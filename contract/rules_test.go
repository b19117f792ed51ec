package contract_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestRulesPage(t *testing.T) {
	t.Parallel()
	golden(t, "RULES.md", contract.RulesPage())
}

func TestEveryRuleSaysWhatPeopleNeed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range contract.Rules() {
		require.Regexp(t, `^(REQ|FLOW|TRUST|IDEM|RESIL|ACK|WEBHOOK|REFUND)-\d{3}$`, r.ID)
		require.False(t, seen[r.ID], "%s comes twice", r.ID)
		seen[r.ID] = true
		require.NotEmpty(t, r.Title, r.ID)
		require.Contains(t, []report.Severity{report.Critical, report.Major, report.Minor, report.Advisory}, r.Severity, r.ID)
		require.Regexp(t, regexp.MustCompile(`^(documented: PayPorter, |assumed: )`), r.Source, r.ID)
		require.Regexp(t, `\.$`, r.Expected, r.ID)
		require.Regexp(t, `\.$`, r.Advice, r.ID)
	}
	require.GreaterOrEqual(t, len(seen), 45)
}

func TestCheckRulesNamesWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	require.NoError(t, contract.CheckRules([]string{"TRUST", "flow-003"}))
	require.EqualError(t, contract.CheckRules([]string{"TRUST", "TRST-001", "X"}), "there is no rule or family "+
		"TRST-001, X; verify rules lists them")
}
