package mock_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// scenarioFile is a file of n scenarios with the same conditions.
func scenarioFile(n int, when string) string {
	var b strings.Builder
	b.WriteString("version: 1\nscenarios:\n")
	for i := range n {
		fmt.Fprintf(&b, "- {name: s%d, when: {%s}}\n", i, when)
	}
	return b.String()
}

// A set of scenarios that would take much memory, or much time at each create, is refused however it comes, and the
// refusal says the bound.
func TestScenariosThatCostTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	for name, bomb := range map[string]struct{ file, bound string }{
		"compiled patterns": {
			scenarioFile(200, "orderId: '{"+strings.Repeat("?*?*?*,", 31)+"x}*'"), "100000 characters of patterns",
		},
		"expressions": {scenarioFile(9_000, `expr: 'all(split(description, ""), # != "zz")'`), "200 expressions"},
		"scenarios":   {scenarioFile(9_000, "amount: 1"), "5000 scenarios"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clientOf(t, start(t, mock.Config{}))
			require.Equal(t, http.StatusOK, c.put(scenarioFile(3, "amount: 1")).status)
			refused := c.put(bomb.file)
			require.Equal(t, http.StatusBadRequest, refused.status)
			require.Len(t, refused.faults(), 1)
			require.Contains(t, refused.faults()[0], "a set of scenarios must not have more than "+bomb.bound)
			require.Equal(t, scenarioFile(3, "amount: 1"), c.file().raw, "the old set stays in force")

			file := filepath.Join(t.TempDir(), "bomb.yaml")
			require.NoError(t, os.WriteFile(file, []byte(bomb.file), 0o600))
			_, err := mock.New(mock.Config{Scenarios: []string{file}})
			require.ErrorContains(t, err, "a set of scenarios must not have more than "+bomb.bound)
		})
	}
}
