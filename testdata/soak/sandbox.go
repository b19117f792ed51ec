package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// sandbox is the process under test.
type sandbox struct {
	url    string
	pprof  string
	client *http.Client
	cmd    *exec.Cmd
	dir    string

	mu  sync.Mutex // guards log
	log bytes.Buffer
}

func startSandbox(seed uint64) (*sandbox, error) {
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return nil, err
	}
	s := &sandbox{dir: dir, client: &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}}
	program := filepath.Join(dir, "payporter-mock")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/payporter-mock").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	s.cmd = exec.Command(program, "serve", "--addr", "127.0.0.1:0", "--seed", fmt.Sprint(seed), "--callback-allow", "127.0.0.0/8",
		"--pprof", "127.0.0.1:0", "--log-format", "json", "--log-level", "info", "--keep-checkouts", "1000000")
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.cmd.Stderr = s
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("the sandbox said nothing: %s", s.text())
	}
	var said struct{ URL string }
	if err := json.Unmarshal(line, &said); err != nil {
		return nil, err
	}
	s.url = said.URL
	return s, nil
}

// Write keeps of the log what is worth looking at; requests and attempts are far too many.
func (s *sandbox) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for line := range bytes.Lines(p) {
		if !bytes.Contains(line, []byte(`"msg":"request"`)) && !bytes.Contains(line, []byte(`"msg":"callback"`)) {
			s.log.Write(line)
		}
	}
	return len(p), nil
}

func (s *sandbox) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// stop asks it to end and answers its exit code.
func (s *sandbox) stop() (int, error) {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	select {
	case <-ended:
		return s.cmd.ProcessState.ExitCode(), nil
	case <-time.After(15 * time.Second):
		return 0, fmt.Errorf("it did not end within 15 s")
	}
}

func (s *sandbox) kill() {
	_ = s.cmd.Process.Kill() // it has ended, usually
	_ = os.RemoveAll(s.dir)
}

// call makes an exchange and answers the status; into takes a 200's body.
func (s *sandbox) call(method, path, key, body string, into any, headers ...string) (int, error) {
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("X-API-KEY", key)
	req.Header.Set("X-API-SECRET", "secret of "+key)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && into != nil && res.StatusCode == http.StatusOK {
		err = json.Unmarshal(answer, into)
	}
	return res.StatusCode, err
}

// gauge is one number of the metrics.
func (s *sandbox) gauge(name string) float64 {
	res, err := s.client.Get(s.url + "/metrics")
	if err != nil {
		return -1
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		var value float64
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			if _, err := fmt.Sscan(rest, &value); err == nil {
				return value
			}
		}
	}
	return -1
}

func (s *sandbox) residentMB() float64 { return s.gauge("process_resident_memory_bytes") / (1 << 20) }
