package main_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// longScripts are left out of a quick run: they judge whole shops, as the tests of contract do.
var longScripts = []string{"verify-merchant.txtar", "verify-check.txtar"}

// TestScript runs testdata/script. Beside testscript's own commands the scripts have:
//
//	exits CODE program args...      runs a program that must end with this exit code
//	serve [NAME=VALUE...] args...   starts payporter-mock serve on a free port, unless the arguments name
//	                                one; its line is stdout, $URL and $TOKEN are what the line says
//	terminate                       ends it, which must give exit code 0; stdout and stderr are all it wrote
//	fetch URL [header value...]     prints the status and the body of a GET
//	proxy args...                   starts payporter-mock proxy on a free port, unless the arguments name one; its
//	                                line is stdout, $PROXY is where it listens
//	endproxy CODE                   ends it, which must give this exit code; stdout and stderr are all it wrote
//	send METHOD URL BODY            prints the status and the body of a request with the usual credentials; $ID is the
//	                                checkoutId of the answer
//
// [quick] holds in a quick run: what follows in the script only repeats.
//
// $TAKEN and $TAKEN_TOO are addresses on which something listens already; $MERCHANTS is the folder of the
// example shops. cert.pem is a certificate for this machine that is its own authority, and key.pem its key.
func TestScript(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	require.NoError(t, err)
	if extent.Quick() {
		scripts = slices.DeleteFunc(scripts, func(path string) bool {
			return slices.Contains(longScripts, filepath.Base(path))
		})
	}
	testscript.Run(t, testscript.Params{
		Files: scripts,
		Setup: occupy,
		Condition: func(name string) (bool, error) {
			if name != "quick" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return extent.Quick(), nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "serve": serveScript, "terminate": terminateScript, "fetch": fetch,
			"proxy": proxyScript, "endproxy": endProxyScript, "send": send,
		},
	})
}

// occupy takes two addresses for the script, and gives it a certificate.
func occupy(env *testscript.Env) error {
	for _, name := range []string{"TAKEN", "TAKEN_TOO"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		env.Defer(func() { _ = listener.Close() }) // nothing was accepted
		env.Setenv(name, listener.Addr().String())
	}
	env.Values[running{}], env.Values[proxying{}] = new(*process), new(*process)
	merchants, err := filepath.Abs(filepath.Join("..", "..", "testdata", "merchants"))
	env.Setenv("MERCHANTS", merchants)
	return errors.Join(err, writeCertificate(env.WorkDir))
}

// running is the key of the process that serve has started.
type running struct{}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code: got %d, want %d", got, want)
	}
}

func serveScript(ts *testscript.TestScript, _ bool, args []string) {
	kept := ts.Value(running{}).(**process)
	if *kept != nil {
		ts.Fatalf("a sandbox runs already")
	}
	var variables []string
	for len(args) > 0 && strings.HasPrefix(args[0], "PAYPORTER_MOCK_") {
		variables, args = append(variables, args[0]), args[1:]
	}
	if !strings.Contains(strings.Join(args, " "), "--addr") {
		args = append([]string{"--addr", "127.0.0.1:0"}, args...)
	}
	p, err := start(variables, onPath(ts, "payporter-mock"), append([]string{"serve"}, args...)...)
	ts.Check(err)
	*kept = p
	ts.Defer(func() { _, _ = p.stop() }) // the script has failed, or it has been stopped before
	fmt.Fprint(ts.Stdout(), p.Announced)
	ts.Setenv("URL", regexp.MustCompile(`https?://[0-9.:]+`).FindString(p.Announced))
	_, token, _ := strings.Cut(strings.TrimSpace(p.Announced), "admin token ")
	ts.Setenv("TOKEN", token)
}

// onPath finds the command that testscript has put on the script's PATH. It is this test's own
// binary, so the race detector and the coverage of the test are in it, too.
func onPath(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	ts.Fatalf("%s is not on the PATH", name)
	return ""
}

func terminateScript(ts *testscript.TestScript, _ bool, _ []string) {
	kept := ts.Value(running{}).(**process)
	p := *kept
	*kept = nil
	code, err := p.stop()
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s%s", p.Announced, p.rest)
	fmt.Fprint(ts.Stderr(), &p.stderr)
	if code != 0 {
		ts.Fatalf("exit code: got %d, want 0\n%s", code, &p.stderr)
	}
}

func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args)%2 != 1 {
		ts.Fatalf("usage: fetch URL [header value...]")
	}
	req, err := http.NewRequest(http.MethodGet, args[0], nil)
	ts.Check(err)
	for i := 1; i < len(args); i += 2 {
		req.Header.Set(args[i], args[i+1])
	}
	req.Host = req.Header.Get("Host")
	res, err := trusting.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n%s\n", res.StatusCode, body)
}
