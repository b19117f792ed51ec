//go:build unix

package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/client"
)

func shell(script string) (client.Command, *bytes.Buffer) {
	var out bytes.Buffer
	return client.Command{Args: []string{"sh", "-c", script}, Stdout: &out, Stderr: &out, Timeout: time.Minute}, &out
}

func TestCommandEndsInManyWays(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]client.Ended{
		"exit 0":           {},
		"exit 7":           {Code: 7, Why: "the command ended with exit code 7"},
		"kill -9 $$":       {Code: -1, Why: "the command was ended by a signal: killed"},
		"nonesuch-command": {Code: 127, Why: "the command ended with exit code 127"},
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			command, _ := shell(script)
			got, err := command.Run(t.Context())
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestCommandSeesItsStreamsAndEnvironment(t *testing.T) {
	t.Parallel()
	command, out := shell(`read line; echo "$line $PAYPORTER_TEST_OF_COMMAND"; echo oops >&2`)
	command.Stdin, command.Env = strings.NewReader("in\n"), []string{"PAYPORTER_TEST_OF_COMMAND=set"}
	got, err := command.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, client.Ended{}, got)
	require.Equal(t, "in set\noops\n", out.String())
}

func TestCommandThatCannotBeStarted(t *testing.T) {
	t.Parallel()
	_, err := client.Command{Args: []string{"nonesuch-command"}}.Run(t.Context())
	require.ErrorContains(t, err, "start nonesuch-command")
}

func TestWhatTheCommandStartedEndsWithIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script  string
		timeout time.Duration
		why     string
	}{
		"by itself": {"sleep 600 & echo started", time.Minute, ""},
		"too late": {"sleep 600 & echo started; sleep 600", time.Second, "the command did not end within 1s " +
			"and was ended"},
		"too late, and deaf": {
			"trap '' TERM; (sleep 600) & echo started; while :; do sleep 600; done", time.Second,
			"the command did not end within 1s and was ended",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Whatever was started holds on to the pipe: it ends when all of them have.
			out, in, err := os.Pipe()
			require.NoError(t, err)
			t.Cleanup(func() { _ = out.Close() }) // whatever came of the test
			command, _ := shell(test.script)
			command.Stdout, command.Timeout, command.Grace = in, test.timeout, 100*time.Millisecond
			got, err := command.Run(t.Context())
			require.NoError(t, err)
			require.Equal(t, test.why, got.Why)
			require.NoError(t, in.Close())
			require.NoError(t, out.SetReadDeadline(time.Now().Add(time.Minute)))
			_, err = io.ReadAll(out)
			require.NoError(t, err, "something runs on")
		})
	}
}

// told gives a command's first line away.
type told chan string

func (c told) Write(p []byte) (int, error) {
	c <- string(p)
	return len(p), nil
}

func TestAnInterruptReachesTheCommand(t *testing.T) {
	t.Parallel()
	// (The shell waits for its child, since a signal that comes just before a foreground one is not heard.)
	// As the program does. Without it a test in the background, where shells ignore interrupts, would
	// hand that down to the command.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	t.Cleanup(func() { signal.Stop(interrupts) })
	for cause, want := range map[string]string{
		"interrupt signal received":  "got INT",
		"terminated signal received": "got TERM",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			lines := make(told, 10)
			command, _ := shell(`trap 'echo got INT; exit 5' INT; trap 'echo got TERM; exit 5' TERM; echo ready; sleep 600 ` +
				`>/dev/null 2>&1 & wait`)
			command.Stdout = lines
			ended := make(chan client.Ended, 1)
			go func() {
				got, _ := command.Run(ctx)
				ended <- got
			}()
			require.Equal(t, "ready\n", <-lines)
			cancel(errors.New(cause))
			require.Equal(t, client.Ended{Code: 5, Why: "interrupted: " + cause}, <-ended)
			require.Equal(t, want+"\n", <-lines, "it was written before the command ended")
		})
	}
}
