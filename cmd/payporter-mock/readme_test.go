package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock"
)

var update = flag.Bool("update", false, "write what the README should say into it")

const readme = "../../README.md"

// sessions are the pages whose console blocks are typed, each at a sandbox of its own.
var sessions = []string{readme, "../../docs/session.md", "../../docs/payments.md"}

// session finds the console blocks of a page: what is typed behind "$ ", then what it prints.
var session = regexp.MustCompile("(?s)```console\n(\\$ .*?)```\n")

// TestReadmeSession types every console block of the pages and compares what it prints with what they say.
func TestReadmeSession(t *testing.T) {
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			extent.Required(t, "the session of the README wants "+tool)
		}
	}

	for _, page := range sessions {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		require.Regexp(t, session, string(text), page)
		toSandbox, toPage := readmeSandbox(t)
		got := session.ReplaceAllStringFunc(string(text), func(block string) string {
			command := commandOf(block)
			out, err := exec.CommandContext(t.Context(), "bash", "-c", toSandbox.Replace(command)).CombinedOutput()
			require.NoError(t, err, "%s\n%s", command, out)
			printed := toPage.Replace(strings.TrimRight(string(out), "\n"))
			return "```console\n$ " + command + "\n" + printed + "\n```\n"
		})
		if *update {
			require.NoError(t, os.WriteFile(page, []byte(got), 0o644))
			continue
		}
		require.Equal(t, string(text), got, page)
	}
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

// readmeSandbox starts the sandbox of a session, and answers how to get from the addresses on the
// page to the real ones and back. Nothing listens where its shop would.
func readmeSandbox(t *testing.T) (there, back *strings.Replacer) {
	t.Helper()
	srv := mock.Start(t, mock.Config{Seed: 1})
	here, nobody := strings.TrimPrefix(srv.URL, "http://"), "127.0.0.1:1"
	return strings.NewReplacer("127.0.0.1:8080", here, "127.0.0.1:3000", nobody),
		strings.NewReplacer(here, "127.0.0.1:8080", nobody, "127.0.0.1:3000")
}

var settings = regexp.MustCompile(`(?s)(<!-- settings:[^>]*-->\n).*?(<!-- /settings -->)`)

// settingsPage has the table of settings.
const settingsPage = "../../docs/settings.md"

// TestReadmeSettings holds the table of settings to the flags.
func TestReadmeSettings(t *testing.T) {
	text, err := os.ReadFile(settingsPage)
	require.NoError(t, err)
	require.Regexp(t, settings, string(text))
	got := settings.ReplaceAllString(string(text), "${1}"+strings.ReplaceAll(settingsTable(), "$", "$$")+"${2}")
	if *update {
		require.NoError(t, os.WriteFile(settingsPage, []byte(got), 0o644))
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
		if said := documented.GetDefaultText(); said != "" && said != value {
			value = said // in words
		} else if value != "" {
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

// TestReadmeIsShort holds what one reads at once to what one reads at once.
func TestReadmeIsShort(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	require.Less(t, strings.Count(string(text), "\n"), 180)
	require.Less(t, len(text), 10_000)
}

// links are those of a page to files of the repository, with the heading that they lead to.
var links = regexp.MustCompile(`\]\(([^)#:\s]*)(#[^)\s]*)?\)`)

// TestPagesLinkToWhatThereIs follows every link of a page to another page or file, and to its heading.
func TestPagesLinkToWhatThereIs(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	for _, page := range append(pages, readme, "../../CONTRIBUTING.md", "../../scenarios/README.md") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, link := range links.FindAllStringSubmatch(withoutBlocks(string(text)), -1) {
			target := page
			if link[1] != "" {
				target = filepath.Join(filepath.Dir(page), link[1])
			}
			_, err := os.Stat(target)
			require.NoError(t, err, "%s: %s", page, link[0])
			if link[2] != "" && filepath.Ext(target) == ".md" {
				require.Contains(t, headings(t, target), link[2], "%s: %s", page, link[0])
			}
		}
	}
}

var codeBlock = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")

func withoutBlocks(text string) string { return codeBlock.ReplaceAllString(text, "") }

// headings are the anchors of a page.
func headings(t *testing.T, page string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			all = append(all, "#"+anchorOf(strings.TrimSpace(title)))
		}
	}
	return all
}

// anchorOf is the name that a heading is linked by.
func anchorOf(title string) string {
	kept := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(title), "")
	return strings.ReplaceAll(kept, " ", "-")
}
