package client_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/client"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

func TestParseBar(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]client.Bar{
		"operations>=80":     {Name: "operations", Percent: 80},
		" all >= 12.5% ":     {Name: "all", Percent: 12.5},
		"boundaries>=0":      {Name: "boundaries"},
		"scenarios>=100":     {Name: "scenarios", Percent: 100},
		"fields>=1":          {Name: "fields", Percent: 1},
		"answers>=1.000e+01": {Name: "answers", Percent: 10},
	} {
		got, err := client.ParseBar(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", "all", "all>80", "all>=", "all>=x", "all>=-1", "all>=101", "all>=NaN",
		"operation>=80", ">=80", "all>=80>=90",
	} {
		_, err := client.ParseBar(text)
		require.ErrorContains(t, err, "want NAME>=PERCENT, such as operations>=80, with a NAME of operations, fields, "+
			"boundaries, answers, scenarios, all", text)
	}
}

// record is one that has covered one of two operations, and the only field.
func record() client.Record {
	return client.Record{Merchants: []client.Merchant{
		{Key: "a", Coverage: []report.CoverageItem{
			{Kind: "operation", Name: "POST /api/checkout 200", Count: 3},
			{Kind: "operation", Name: "POST /api/checkout 401"},
			{Kind: "field", Name: "f"},
		}},
		{Key: "b", Coverage: []report.CoverageItem{
			{Kind: "field", Name: "f", Count: 1},
			{Kind: "operation", Name: "POST /api/checkout 200", Count: 2},
			{Kind: "scenario", Name: "own"},
		}},
	}}
}

func TestBarsAreOfAllMerchantsTogether(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"operations>=50": "every bar is reached",
		"operations>=51": "operations: 50.0% (1 of 2), required 51%",
		"fields>=100":    "every bar is reached",
		"scenarios>=1":   "scenarios: 0.0% (0 of 1), required 1%",
		"all>=50":        "every bar is reached",
		"all>=50.1":      "all: 50.0% (2 of 4), required 50.1%",
		"answers>=0":     "answers: nothing was measured",
	} {
		bar, err := client.ParseBar(text)
		require.NoError(t, err)
		run := client.Run{Record: record(), Bars: []client.Bar{bar}}
		got := ruleOf(t, run.Judge(), "CLIENT-020")
		require.Equal(t, want, got.Seen, text)
		require.Equal(t, want != "every bar is reached", got.Result == report.Failed, text)
	}
	require.Equal(t, 5, client.Run{Record: record()}.Judge().Coverage.Items[0].Count)
}

func TestARefusalOfAStrangerIsCovered(t *testing.T) {
	t.Parallel()
	r := record()
	r.Strangers = []client.Entry{{
		Kind: "create", Request: &exchange.Message{Method: "POST", URL: "/api/checkout"},
		Response: &exchange.Message{Status: 401},
	}}
	require.Equal(t, 1, r.Coverage().Items[1].Count)
}
