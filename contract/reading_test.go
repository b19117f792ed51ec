package contract_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// one judges a shop by one rule, which it must break.
func one(t *testing.T, c contract.Config, id string) (contract.Judgement, report.Rule) {
	t.Helper()
	c.Rules = []string{id}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	at := slices.IndexFunc(judged.Rules, func(r report.Rule) bool { return r.ID == id })
	require.Equal(t, report.Failed, judged.Rules[at].Result, judged.Rules[at].Seen)
	return judged, judged.Rules[at]
}

// Of nine orders one is shown: what PayPorter said of it, and what the shop then believed.
func TestEvidenceIsWhatDecided(t *testing.T) {
	t.Parallel()
	judged, rule := one(t, configFor(t, &shop{generous: true}), "TRUST-022")

	require.Greater(t, len(rule.Cases), 5)
	first := rule.Cases[0]
	require.Equal(t, report.Case{Name: `amount "1.00"`, Order: first.Order, Result: report.Failed}, first)
	require.Contains(t, rule.Seen, "order "+first.Order+" is paid")

	require.LessOrEqual(t, len(rule.Exchanges), 8, "the exchanges of the other orders show nothing")
	require.Len(t, rule.Decisive, 2)
	said, believed := rule.Exchanges[rule.Decisive[0].Exchange-1], rule.Exchanges[rule.Decisive[1].Exchange-1]
	require.Equal(t, []string{"status", "state"}, []string{said.Title, believed.Title})
	require.Equal(t, []string{`"amount":1.00`}, rule.Decisive[0].Differs)
	require.Contains(t, said.Response.Body.String(), rule.Decisive[0].Differs[0])
	require.Equal(t, []string{`"status":"paid"`, `"fulfilments":1`}, rule.Decisive[1].Differs)

	shown := consoleOf(t, judged, rule.ID)
	require.LessOrEqual(t, len(shown), 16, strings.Join(shown, "\n"))
	require.Regexp(t, `(?s)\^{13}\n.*\^{15} \^{15}`, strings.Join(shown, "\n"), "what differed is underlined")
}

// consoleOf are the lines of a rule on the console.
func consoleOf(t *testing.T, judged contract.Judgement, id string) []string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, judged.WriteTerminal(&b, report.Terminal{}))
	_, text, found := strings.Cut(b.String(), "\n  "+id+"  ")
	require.True(t, found, b.String())
	text, _, _ = strings.Cut(text, "\n\n")
	return strings.Split(text, "\n")
}

// A long page is clipped around the place that decides.
func TestLongBodiesShowThePlaceThatDecides(t *testing.T) {
	t.Parallel()
	judged, rule := one(t, configFor(t, &shop{generous: true, wordy: 100_000}), "TRUST-022")
	look := rule.Exchanges[rule.Decisive[1].Exchange-1]
	require.Contains(t, look.Response.Body.String(), `"status":"paid"`)
	require.Less(t, len(look.Response.Body), 3000)
	require.Contains(t, strings.Join(consoleOf(t, judged, rule.ID), "\n"), `"status":"paid"`)
}

// Rules that fail or cannot be judged for one reason are said once, and the reason comes first.
func TestCollateralDamageIsSaidOnce(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "many rules are asked of wrong shops")
	c := configFor(t, &shop{believing: true})
	c.Rules = []string{"FLOW-005", "TRUST"}
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	first := judged.Findings[0]
	require.Equal(t, 1, len(judged.Findings), "the first is of %s, %s", first.Rule, first.Also)
	require.Equal(t, "TRUST-001", first.Rule)
	require.Subset(t, first.Also, []string{"FLOW-005", "TRUST-007", "TRUST-012", "TRUST-022"})
	require.Greater(t, judged.Findings[0].Unjudged, 5)

	var b bytes.Buffer
	require.NoError(t, judged.WriteTerminal(&b, report.Terminal{}))
	lines := strings.Split(b.String(), "\n")
	require.Contains(t, lines[3], "Mend first: TRUST-001 (critical)")
	require.Equal(t, 1, strings.Count(b.String(), "every callback is believed, see TRUST-001"))
}

// What explain says that PayPorter plays is what it plays in a shop that is right.
func TestScenariosOfRulesAreKnown(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "all rules are asked of two shops")
	judged, err := contract.Verify(t.Context(), configFor(t, &shop{}), contract.Options{})
	require.NoError(t, err)

	played := map[string][]string{}
	for _, r := range judged.Rules {
		if len(r.Scenarios) > 0 {
			played[r.ID] = r.Scenarios
		}
	}
	program, err := buggy()
	require.NoError(t, err)
	port := newPort(t)
	config := alsoAsked(asked(t, port), port)
	config.Shop.Command, config.Rules = []string{program}, moneyBack
	back, err := contract.Verify(t.Context(), config, contract.Options{})
	require.NoError(t, err)
	for _, r := range back.Rules {
		if len(r.Scenarios) > 0 {
			played[r.ID] = r.Scenarios
		}
	}
	text, err := json.MarshalIndent(played, "", "  ")
	require.NoError(t, err)
	golden(t, "merchant/scenarios.json", string(text)+"\n")
	if *update {
		return // the program has the old one built in
	}

	for _, r := range contract.Rules() {
		explained, err := contract.Explain(r.ID)
		require.NoError(t, err)
		for _, scene := range played[r.ID] {
			require.Contains(t, explained, "- name: "+scene+"\n", r.ID)
		}
	}
}

// What the shop itself wrote while it failed stands beside the exchanges, masked, in report and bundle.
func TestShopsOwnOutputIsEvidence(t *testing.T) {
	t.Parallel()
	program, err := buggy()
	require.NoError(t, err)

	c := asked(t, newPort(t))
	c.Shop.Command = []string{"sh", "-c", `"$0" --bug no-id-ends-shop
		echo "Traceback: it ended, $PAYPORTER_API_SECRET" >&2
		exit 3`, program}
	judged, rule := one(t, c, "RESIL-010")
	require.Contains(t, rule.Output, "Traceback: it ended, ***")
	require.Len(t, judged.Replay.Rules, 1)
	require.Equal(t, rule.Output, judged.Replay.Rules[0].Output)
	require.Contains(t, strings.Join(consoleOf(t, judged, rule.ID), "\n"), "Traceback: it ended")
}
