package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// piped is a sandbox whose log goes to a pipe that the test reads, or does not read.
type piped struct {
	sandbox
	log *os.File // what the log can be read from
}

// servePiped runs the real binary. With mixed, standard output goes to the pipe of the log, as 2>&1 makes it.
func servePiped(t *testing.T, mixed bool, args ...string) *piped {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	log, in, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = log.Close() })

	args = append([]string{"serve", "--addr", "127.0.0.1:0", "--log-format", "json"}, args...)
	p := &process{cmd: exec.Command(program, args...)}
	p.cmd.Env, p.cmd.Stderr, p.exited = environment(), in, make(chan struct{})
	stdout := log
	if mixed {
		p.cmd.Stdout = in
	} else {
		var out *os.File
		stdout, out, err = os.Pipe()
		require.NoError(t, err)
		t.Cleanup(func() { _ = stdout.Close() })
		p.cmd.Stdout = out
		defer out.Close()
	}
	require.NoError(t, p.cmd.Start())
	require.NoError(t, in.Close())
	go func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // ProcessState says how it ended
	}()
	t.Cleanup(p.kill)

	p.Announced = firstLine(t, stdout)
	var line struct{ URL string }
	require.NoError(t, json.Unmarshal([]byte(p.Announced), &line), p.Announced)
	return &piped{sandbox{process: p, url: line.URL}, log}
}

// firstLine reads a line and nothing of what follows it.
func firstLine(t *testing.T, from io.Reader) string {
	t.Helper()
	var line []byte
	for one := make([]byte, 1); !strings.HasSuffix(string(line), "\n"); {
		_, err := from.Read(one)
		require.NoError(t, err)
		line = append(line, one[0])
	}
	return string(line)
}

// asks makes requests whose log lines have about a kilobyte, and name their number.
func (p *piped) asks(t *testing.T, from, to int) {
	t.Helper()
	client := &http.Client{Timeout: patience}
	for i := from; i < to; i++ {
		res, err := client.Get(p.url + fmt.Sprintf("/api/n%d-%s", i, strings.Repeat("x", 1000)))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusNotFound, res.StatusCode)
	}
}

// logged reads the log to its end: the numbers of the requests in the order of their lines, and how many lines are
// said to be missing.
func logged(t *testing.T, log io.Reader) (requests []int, dropped int) {
	t.Helper()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct {
			Msg, Path string
			Dropped   int
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line), lines.Text())
		var n int
		if found, _ := fmt.Sscanf(line.Path, "/api/n%d-", &n); found == 1 {
			requests = append(requests, n)
		}
		if line.Dropped > 0 {
			require.Equal(t, fmt.Sprintf("%d log lines were dropped: nobody read them", line.Dropped), line.Msg)
			dropped += line.Dropped
		}
	}
	require.NoError(t, lines.Err())
	return requests, dropped
}

// Requests are answered although nobody reads the log, and whoever reads it in the end is told what is missing.
func TestLogThatNobodyReadsStopsNothing(t *testing.T) {
	t.Parallel()
	p := servePiped(t, false)
	p.asks(t, 0, 600)

	type read struct {
		requests []int
		dropped  int
	}
	all := make(chan read, 1)
	go func() {
		requests, dropped := logged(t, p.log)
		all <- read{requests, dropped}
	}()
	p.asks(t, 600, 1000)
	code, err := p.stop()
	require.NoError(t, err)
	require.Zero(t, code)
	got := <-all
	require.Positive(t, got.dropped)
	require.IsIncreasing(t, got.requests)
	require.Equal(t, 1000, len(got.requests)+got.dropped, "each line is there or counted")
	require.Equal(t, 999, got.requests[len(got.requests)-1], "lines come again once there is room")
}

func TestLogThatIsReadIsWhole(t *testing.T) {
	t.Parallel()
	p := servePiped(t, false)
	all := make(chan []int, 1)
	go func() {
		requests, dropped := logged(t, p.log)
		require.Zero(t, dropped)
		all <- requests
	}()
	p.asks(t, 0, 1500)
	code, err := p.stop()
	require.NoError(t, err)
	require.Zero(t, code)
	requests := <-all
	require.Len(t, requests, 1500)
	require.IsIncreasing(t, requests)
}

// A sandbox ends although its last lines cannot be written.
func TestLogThatNobodyReadsDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	p := servePiped(t, false)
	p.asks(t, 0, 600)
	code, err := p.stop()
	require.NoError(t, err)
	require.Zero(t, code)
}

// payporter-mock serve 2>&1 | head -1
func TestReaderThatLeavesEndsNothing(t *testing.T) {
	t.Parallel()
	for name, mixed := range map[string]bool{"of the log": false, "of both streams": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := servePiped(t, mixed)
			require.NoError(t, p.log.Close())
			p.asks(t, 0, 50)
			require.NoError(t, p.cmd.Process.Signal(syscall.Signal(0)), "it runs")
			code, err := p.stop()
			require.NoError(t, err)
			require.Zero(t, code)
		})
	}
}

// Nobody listens to standard output: payporter-mock serve | true
func TestStandardOutputThatIsClosedIsSaidInTheLog(t *testing.T) {
	t.Parallel()
	program, err := binary()
	require.NoError(t, err)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, read.Close())
	log, in, err := os.Pipe()
	require.NoError(t, err)
	defer log.Close()

	cmd := exec.Command(program, "serve", "--addr", "127.0.0.1:0", "--log-format", "json")
	cmd.Env, cmd.Stdout, cmd.Stderr = environment(), write, in
	require.NoError(t, cmd.Start())
	require.NoError(t, write.Close())
	require.NoError(t, in.Close())
	var line struct{ Msg, URL string }
	require.NoError(t, json.Unmarshal([]byte(firstLine(t, log)), &line))
	require.Equal(t, "standard output does not take where it listens", line.Msg)
	status, _ := request(t, http.MethodGet, line.URL+"/_mock/health", jsonType, "")
	require.Equal(t, http.StatusOK, status)

	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	_, err = io.Copy(io.Discard, log)
	require.NoError(t, err)
	require.NoError(t, cmd.Wait(), "exit code 0")
}
