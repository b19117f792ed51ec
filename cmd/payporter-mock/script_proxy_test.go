package main_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// proxying is the key of the process that proxy has started.
type proxying struct{}

func proxyScript(ts *testscript.TestScript, _ bool, args []string) {
	kept := ts.Value(proxying{}).(**process)
	if *kept != nil {
		ts.Fatalf("a proxy runs already")
	}
	if !strings.Contains(strings.Join(args, " "), "--addr") {
		args = append([]string{"--addr", "127.0.0.1:0"}, args...)
	}
	for i, arg := range args {
		args[i] = inFolder(ts, arg)
	}

	p, err := start(nil, onPath(ts, "payporter-mock"), append([]string{"proxy"}, args...)...)
	ts.Check(err)
	*kept = p
	ts.Defer(func() { _, _ = p.stop() }) // the script has failed, or it has been stopped before
	fmt.Fprint(ts.Stdout(), p.Announced)
	ts.Setenv("PROXY", regexp.MustCompile(`https?://[0-9.:]+`).FindString(p.Announced))
}

// inFolder is an argument whose file is in the folder of the script, in which the process does not run.
func inFolder(ts *testscript.TestScript, arg string) string {
	if form, file, ok := strings.Cut(arg, "="); ok && !strings.Contains(file, "/") {
		return form + "=" + ts.MkAbs(file)
	}
	if strings.HasSuffix(arg, ".yaml") || strings.HasSuffix(arg, ".pem") {
		return ts.MkAbs(arg)
	}
	return arg
}

func endProxyScript(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: endproxy CODE")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	kept := ts.Value(proxying{}).(**process)
	p := *kept
	*kept = nil

	code, err := p.stop()
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s%s", p.Announced, p.rest)
	fmt.Fprint(ts.Stderr(), &p.stderr)
	if code != want {
		ts.Fatalf("exit code: got %d, want %d\n%s", code, want, &p.stderr)
	}
}

// checkoutID finds the id of the checkout that an answer tells of.
var checkoutID = regexp.MustCompile(`"checkoutId":"([0-9a-f-]{36})"`)

func send(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: send METHOD URL BODY")
	}
	req, err := http.NewRequest(args[0], args[1], strings.NewReader(args[2]))
	ts.Check(err)
	req.Header = http.Header{
		"X-Api-Key": {"test_key"}, "X-Api-Secret": {"test_secret"}, "Content-Type": {"application/json"},
	}
	res, err := trusting.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)

	fmt.Fprintf(ts.Stdout(), "%d\n%s\n", res.StatusCode, body)
	if found := checkoutID.FindSubmatch(body); found != nil {
		ts.Setenv("ID", string(found[1]))
	}
}
