package contract_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// A shop that ships in a racing worker fails by the same rules in every run, and is never passed.
func TestVerdictOnARacingWorkerIsTheSameEveryRun(t *testing.T) {
	t.Parallel()
	program, err := buggy()
	require.NoError(t, err)
	for range extent.Of(3, 3, 1) {
		c, err := contract.LoadConfig(merchants + "/go/verify.yaml")
		require.NoError(t, err)
		c.Shop.Command = []string{program, "--bug", "worker-looks-then-writes"}
		c.Rules = []string{"IDEM-001", "IDEM-002", "IDEM-004"}
		judged, err := contract.Verify(t.Context(), c, contract.Options{})
		require.NoError(t, err)
		require.Equal(t, []string{"IDEM-002", "IDEM-004"}, broken(judged.Report), seen(judged.Report))
	}
}

// A shop that acknowledges first, and lets a worker ask and ship, does nothing wrong.
func TestWorkerThatShipsOnceIsNotAccused(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "all rules are asked of a shop")
	program, err := buggy()
	require.NoError(t, err)
	c, err := contract.LoadConfig(merchants + "/go/verify.yaml")
	require.NoError(t, err)
	c.Shop.Command, c.Rules = []string{program, "--unusual", "by-worker"}, affordable()
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Empty(t, broken(judged.Report), seen(judged.Report))
	require.Equal(t, report.OK, judged.Verdict, judged.Reason)
}

// A shop that keeps its orders in a file knows after a restart which of them are paid.
func TestShopThatKeepsItsOrdersIsJudgedAfterARestart(t *testing.T) {
	t.Parallel()
	program, err := buggy()
	require.NoError(t, err)
	c := asked(t, newPort(t))
	c.Shop.Command, c.Rules = []string{program, "--unusual", "keeps-orders"}, []string{"IDEM-007", "IDEM-008"}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Subset(t, with(judged.Report, report.Passed), c.Rules, seen(judged.Report))
}

// A program that answers already where the shop is about to be is not judged in its place, however quickly it answers.
func TestAnotherProgramIsNotTakenForTheShop(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		takes time.Duration
		seen  string
	}{
		"at once":        {0, "answered 404"},
		"after a while":  {70 * time.Millisecond, "answered 404"},
		"not in seconds": {time.Minute, "took a connection, and did not answer,"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			over := make(chan bool)
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				select {
				case <-time.After(c.takes):
				case <-over:
				}
				w.WriteHeader(http.StatusNotFound)
			}))
			t.Cleanup(other.Close)
			t.Cleanup(func() { close(over) })
			mark := filepath.Join(t.TempDir(), "started")
			config := configFor(t, &shop{})
			config.Start, config.Rules = nil, []string{"FLOW-001"}
			config.Shop = contract.Shop{Command: []string{"touch", mark}, Ready: other.URL + "/health"}
			_, err := contract.Verify(t.Context(), config, contract.Options{})
			require.ErrorContains(t, err, other.URL+"/health "+c.seen+` before the shop "touch `+mark+`" was started, so `+
				"another program is there: end it, or leave out merchant.command to judge the shop that runs already")
			require.NoFileExists(t, mark)
		})
	}
}

// Who waits for another program to leave can give up.
func TestWaitForAnotherProgramCanBeBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leave() }))
	t.Cleanup(other.Close)
	config := configFor(t, &shop{})
	config.Start, config.Shop = nil, contract.Shop{Command: []string{"false"}, Ready: other.URL}
	_, err := contract.Verify(ctx, config, contract.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// What only a later trial sees is the finding of the rule that it is about.
func TestFulfilmentSeenTwiceInAnotherTrialIsAFinding(t *testing.T) {
	t.Parallel()
	c := configFor(t, &shop{shipsFailures: true})
	c.Rules = []string{"FLOW-003", "FLOW-009", "IDEM-001"}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"IDEM-001"}, broken(judged.Report), seen(judged.Report))
	require.Contains(t, seen(judged.Report), "in the trial of FLOW-009: order ")
	require.Equal(t, report.NotOK, judged.Verdict)
	require.Equal(t, []string{"IDEM-001"}, judged.Replay.IDs())

	c = configFor(t, &shop{shipsFailures: true})
	c.Rules = []string{"FLOW-003", "FLOW-009"}
	judged, err = contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, report.NotOK, judged.Verdict, "it is not passed when IDEM was not asked for")
}

// A right shop is judged by all rules in less time than the rules take one after the other.
func TestRulesAreJudgedBesideEachOther(t *testing.T) {
	t.Parallel()
	judged, err := contract.Verify(t.Context(), configFor(t, &shop{}), contract.Options{})
	require.NoError(t, err)
	require.Equal(t, report.OK, judged.Verdict, seen(judged.Report))
	var sum float64
	for _, rule := range judged.Rules {
		sum += rule.Seconds
	}
	require.Equal(t, []string{"RESIL-018"}, with(judged.Report, report.Skipped), "it takes longer than all others")
	require.Less(t, judged.Seconds, sum*0.75, "the rules took %.1f s, the run %.1f s", sum, judged.Seconds)
}

// A shop that holds one lock over its question, with a long time limit of its own, is found in every run, by the rule
// that names the cause.
func TestLockOverTheQuestionIsFoundEveryRun(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "a shop that hangs for half a minute")
	program, err := buggy()
	require.NoError(t, err)
	for range 2 {
		c, err := contract.LoadConfig(merchants + "/go/verify.yaml")
		require.NoError(t, err)
		c.Shop.Command = []string{program, "--bug", "status-holds-lock-half-a-minute"}
		c.Rules = []string{"RESIL-009", "RESIL-015", "TRUST-019", "RESIL-004"}
		judged, err := contract.Verify(t.Context(), c, contract.Options{})
		require.NoError(t, err)
		require.Contains(t, broken(judged.Report), "RESIL-015", seen(judged.Report))
	}
}
