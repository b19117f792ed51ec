package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// serving runs `serve` with the scenario file and answers its URL. It ends with the test.
func serving(t *testing.T, file string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{
			"payporter-mock", "serve", "--addr", "127.0.0.1:0", "--log-format", "json", "--scenarios",
			file,
		},
			func(string) (string, bool) { return "", false }, strings.NewReader(""), in, io.Discard)
	}()
	t.Cleanup(func() {
		stop()
		require.Equal(t, exitPassed, <-ended)
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	require.NoError(t, err)
	var listening announcement
	require.NoError(t, json.Unmarshal(line, &listening))
	return listening.URL
}

// declineWith writes a file whose one scenario declines with the code, and answers its time.
func declineWith(t *testing.T, file, code string) time.Time {
	t.Helper()
	text := "version: 1\nscenarios:\n  - {name: c" + code + ", payment: {status: FAILED, resultCode: '" + code + "'}}\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	info, err := os.Stat(file)
	require.NoError(t, err)
	return info.ModTime()
}

// scenarioOf makes a checkout and answers which scenario it got.
func scenarioOf(t *testing.T, url string) string {
	t.Helper()
	call := func(method, path, body string) map[string]any {
		req, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("X-API-KEY", "test_key")
		req.Header.Set("X-API-SECRET", "test_secret")
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		var got map[string]any
		require.NoError(t, json.NewDecoder(res.Body).Decode(&got))
		require.Equal(t, http.StatusOK, res.StatusCode, "%v", got)
		return got
	}
	created := call("POST", "/api/checkout",
		`{"orderId":"ORD-1","amount":1,"currency":"TRY","callback":"http://127.0.0.1:9/"}`)
	name, _ := call("GET", "/_mock/checkouts/"+created["checkoutId"].(string), "")["scenario"].(string)
	return name
}

// becomes makes checkouts until one gets the scenario.
func becomes(t *testing.T, url, scenario string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if scenarioOf(t, url) == scenario {
			return
		}
	}
	t.Fatalf("no checkout got the scenario %s", scenario)
}

func TestScenarioFilesAreFollowed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "scenarios.yaml")
	declineWith(t, file, "51")
	url := serving(t, file)
	require.Equal(t, "c51", scenarioOf(t, url))

	written := declineWith(t, file, "054")
	becomes(t, url, "c054")

	t.Run("and read again on SIGHUP, when nothing shows that they changed", func(t *testing.T) {
		declineWith(t, file, "041")
		require.NoError(t, os.Chtimes(file, written, written)) // as long as before, and as old
		self, err := os.FindProcess(os.Getpid())
		require.NoError(t, err)
		require.NoError(t, self.Signal(syscall.SIGHUP))
		becomes(t, url, "c041")
	})
	t.Run("and a broken one leaves the old in force, and health says so", func(t *testing.T) {
		require.NoError(t, os.WriteFile(file, []byte("version: 1\nscenarios:\n  - name: x\n    limt: 1\n"), 0o600))
		var health string
		for deadline := time.Now().Add(20 * time.Second); !strings.Contains(health, "scenarioFault") &&
			time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			res, err := http.Get(url + "/_mock/health")
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			health = string(body)
		}
		require.Contains(t, health, file+`:4:5: unknown key \"limt\", did you mean \"limit\"?`)
		require.Equal(t, "c041", scenarioOf(t, url))
	})
}

// A folder is followed without what editors leave in it: that is no change, and no fault.
func TestScenarioFoldersAreFollowedWithoutWhatEditorsLeave(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	declineWith(t, file, "51")
	before := stateOf([]string{dir})
	for _, name := range []string{"._b.yaml", ".a.yaml.swp", "a.yaml~", "#a.yaml#", "4913"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("broken: ["), 0o600))
	}
	require.NoError(t, os.Symlink("somebody@machine.4711:1", filepath.Join(dir, ".#a.yml")))
	require.Equal(t, before, stateOf([]string{dir}))

	url := serving(t, dir)
	require.Equal(t, "c51", scenarioOf(t, url))
	declineWith(t, file, "054")
	becomes(t, url, "c054")
}
