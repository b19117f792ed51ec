package scenarios_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

func TestEveryLibraryFileIsCleanAndDescribed(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios.Builtins() {
		set, err := scenarios.Load([]string{"builtin:" + name})
		require.NoError(t, err)
		require.Empty(t, set.Lint(), name)
		require.NotEmpty(t, set.Scenarios())
		for _, s := range set.Scenarios() {
			require.Regexp(t, `^[A-Z].{20,}\.$`, s.Description, s.Name)
		}
		if name != "magic-amounts" {
			require.Equal(t, []string{name}, names(set))
			found, ok := scenarios.Library().Find(name)
			require.True(t, ok)
			require.True(t, found.When.Always())
		}
	}
}

func TestLibraryHoldsWhatIsPromised(t *testing.T) {
	t.Parallel()
	promised := strings.Fields(`3ds-attempted-only 3ds-failed 3ds-not-initialised bank-timeout-but-paid callback-before-response
		callback-concurrent callback-duplicated callback-late callback-lost callback-missing-id callback-other-order
		callback-unknown-id cancel-next-day capture-too-much create-503-then-ok create-timeout-but-created customer-abandons customer-cancels do-not-honour
		expired-card general-error insufficient-funds invalid-cvv invalid-transaction link-expires lost-card
		not-permitted-to-cardholder not-permitted-to-terminal paid-on-second-attempt payment-timeout-but-paid pending-then-paid pick-up-card
		rate-limited refund-approved refund-bank-rejects refund-rejected refund-stays-pending refund-timeout-but-made slow-bank status-500-then-ok status-slow status-unknown-fields status-unknown-status
		status-wrong-amount status-wrong-currency status-wrong-order stolen-card success suspected-fraud
		three-d-secure-abandoned three-d-secure-failed three-d-secure-wrong-key webhook-before-callback webhook-late webhook-lost webhook-old
		webhook-twice webhook-wrong-signature`)
	require.Equal(t, promised, names(scenarios.Library()))
	_, ok := scenarios.Library().Find("magic-amount-51")
	require.False(t, ok, "magic amounts are for whole sets")
	again, err := scenarios.Parse("library", scenarios.Library().YAML())
	require.NoError(t, err)
	require.Equal(t, promised, names(again))
}

// Each result that a test card can have can be had with any card, too.
func TestEveryDeclineOfTheTestCardsHasAScenario(t *testing.T) {
	t.Parallel()
	known := map[payment.Outcome]bool{payment.Approved(): true}
	for _, s := range scenarios.Library().Scenarios() {
		if first, ok := s.Payment.Attempt(1); ok {
			known[payment.Outcome{Status: first.Status, ResultCode: first.ResultCode, ResultMessage: first.ResultMessage}] = true
		}
	}
	for _, card := range payment.TestCards() {
		require.True(t, known[card.Outcome], "%v", card.Outcome)
	}
}

func TestMagicAmounts(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Load([]string{"builtin:magic-amounts"})
	require.NoError(t, err)
	for amount, want := range map[string]string{
		"10.51": "51", "9999999999.51": "51", "0.05": "05", "100.04": "04", "1249.82": "82", "1.96": "96", "29.12": "12",
		"10.50": "", "10": "", "51": "", "10.5": "", "0.01": "",
	} {
		got := ""
		if winner := set.Match(facts(t, amount, "TRY"), nil); winner != nil {
			got = winner.Payment[0].ResultCode
		}
		require.Equal(t, want, got, amount)
	}
}

func TestPaidOnSecondAttempt(t *testing.T) {
	t.Parallel()
	s, _ := scenarios.Library().Find("paid-on-second-attempt")
	for n, want := range []payment.Status{payment.Failed, payment.Success, payment.Success} {
		p, ok := s.Payment.Attempt(n + 1)
		require.True(t, ok)
		require.Equal(t, want, p.Status)
	}
}

func TestNearestNames(t *testing.T) {
	t.Parallel()
	own := parse(t, `{version: 1, scenarios: [{name: insufficient-founds}, {name: success}]}`)
	require.Equal(t, []string{"insufficient-funds", "insufficient-founds"}, scenarios.Nearest("insuficient-funds", own,
		scenarios.Library()))
	require.Equal(t, []string{"success"}, own.Nearest("sucess"))
	require.Equal(t, []string{"slow-bank", "status-slow"}, scenarios.Library().Nearest("slow"))
	require.Empty(t, own.Nearest("zzz"))
}
