package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// row is one generator, or one tool that reads the descriptions, with what is proven about it.
type row struct {
	name  string
	needs []tool
	run   func(*work) error
}

// work is what a row works with.
type work struct {
	merchant string // the merchant API's description, as an absolute path
	control  string // the control API's description, as an absolute path
	home     string // testdata/generators
	dir      string // the row's own folder
	key      string // the row's own merchant
	sandbox  *sandbox
	said     string // what was proven, for the result
}

// copyProgram copies a program that uses a generated client into the row's own folder.
func (w *work) copyProgram(folder string) error {
	return os.CopyFS(w.dir, os.DirFS(filepath.Join(w.home, folder)))
}

// call runs a program in the row's own folder and returns what it printed on both streams. The error carries the end
// of that. A program that does not end within five minutes is ended.
func (w *work) call(command ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()

	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Dir = w.dir
	c.WaitDelay = 5 * time.Second
	c.Env = append(os.Environ(), "SANDBOX_URL="+w.sandbox.url, "API_KEY="+w.key, "API_SECRET="+secret,
		"GOWORK=off", "GOFLAGS=-mod=readonly", "PYTHONDONTWRITEBYTECODE=1", "NO_COLOR=1",
		"PATH="+venvFolder()+string(os.PathListSeparator)+os.Getenv("PATH"))

	out, err := c.CombinedOutput()
	if err != nil {
		name := strings.Join(command[:min(len(command), 4)], " ")
		return string(out), fmt.Errorf("%s: %w\n%s", name, err, lastLines(string(out), 30))
	}
	return string(out), nil
}

// generate runs a generator, which must print no warning but the allowed ones. Each of those is a pattern.
func (w *work) generate(allowed []string, command ...string) error {
	out, err := w.call(command...)
	if err != nil {
		return err
	}
	return warnings(out, allowed)
}

var warning = regexp.MustCompile(`(?i)\b(warn(ing)?|error|fatal|unsupported|not implemented)\b`)

// warnings returns an error that lists the warnings in out that no pattern allows.
func warnings(out string, allowed []string) error {
	var found []error
	for line := range strings.Lines(out) {
		if warning.MatchString(line) && !matches(line, allowed) {
			found = append(found, errors.New(strings.TrimSpace(line)))
		}
	}
	return errors.Join(found...)
}

func matches(line string, patterns []string) bool {
	for _, pattern := range patterns {
		if regexp.MustCompile(pattern).MatchString(line) {
			return true
		}
	}
	return false
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
