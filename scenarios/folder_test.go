package scenarios_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

// What editors and systems leave in a folder of scenarios is no scenario file, whatever is in it.
func TestFolderIsReadWithoutWhatEditorsLeave(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	own := filepath.Join(dir, "a.yaml")
	require.NoError(t, os.WriteFile(own, []byte("version: 1\nscenarios: [{name: own}]\n"), 0o600))
	for _, name := range []string{
		"._b.yaml", ".a.yaml", ".a.yaml.swp", ".a.yml.swx", "a.yaml~", "#a.yaml#", "4913", ".DS_Store", "a.yaml.bak",
		"schema.json",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("no scenarios: ["), 0o600))
	}
	require.NoError(t, os.Symlink("somebody@machine.4711:1", filepath.Join(dir, ".#a.yml")), "Emacs locks a file so")

	set, err := scenarios.Load([]string{dir})
	require.NoError(t, err)
	require.Len(t, set.Scenarios(), 1)
	require.Equal(t, []string{own, "elsewhere.yaml"}, scenarios.Files([]string{dir, "builtin:success", "elsewhere.yaml"}))

	_, err = scenarios.Load([]string{filepath.Join(dir, ".a.yaml")})
	require.ErrorContains(t, err, "not YAML", "who names one means it")
}
