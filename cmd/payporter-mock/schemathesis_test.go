package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// Schemathesis makes requests of its own out of both descriptions, and finds nothing that is not as they say.
func TestSchemathesisFindsNothing(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "thousands of requests")
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	if _, err := os.Stat(filepath.Join(root, ".venv", "bin", "schemathesis")); err != nil {
		extent.Required(t, "Schemathesis is missing: run make .venv")
	}
	script := filepath.Join(root, "testdata", "schemathesis", "run.sh")
	const patient = "--max-response-time=4" // seconds, not 1 as alone: other tests keep the machine busy
	out, err := exec.CommandContext(t.Context(), script, patient).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
