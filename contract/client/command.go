package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Command is the client's own test command.
type Command struct {
	Args           []string // the program and its arguments
	Env            []string // NAME=VALUE, beside this process's own
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Timeout        time.Duration // zero: none
	Grace          time.Duration // between asking it to end and killing it; zero is five seconds
}

// Ended is how a command ended.
type Ended struct {
	Code int
	Why  string // empty: with exit code 0, by itself
}

// errTimedOut is why a command's context ends when its time is over.
var errTimedOut = errors.New("timed out")

// Run runs the command to its end. When ctx ends or the time is over, the command and everything it
// has started are asked to end, and then killed. What it leaves behind when it ends by itself is
// ended, too. An error means that it could not be started.
func (c Command) Run(ctx context.Context) (Ended, error) {
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.Timeout, errTimedOut)
		defer cancel()
	}

	cmd := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, c.Stdout, c.Stderr
	leadGroup(cmd)
	cmd.Cancel = func() error { return signalGroup(cmd.Process, signalOf(context.Cause(ctx))) }
	if cmd.WaitDelay = c.Grace; c.Grace == 0 {
		cmd.WaitDelay = 5 * time.Second
	}
	if err := cmd.Start(); err != nil {
		return Ended{}, fmt.Errorf("start %s: %w", c.Args[0], err)
	}

	err := cmd.Wait()
	_ = signalGroup(cmd.Process, os.Kill) // usually nothing is left of it
	return c.ended(ctx, cmd.ProcessState, err), nil
}

func (c Command) ended(ctx context.Context, state *os.ProcessState, err error) Ended {
	code := state.ExitCode()
	switch cause := context.Cause(ctx); {
	case err == nil, errors.Is(err, exec.ErrWaitDelay) && state.Success() && cause == nil:
		return Ended{}
	case errors.Is(cause, errTimedOut):
		return Ended{Code: code, Why: fmt.Sprintf("the command did not end within %s and was ended", c.Timeout)}
	case cause != nil:
		return Ended{Code: code, Why: "interrupted: " + cause.Error()}
	case code < 0:
		return Ended{Code: code, Why: "the command was ended by a " + state.String()}
	}
	return Ended{Code: code, Why: fmt.Sprintf("the command ended with exit code %d", code)}
}

// signalOf is what the command is told when its context ends: what this process was told itself.
func signalOf(cause error) os.Signal {
	if cause != nil && strings.HasPrefix(cause.Error(), os.Interrupt.String()) {
		return os.Interrupt
	}
	return terminate
}
