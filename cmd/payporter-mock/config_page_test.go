package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
)

const configPage = "../../docs/verify-yaml.md"

var (
	keysOfConfig = regexp.MustCompile(`(?s)(<!-- keys:[^>]*-->\n).*?(<!-- /keys -->)`)
	configBlocks = regexp.MustCompile("(?s)```yaml\n(.*?)```\n")
)

// TestConfigPage holds the reference of verify.yaml to the table by which it is read.
func TestConfigPage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(configPage)
	require.NoError(t, err)
	got := keysOfConfig.ReplaceAllString(string(text), "${1}"+strings.ReplaceAll(contract.ConfigReference(), "$", "$$")+
		"${2}")
	if *update {
		require.NoError(t, os.WriteFile(configPage, []byte(got), 0o644))
		return
	}
	require.Equal(t, string(text), got, "go test ./cmd/payporter-mock -run ConfigPage -update writes it anew")
	require.Contains(t, got, "readyWithin")
}

// TestConfigPageRecipes reads every config that the page shows.
func TestConfigPageRecipes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(configPage)
	require.NoError(t, err)
	blocks := configBlocks.FindAllSubmatch(text, -1)
	require.Len(t, blocks, 4)
	for _, block := range blocks {
		_, err := contract.ParseConfig(configPage, block[1])
		require.NoError(t, err)
	}
}
