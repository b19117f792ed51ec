package main_test

import (
	"bufio"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal: what is written to the one end is what a person sees at the other.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = person.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	return person, program
}

// watched is a sandbox whose streams are a terminal.
type watched struct {
	t    *testing.T
	cmd  *exec.Cmd
	seen *bufio.Scanner
	url  string
	all  []string // the lines so far
}

func watch(t *testing.T, variables []string, args ...string) *watched {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	person, streams := terminal(t)
	w := &watched{t: t, cmd: exec.Command(program, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)}
	w.cmd.Env, w.cmd.Stdout, w.cmd.Stderr = append(environment(), variables...), streams, streams
	require.NoError(t, w.cmd.Start())
	ends := time.AfterFunc(2*patience, func() { _ = w.cmd.Process.Kill() }) // whoever waits for a line stops then
	t.Cleanup(func() {
		ends.Stop()
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait() // it may have ended before
	})
	require.NoError(t, streams.Close())
	w.seen = bufio.NewScanner(person)
	return w
}

// until reads lines until one fits, and answers that one.
func (w *watched) until(pattern string) string {
	w.t.Helper()
	for w.seen.Scan() {
		line := strings.TrimRight(w.seen.Text(), "\r")
		w.all = append(w.all, line)
		if regexp.MustCompile(pattern).MatchString(line) {
			return line
		}
	}
	require.Fail(w.t, "the terminal never shows "+pattern, strings.Join(w.all, "\n"))
	return ""
}

// post makes a request with the configured key, or another one.
func (w *watched) post(path, key, body string) string {
	w.t.Helper()
	_, answer := request(w.t, http.MethodPost, w.url+path, jsonType, body, "X-API-KEY", key, "X-API-SECRET", "test_secret")
	return string(answer)
}

var checkoutIDs = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// TestTerminalIsWatched is a person who starts the sandbox and watches it: a block says where everything is, then there
// is a line each request, payment and attempt, with its order, its outcome and the reason.
func TestTerminalIsWatched(t *testing.T) {
	t.Parallel()
	w := watch(t, []string{"NO_COLOR=1"}, "--seed", "1", "--callback-retry", "none")
	w.url = regexp.MustCompile(`http://[0-9.:]+`).FindString(w.until("API "))
	w.until("Ctrl")

	nobody := `"callback": "http://127.0.0.1:1/callback"`
	order := func(id, more string) string {
		return `{"orderId": "` + id + `", "amount": 100.50, "currency": "TRY", ` + nobody + more + `}`
	}
	w.post("/api/checkout", "test_key", `{"orderId": "ORD-1", "amount": -1, "currency": "TL", `+nobody+`}`)
	w.until("ORD-1 ")
	id := checkoutIDs.FindString(w.post("/api/checkout", "test_key", order("ORD-2", "")))
	w.until("ORD-2 ")
	w.post("/_mock/checkouts/"+id+"/pay", "test_key", `{"card": "`+poorCard+`"}`)
	w.until("callback .*ORD-2 ")
	other := checkoutIDs.FindString(w.post("/api/checkout", "test_ci", order("ORD-3", `, "colour": "red"`)))
	w.until("ORD-3 ")
	w.post("/_mock/checkouts/"+other+"/pay", "test_ci", "")
	w.until("callback .*ORD-3 ")
	w.post("/api/checkout", "test_key", order("ORD-4 mock:create-503-then-ok", ""))
	w.until("ORD-4 ")
	w.post("/api/checkout", "nobody", order("ORD-5", ""))
	w.until("401 ")
	require.NoError(t, w.cmd.Process.Signal(os.Interrupt))
	require.NoError(t, w.cmd.Wait())

	shown := strings.Join(w.all, "\n") + "\n"
	for pattern, in := range map[string]string{
		regexp.QuoteMeta(w.url): "http://127.0.0.1:8080", checkoutIDs.String(): "{checkoutId}", `\d\d:\d\d:\d\d`: "15:04:05",
		`[0-9.]+ ms`: "1.5 ms", `payporter-mock \S+ listens`: "payporter-mock 1.2.3 listens",
	} {
		shown = regexp.MustCompile(pattern).ReplaceAllString(shown, in)
	}
	golden := filepath.Join("testdata", "terminal.golden")
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(golden, []byte(shown), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), shown)
	keptSecrets(t, strings.Join(w.all[14:], "\n"))
}

// Colour is for terminals that have it. What strangers write does not steer one.
func TestTerminalHasColours(t *testing.T) {
	t.Parallel()
	w := watch(t, []string{"TERM=xterm"}, "--callback-retry", "none")
	w.url = regexp.MustCompile(`http://[0-9.:]+`).FindString(w.until("API "))
	w.post("/api/checkout", "test_key", `{"orderId": "a\u001b[2Jb", "amount": 1, "currency": "TRY"}`)
	line := w.until("POST")
	require.Contains(t, line, "\x1b[31m400", "red")
	require.NotContains(t, line, "\x1b[2J")
	require.Contains(t, line, `"a\x1b[2Jb"`)
}
