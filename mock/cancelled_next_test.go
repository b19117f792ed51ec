package mock_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/memory"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

// The log says once what is not forced any more, however often the books run a transaction.
func TestLogSaysOnceWhatIsForcedNoMore(t *testing.T) {
	t.Parallel()
	books := storetest.Replaying(memory.Open(memory.Options{}))
	file := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(file, []byte("version: 1\nscenarios: [{name: mine}]\n"), 0o600))
	first := start(t, mock.Config{Store: books, Scenarios: []string{file}})
	forced := clientOf(t, first).post("/_mock/scenarios/next", `{"scenario": "mine"}`)
	require.Equal(t, http.StatusOK, forced.status, forced.raw)
	first.Close()

	var log bytes.Buffer // the handler locks it
	second := start(t, mock.Config{Store: books, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	clientOf(t, second).create("ORD-1", "http://127.0.0.1:1/")
	second.Close()

	require.Equal(t, 1, strings.Count(log.String(), "cancelled what was forced"), log.String())
}
