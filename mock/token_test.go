package mock_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// TestTokensBeginWordsWhateverTheirCase has orders' texts, and the scenario that each gets: one that the token names,
// or none.
func TestTokensBeginWordsWhateverTheirCase(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: Large, limit: 1, when: "+
		"{amount: 1}}\n").status)
	for text, want := range map[string]string{
		"mock:insufficient-funds":            "insufficient-funds",
		"ORD-1-mock:insufficient-funds":      "insufficient-funds",
		"MOCK:Insufficient-Funds":            "insufficient-funds",
		"(Mock:LARGE)":                       "Large",
		"for QA: mock:large.":                "Large",
		"Hummock:large":                      "",
		"hammock:large":                      "",
		"_mock:large":                        "",
		"1mock:large":                        "",
		"şmock:large":                        "",
		"Hummock:none, mock:large":           "Large",
		"mock: large":                        "",
		"mock:-":                             "",
		"mock: nothing, then mock:lost-card": "lost-card",
		"a:b:mock:lost-card":                 "lost-card",
		"“mock:lost-card”":                   "lost-card",
	} {
		for _, field := range []string{"orderId", "customerId", "description"} {
			value, err := json.Marshal(text)
			require.NoError(t, err)
			created := c.post("/api/checkout", order("ORD-1", nowhere, field, string(value)))
			require.Equal(t, http.StatusOK, created.status, "%s %q: %s", field, text, created.raw)
			why := c.get("/_mock/scenarios/explain?checkoutId=" + created.text("checkoutId"))
			require.Equal(t, want, why.text("scenario"), "%s %q", field, text)
			if want != "" {
				require.Equal(t, "token", why.text("choice"), "%s %q", field, text)
			}
		}
	}

	misspelt := c.post("/api/checkout", order("ORD-1-MOCK:Insufficient-Fund", nowhere))
	require.Equal(t, http.StatusBadRequest, misspelt.status)
	require.Equal(t, []string{`orderId: there is no scenario "Insufficient-Fund", did you mean insufficient-funds?`},
		misspelt.faults())
}

// A token in the spelling of a scenario means that one, although another differs only in case.
func TestTokenOfTheSameSpellingGoesFirst(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	two := "version: 1\nscenarios:\n  - {name: Case, when: {amount: 1}}\n  - {name: case, when: {amount: 1}}\n"
	require.Equal(t, http.StatusOK, c.put(two).status)
	for text, want := range map[string]string{"mock:case": "case", "mock:Case": "Case", "mock:CASE": "Case"} {
		id := c.create(text, nowhere)
		require.Equal(t, want, c.get("/_mock/scenarios/explain?checkoutId="+id).text("scenario"), text)
	}
}

// Explaining a checkout whose scenario was named says that no scenario of the file won, for the file was not asked.
func TestExplanationOfANamedScenarioHasNoOtherWinner(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: mine}\n").status)
	require.Equal(t, http.StatusOK, c.post("/_mock/scenarios/next", `{"scenario": "lost-card"}`).status)
	for _, created := range []reply{
		c.createAs("stolen-card", "ORD-1", nowhere), c.createAs("", "ORD-2", nowhere), c.createAs("", "ORD-3 mock:success",
			nowhere),
	} {
		why := c.get("/_mock/scenarios/explain?checkoutId=" + created.text("checkoutId"))
		require.Empty(t, why.text("winner"), why.raw)
		require.NotContains(t, why.raw, `"won"`)
		require.Contains(t, why.raw, `"later"`)
	}
	why := c.get("/_mock/scenarios/explain?checkoutId=" + c.create("ORD-4", nowhere))
	require.Equal(t, "mine", why.text("winner"))
	require.Equal(t, "file", why.text("choice"))
}
