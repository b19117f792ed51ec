package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/chromium"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

const (
	pageDoc        = "../../docs/testing-the-page.md"
	playwrightHome = "../../testdata/playwright"
)

// snippet is the JavaScript under a heading of the documentation.
func snippet(t *testing.T, heading string) string {
	t.Helper()
	doc, err := os.ReadFile(pageDoc)
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(doc), "\n## "+heading+"\n")
	require.True(t, ok, "no heading %q", heading)
	_, code, ok := strings.Cut(section, "```js\n")
	require.True(t, ok)
	code, _, ok = strings.Cut(code, "\n```")
	require.True(t, ok)
	return code + "\n"
}

// The documented Playwright file passes, as it stands, against the real program.
func TestPlaywrightSnippet(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "a browser of its own; other walks stay")
	node := tool(t, "node", "install Node.js 20 or newer")
	home, err := filepath.Abs(playwrightHome)
	require.NoError(t, err)
	runner := filepath.Join(home, "node_modules", "@playwright", "test", "cli.js")
	if _, err := os.Stat(runner); err != nil {
		extent.Required(t, "Playwright is missing: run npm ci in testdata/playwright")
	}

	folder := t.TempDir()
	config, err := os.ReadFile(filepath.Join(home, "playwright.config.mjs"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "playwright.config.mjs"), config, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "page.spec.mjs"), []byte(snippet(t, "Playwright")), 0o600))
	require.NoError(t, os.Symlink(filepath.Join(home, "node_modules"), filepath.Join(folder, "node_modules")))

	cmd := exec.CommandContext(t.Context(), node, runner, "test")
	cmd.Dir = folder
	cmd.Env = append(environment(), "PAYPORTER_BASE_URL="+serve(t).url, "CHROMIUM="+chromium.Lean.Path(t))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "3 passed")
}

// Cypress cannot be had everywhere, so its file is only read: it is JavaScript, and what it looks
// for is documented to be there.
func TestCypressSnippet(t *testing.T) {
	t.Parallel()
	code := snippet(t, "Cypress")
	file := filepath.Join(t.TempDir(), "page.cy.js")
	require.NoError(t, os.WriteFile(file, []byte(code), 0o600))
	out, err := exec.CommandContext(t.Context(), tool(t, "node", "install Node.js 20 or newer"), "--check",
		file).CombinedOutput()
	require.NoError(t, err, "%s", out)

	doc, err := os.ReadFile(pageDoc)
	require.NoError(t, err)
	ids := regexp.MustCompile(`testId\('([^']+)'\)`).FindAllStringSubmatch(code, -1)
	require.NotEmpty(t, ids)
	for _, id := range ids {
		name := regexp.MustCompile(`^test-card-\d+$`).ReplaceAllString(id[1], "test-card-NUMBER")
		require.Contains(t, string(doc), "| `"+name+"` |", "the table names %s", id[1])
	}
}
