package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/mock"
)

var update = flag.Bool("update", false, "write what the README should say into it")

const readme = "../../README.md"

// session finds the console blocks of the README: what is typed behind "$ ", then what it prints.
var session = regexp.MustCompile("(?s)```console\n(\\$ .*?)```\n")

// TestReadmeSession types every console block of the README and compares what it prints with what
// the README says it prints.
func TestReadmeSession(t *testing.T) {
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("PAYPORTER_MOCK_TEST_ALL") != "1" {
			t.Skip("the session of the README wants " + tool)
		}
	}
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	toSandbox, toReadme := readmeSandbox(t)
	got := session.ReplaceAllStringFunc(string(text), func(block string) string {
		command := commandOf(block)
		out, err := exec.CommandContext(t.Context(), "bash", "-c", toSandbox.Replace(command)).CombinedOutput()
		require.NoError(t, err, "%s\n%s", command, out)
		printed := toReadme.Replace(strings.TrimRight(string(out), "\n"))
		return "```console\n$ " + command + "\n" + printed + "\n```\n"
	})
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(got), 0o644))
		return
	}
	require.Equal(t, string(text), got)
}

// commandOf is the typed part of a block, which goes on over lines that end in a backslash.
func commandOf(block string) string {
	lines := strings.Split(strings.TrimPrefix(block, "```console\n$ "), "\n")
	end := 0
	for strings.HasSuffix(lines[end], `\`) {
		end++
	}
	return strings.Join(lines[:end+1], "\n")
}

// readmeSandbox starts the sandbox of the session, and answers how to get from the addresses in the
// README to the real ones and back. Nothing listens where its shop would.
func readmeSandbox(t *testing.T) (there, back *strings.Replacer) {
	t.Helper()
	srv := mock.Start(t, mock.Config{Seed: 1})
	shop, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, shop.Close())
	here, nobody := strings.TrimPrefix(srv.URL, "http://"), shop.Addr().String()
	return strings.NewReplacer("127.0.0.1:8080", here, "127.0.0.1:3000", nobody),
		strings.NewReplacer(here, "127.0.0.1:8080", nobody, "127.0.0.1:3000")
}

var settings = regexp.MustCompile(`(?s)(<!-- settings:[^>]*-->\n).*?(<!-- /settings -->)`)

// TestReadmeSettings holds the table of settings to the flags.
func TestReadmeSettings(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	got := settings.ReplaceAllString(string(text), "${1}"+strings.ReplaceAll(settingsTable(), "$", "$$")+"${2}")
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(got), 0o644))
		return
	}
	require.Equal(t, string(text), got)
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| flag | default | |\n|---|---|---|\n")
	for _, f := range serveFlags(func(string) (string, bool) { return "", false }) {
		documented := f.(cli.DocGenerationFlag)
		value := strings.NewReplacer(`"`, "", ", ", ",").Replace(documented.GetValue())
		if value == "0" { // no seed is a seed
			value = ""
		}
		if value != "" {
			value = "`" + value + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | %s | %s |\n", f.Names()[0], value, documented.GetUsage())
	}
	return b.String()
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(merchant:.*?)```\n")

// TestReadmeConfig reads the config of verify merchant that the README shows.
func TestReadmeConfig(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	block := yamlBlock.FindSubmatch(text)
	require.NotNil(t, block)
	file := filepath.Join(t.TempDir(), "verify.yaml")
	require.NoError(t, os.WriteFile(file, block[1], 0o600))
	config, err := contract.LoadConfig(file)
	require.NoError(t, err)
	require.Equal(t, []string{"node", "shop.js"}, config.Shop.Command)
}
