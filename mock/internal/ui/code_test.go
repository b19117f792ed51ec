package ui_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// checking is how the code of a language is run: with lines of a driver behind it, which takes webhooks from its
// arguments (secret, time, signature, file with the body) and prints of each whether it is genuine.
type checking struct {
	source, file, driver string
	run                  []string
}

var checks = map[string]checking{
	"node": {"check.js", "check.js", `
for (let i = 2; i < process.argv.length; i += 4) {
  const [secret, time, signature, file] = process.argv.slice(i);
  const headers = {'x-request-time': time, 'x-request-signature': signature};
  console.log(genuine(secret, headers, require('fs').readFileSync(file)));
}
`, []string{"node", "check.js"}},
	"python": {"check.py", "check.py", `
import sys
for i in range(1, len(sys.argv), 4):
    secret, time, signature, file = sys.argv[i:i + 4]
    headers = {"x-request-time": time, "x-request-signature": signature}
    print(str(genuine(secret, headers, open(file, "rb").read())).lower())
`, []string{"python3", "check.py"}},
	"php": {"check.php", "check.php", `
foreach (array_chunk(array_slice($argv, 1), 4) as [$secret, $time, $signature, $file]) {
    $headers = ['x-request-time' => $time, 'x-request-signature' => $signature];
    echo genuine($secret, $headers, file_get_contents($file)) ? 'true' : 'false', "\n";
}
`, []string{"php", "check.php"}},
	"java": {"Check.java", "Check.java", `
class Driver {
    public static void main(String[] args) throws Exception {
        for (int i = 0; i < args.length; i += 4) {
            Map<String, String> headers = Map.of("x-request-time", args[i + 1], "x-request-signature", args[i + 2]);
            byte[] body = java.nio.file.Files.readAllBytes(java.nio.file.Path.of(args[i + 3]));
            System.out.println(Check.genuine(args[i], headers, body));
        }
    }
}
`, []string{"java", "-cp", ".", "Driver"}},
	"go": {"check.go.txt", "check.go", `
func main() {
	for i := 1; i < len(os.Args); i += 4 {
		headers := http.Header{}
		headers.Set("x-request-time", os.Args[i+1])
		headers.Set("x-request-signature", os.Args[i+2])
		body, err := os.ReadFile(os.Args[i+3])
		fmt.Println(err == nil && genuine(os.Args[i], headers, body))
	}
}
`, []string{"go", "run", "check.go"}},
	"shell": {"check.sh", "check.sh", `
while [ $# -gt 0 ]; do
  if genuine "$1" "$2" "$3" "$4"; then echo true; else echo false; fi
  shift 4
done
`, []string{"sh", "check.sh"}},
}

// The code that the dashboard shows takes what is rightly signed, and nothing else. How old a webhook may be is another
// question.
func TestShownCodeChecksWebhooks(t *testing.T) {
	t.Parallel()
	for language, c := range checks {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			installed(t, c.run[0])
			folder := t.TempDir()
			source, err := os.ReadFile(filepath.Join("code", c.source))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(folder, c.file), []byte(c.in(string(source))), 0o600))
			if language == "java" {
				runIn(t, folder, "javac", c.file)
			}

			var want strings.Builder
			call := c.run
			for _, v := range signatures(t) {
				require.NoError(t, os.WriteFile(filepath.Join(folder, v.ID), []byte(v.Body), 0o600))
				call = append(call[:len(call):len(call)], v.Secret, v.RequestTime, v.Signature, v.ID)
				fmt.Fprintln(&want, v.Accepted || v.ID == "too-old")
			}
			require.Equal(t, want.String(), runIn(t, folder, call...))
		})
	}
}

// in is the code with its driver.
func (c checking) in(source string) string {
	if c.file == "check.go" {
		source = strings.Replace(source, `"net/http"`, "\"fmt\"\n\t\"net/http\"\n\t\"os\"", 1)
	}
	return source + c.driver
}

type signature struct {
	ID, Secret, RequestTime, Body, Signature string
	Accepted                                 bool
}

// signatures are the vectors of signed webhooks.
func signatures(t *testing.T) []signature {
	t.Helper()
	text, err := os.ReadFile("../../../testdata/vectors/signatures.json")
	require.NoError(t, err)
	var vectors struct{ Cases []signature }
	require.NoError(t, json.Unmarshal(text, &vectors))
	require.NotEmpty(t, vectors.Cases)
	return vectors.Cases
}

// installed leaves the test out without a program, unless everything must be tested.
func installed(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		extent.Required(t, err.Error())
	}
}

func runIn(t *testing.T, folder string, call ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), call[0], call[1:]...)
	command.Dir = folder
	var faults bytes.Buffer
	command.Stderr = &faults
	out, err := command.Output()
	require.NoError(t, err, "%s", faults.String())
	return string(out)
}
