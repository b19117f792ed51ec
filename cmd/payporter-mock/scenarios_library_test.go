package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

// TestOwnScenarioOfEachThatIsShipped begins one with every scenario of the library: it says the same under its name.
func TestOwnScenarioOfEachThatIsShipped(t *testing.T) {
	t.Parallel()
	for _, shipped := range scenarios.Library().Scenarios() {
		text, _, err := shippedScenario(shipped.Name)
		require.NoError(t, err, shipped.Name)
		own, err := scenarios.Parse("mine.yaml", []byte(ownScenario(text, "mine", shipped.Name, "mine.yaml")))
		require.NoError(t, err, shipped.Name)
		require.Empty(t, own.Lint(), shipped.Name)

		found, ok := own.Find("mine")
		require.True(t, ok, shipped.Name)
		want := *shipped
		want.Name, want.Place = found.Name, found.Place
		require.Equal(t, &want, found, shipped.Name)
	}
}
