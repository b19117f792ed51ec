package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// secret is every merchant's: a key that begins with test_ takes the secret that it comes with first.
const secret = "secret-of-generated-clients"

// sandbox is the process that the clients order in.
type sandbox struct {
	url    string
	cmd    *exec.Cmd
	client *http.Client
}

// startSandbox builds the program into dir and starts it on a free port. The caller stops it.
func startSandbox(dir string) (*sandbox, error) {
	program := filepath.Join(dir, "payporter-mock")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/payporter-mock").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	s := &sandbox{client: &http.Client{Timeout: time.Minute}}
	s.cmd = exec.Command(program, "serve", "--addr", "127.0.0.1:0", "--validate-responses",
		"--log-format", "json", "--log-level", "error")
	s.cmd.Stderr = os.Stderr
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}

	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	var announced struct{ URL string }
	if err == nil {
		err = json.Unmarshal(line, &announced)
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("the sandbox did not announce its URL: %w", err)
	}
	s.url = announced.URL
	return s, nil
}

// stop asks the process to end, waits for it, and ends it after ten seconds.
func (s *sandbox) stop() {
	if s.cmd.Process.Signal(syscall.SIGTERM) == nil {
		late := time.AfterFunc(10*time.Second, func() { _ = s.cmd.Process.Kill() })
		defer late.Stop()
	}
	_ = s.cmd.Wait() // how it ended says nothing about a client
}

// exchange sends a request as the merchant with this key and returns the status and the body of the answer. A body is
// sent as JSON.
func (s *sandbox) exchange(key, method, url, body string) (int, []byte, error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("X-API-KEY", key)
	r.Header.Set("X-API-SECRET", secret)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := s.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}
