package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

var libraryTable = regexp.MustCompile(`(?s)(<!-- library:[^>]*-->\n).*?(<!-- /library -->)`)

// The page names every shipped scenario, with the line that makes it happen.
func TestReadmeNamesTheLibrary(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var b strings.Builder
	b.WriteString("| I want this to happen | the line that does it |\n|---|---|\n")
	for _, s := range scenarios.Library().Scenarios() {
		fmt.Fprintf(&b, "| %s | `X-Mock-Scenario: %s` |\n", s.Description, s.Name)
	}
	got := libraryTable.ReplaceAllString(string(text), "${1}"+b.String()+"${2}")
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(got), 0o600))
		return
	}
	require.Equal(t, string(text), got)
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// Every file shown on the page loads without a warning.
func TestReadmeFilesLoad(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	shown := yamlBlock.FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, shown)
	for _, block := range shown {
		file := filepath.Join(t.TempDir(), "shown.yaml")
		require.NoError(t, os.WriteFile(file, []byte(block[1]), 0o600))
		set, err := scenarios.Load([]string{file})
		require.NoError(t, err)
		require.Empty(t, set.Lint())
	}
}
