package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

const (
	recipesPage = "../../docs/recipes.md"
	recipes     = "../../testdata/recipes"
)

// included finds a mark for a file, with the code block behind it, if there is one.
var included = regexp.MustCompile("(?s)(<!-- file: (\\S+) -->\n)(?:```.*?\n```\n)?")

var languages = map[string]string{".yml": "yaml", ".js": "js", ".py": "python", ".php": "php", ".java": "java"}

// TestRecipesPage holds docs/recipes.md to the files that make recipes runs.
func TestRecipesPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(recipesPage)
	require.NoError(t, err)
	shown := map[string]bool{}
	got := included.ReplaceAllStringFunc(string(page), func(block string) string {
		part := included.FindStringSubmatch(block)
		file, err := os.ReadFile(filepath.Join(recipes, part[2]))
		require.NoError(t, err)
		shown[part[2]] = true
		return part[1] + "```" + languages[filepath.Ext(part[2])] + "\n" + strings.TrimRight(string(file), "\n") + "\n```\n"
	})
	if *update {
		require.NoError(t, os.WriteFile(recipesPage, []byte(got), 0o644))
		return
	}
	require.Equal(t, string(page), got, "go test ./cmd/payporter-mock -run Recipes -update writes it anew")
	require.Len(t, shown, 8)
}

// TestRecipesNameSettingsThatExist looks at the variables of the recipes that cannot be run here.
func TestRecipesNameSettingsThatExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, f := range serveFlags(func(string) (string, bool) { return "", false }) {
		known["PAYPORTER_MOCK_"+strings.ToUpper(strings.ReplaceAll(f.Names()[0], "-", "_"))] = true
	}
	for _, name := range []string{
		"github-actions.yml", "gitlab-ci.yml", "../../docker-compose.yml", "../../docker-compose.shared.yml",
		"../../docs/kubernetes.yaml",
	} {
		file, err := os.ReadFile(filepath.Join(recipes, name))
		require.NoError(t, err)
		require.NoError(t, yaml.Unmarshal(file, new(any)), name)
		used := regexp.MustCompile(`PAYPORTER_MOCK_[A-Z_]+`).FindAllString(string(file), -1)
		require.NotEmpty(t, used, name)
		for _, variable := range used {
			require.True(t, known[variable], "%s: no flag has the variable %s", name, variable)
		}
	}
}
