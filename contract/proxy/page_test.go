package proxy_test

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
)

var update = flag.Bool("update", false, "write CHECKS.md anew")

func TestPageIsTheTable(t *testing.T) {
	t.Parallel()
	const file = "CHECKS.md"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(proxy.Page()), 0o644))
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(kept), proxy.Page(), "run: go test ./contract/proxy -run Page -update")
}
