package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/chromium"
	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"

	main "github.com/payporter-mock/payporter-mock/cmd/payporter-mock"
)

// patience bounds every wait for something that happens within a second on an idle machine.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"payporter-mock": main.Main})
}

// tests are all tests of the package, and the end of what they share.
type tests struct{ *testing.M }

func (m tests) Run() int {
	defer chromium.Stop()
	defer func() { _ = os.RemoveAll(built) }() // a temporary folder, whoever keeps it open
	flag.Parse()
	extent.Together(5)
	return m.M.Run()
}

// built is the folder of the binary, if there is one.
var built string

// binary is the path of the program, built as users build it, once for all tests. A quick run takes the test's own
// binary, as TestScript does.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "payporter-mock-test-")
	if err != nil {
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "payporter-mock")
	if extent.Quick() {
		self, err := os.Executable()
		return path, errors.Join(err, os.Symlink(self, path))
	}
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return path, fmt.Errorf("build payporter-mock: %w\n%s", err, out)
	}
	return path, nil
})

// process is a program that runs beside the test and has said on standard output that it is ready.
type process struct {
	Announced string // the first line it wrote

	cmd    *exec.Cmd
	rest   []byte // what it wrote after that; to be read once exited is closed
	stderr buffer
	exited chan struct{}
}

// start runs a program with the given variables and no others of ours, and waits for its first line.
func start(variables []string, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(name, args...), exited: make(chan struct{})}
	p.cmd.Env = append(environment(), variables...)
	p.cmd.Stderr = &p.stderr
	p.cmd.WaitDelay = time.Second
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line := make(chan string, 1)
	go p.read(bufio.NewReader(stdout), line)
	select {
	case p.Announced = <-line:
		return p, nil
	case <-p.exited:
		return nil, fmt.Errorf("%s ended at once: %s\n%s", name, p.cmd.ProcessState, &p.stderr)
	case <-time.After(patience):
		p.kill()
		return nil, fmt.Errorf("%s said nothing within %s\n%s", name, patience, &p.stderr)
	}
}

func (p *process) read(stdout *bufio.Reader, line chan<- string) {
	defer close(p.exited)
	if first, err := stdout.ReadString('\n'); err == nil {
		line <- first
	}
	p.rest, _ = io.ReadAll(stdout) // ends with the process
	_ = p.cmd.Wait()               // ProcessState says how it ended
}

// environment is what a program needs to start. The developer's own settings and proxies stay out.
func environment() []string {
	var kept []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			kept = append(kept, name+"="+value)
		}
	}
	return kept
}

// terminate asks the process to end, as container runtimes do.
func (p *process) terminate() error { return p.cmd.Process.Signal(syscall.SIGTERM) }

// exit waits for the end of the process and answers its exit code.
func (p *process) exit() (int, error) {
	select {
	case <-p.exited:
		return p.cmd.ProcessState.ExitCode(), nil
	case <-time.After(patience):
		p.kill()
		return 0, fmt.Errorf("%s did not end within %s\n%s", p.cmd.Path, patience, &p.stderr)
	}
}

// stop ends the process, and answers the exit code that its program chose.
func (p *process) stop() (int, error) {
	if err := p.terminate(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return 0, err
	}
	return p.exit()
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended meanwhile
	<-p.exited
}

// run starts a program for as long as the test takes. What it complains of is shown with a failure.
func run(t *testing.T, variables []string, name string, args ...string) *process {
	t.Helper()
	p, err := start(variables, name, args...)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := p.stop()
		if t.Failed() {
			t.Logf("%s wrote:\n%s", filepath.Base(name), &p.stderr)
		}
		require.NoError(t, err)
		keptSecrets(t, p.stderr.String())
	})
	return p
}

// keptSecrets looks at what a program of the suite logged: none ever writes a card number, a test card's neither, nor
// the secret of a merchant.
func keptSecrets(t *testing.T, logged string) {
	t.Helper()
	for line := range strings.Lines(logged) {
		require.Equal(t, payment.MaskText(line), line, "the log has a card number")
		require.NotContains(t, line, "test_secret", "the log has a secret")
	}
}

// buffer is a bytes.Buffer that can be read while a process writes to it.
type buffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
