package client_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// refused is a record of one request that was refused because of a field.
func refused(field, message string) client.Record {
	return client.Record{Merchants: []client.Merchant{{Key: "a", Entries: []client.Entry{{
		Seq: 1, Kind: "create", Request: &exchange.Message{Method: "POST", URL: "/api/checkout"},
		Response: &exchange.Message{Status: 400, Body: exchange.Body(`{"errors":[{"field":"` + field + `","message":"` +
			message + `"}]}`)},
	}}}}}
}

func TestBaselineAcceptsWhatItNames(t *testing.T) {
	t.Parallel()
	first := client.Run{Record: refused("amount", "must be greater than 0, got -5")}.Judge()
	require.Equal(t, []string{"CLIENT-007"}, failed(first))
	text, err := first.Found.JSON()
	require.NoError(t, err)
	require.Equal(t, `{
  "version": 1,
  "accepted": [
    {
      "rule": "CLIENT-007",
      "violation": "POST /api/checkout 400 amount must be greater than 0"
    }
  ]
}
`, string(text))
	baseline, err := client.ParseBaseline(text)
	require.NoError(t, err)

	again := client.Run{Record: refused("amount", "must be greater than 0, got -7"), Baseline: baseline}.Judge()
	require.Empty(t, failed(again), "the same mistake with another value")
	require.Empty(t, again.Stale)
	other := client.Run{
		Record:   refused("amount", "must have at most 2 decimals for TRY, got 1.005"),
		Baseline: baseline,
	}.Judge()
	require.Equal(t, []string{"CLIENT-007"}, failed(other), "another mistake of the same rule")
	require.Equal(t, baseline.Accepted, other.Stale)
}

func TestBaselineFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                              "read baseline",
		`{"version": 2}`:                "version 2 is not supported, want 1",
		`{"version": 1, "acepted": []}`: `unknown field "acepted"`,
		`{"version": 1, "accepted": [{"rule": "CLIENT-999", "violation": "x"}]}`: "accepted[0]: want a known rule",
		`{"version": 1, "accepted": [{"rule": "CLIENT-007", "violation": ""}]}`: "accepted[0]: want a known rule and " +
			"a violation",
	} {
		_, err := client.ParseBaseline([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func TestWhatTheJournalForgotIsNotPassed(t *testing.T) {
	t.Parallel()
	r := refused("amount", "must be greater than 0")
	r.Merchants[0].Forgotten = 7
	j := client.Run{Record: r}.Judge()
	require.Equal(t, report.Failed, ruleOf(t, j, "CLIENT-007").Result)
	require.Equal(t, report.NotEvaluable, ruleOf(t, j, "CLIENT-008").Result)
	require.Contains(t, ruleOf(t, j, "CLIENT-008").Seen, "7 older entries")
}

func TestWhatWasNotSentIsNotJudged(t *testing.T) {
	t.Parallel()
	j := client.Run{Record: refused("amount", "must be greater than 0")}.Judge()
	require.Equal(t, report.NotEvaluable, ruleOf(t, j, "CLIENT-014").Result)
	require.Equal(t, "the command sent no GET /api/checkout/{checkoutId}", ruleOf(t, j, "CLIENT-014").Seen)
	require.Equal(t, report.Skipped, ruleOf(t, j, "CLIENT-020").Result)
}
