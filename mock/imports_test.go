package mock_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// room is a package of this module: what it owns, and which others it may import.
type room struct {
	dir, why string
	imports  string // "*" is the package in the root
}

// rooms is every package. It imports only those that stand above it, so that no arrow runs up; contract knows mock,
// and mock does not know contract.
var rooms = []room{
	{
		"", "the document, nothing else",
		"",
	},
	{
		"internal/decimal", "reads and compares numbers; knows no money",
		"",
	},
	{
		"payment", "the vocabulary is pure",
		"internal/decimal",
	},
	{
		"internal/extent", "how much the tests look at; for tests only",
		"",
	},
	{
		"internal/chromium", "the browser that tests look at pages with; for tests only",
		"internal/extent",
	},
	{
		"internal/input", "reads what a flag names",
		"",
	},
	{
		"internal/wording", "words what several packages say; knows none of them",
		"",
	},
	{
		"internal/exchange", "what was said over HTTP, masked; knows no operation",
		"internal/wording payment",
	},
	{
		"internal/openapi", "a document as a value, ours among them; serves any side of the wire",
		"* internal/decimal internal/wording",
	},
	{
		"internal/sequence", "draws, and says what was answered; knows nobody else",
		"",
	},
	{
		"internal/yamlfile", "reads YAML strictly; knows no key",
		"payment internal/wording",
	},
	{
		"internal/relay", "passes on, records and edits; judges nothing",
		"internal/exchange internal/openapi",
	},
	{
		"scenarios", "pure: what is different, not how it is done",
		"payment internal/decimal internal/input internal/wording internal/yamlfile",
	},
	{
		"mock/store", "what books are; the runs of scenarios and the vocabulary stand in them",
		"payment internal/exchange scenarios",
	},
	{
		"mock/store/memory", "books that end with the process",
		"payment scenarios mock/store",
	},
	{
		"mock/store/internal/tables", "what books in SQL databases have in common; knows no engine",
		"payment internal/exchange scenarios mock/store",
	},
	{
		"mock/store/sqlite", "books in a file, which outlive the process",
		"mock/store mock/store/internal/tables",
	},
	{
		"mock/store/postgres", "books in a PostgreSQL database, which outlive the process",
		"mock/store mock/store/internal/tables",
	},
	{
		"mock/store/storetest", "the suite of all books",
		"payment internal/exchange internal/extent scenarios mock/store mock/store/memory",
	},
	{
		"mock/store/sqlite/sqlitetest", "books in a file for tests",
		"mock/store mock/store/sqlite mock/store/storetest",
	},
	{
		"mock/store/postgres/postgrestest", "books in a database for tests",
		"internal/extent mock/store mock/store/postgres mock/store/storetest",
	},
	{
		"mock/internal/clock", "the one that reads the time",
		"mock/store",
	},
	{
		"mock/internal/journal", "records what others tell it",
		"internal/wording payment internal/exchange mock/store",
	},
	{
		"mock/internal/pos", "decides; knows no time, lock or store",
		"payment scenarios mock/store",
	},
	{
		"mock/internal/notify", "delivers, does not decide",
		"payment internal/exchange mock/store mock/internal/clock mock/internal/journal",
	},
	{
		"mock/internal/wire", "reading and answering; knows no use case",
		"payment internal/openapi scenarios",
	},
	{
		"mock/internal/gateway", "one decision, one transaction",
		"payment internal/openapi scenarios mock/store mock/store/memory mock/internal/clock " +
			"mock/internal/journal mock/internal/pos mock/internal/notify mock/internal/wire",
	},
	{
		"mock/internal/route", "what all routes have in common",
		"payment mock/internal/wire",
	},
	{
		"mock/internal/link", "where the sandbox's own addresses are; knows none of them",
		"",
	},
	{
		"mock/internal/metrics", "counts what others tell it",
		"payment mock/store",
	},
	{
		"mock/internal/traces", "tells a collector what others tell it",
		"payment mock/store mock/internal/clock",
	},
	{
		"mock/internal/api", "the merchant API",
		"payment internal/decimal internal/exchange internal/openapi scenarios mock/store " +
			"mock/internal/clock mock/internal/gateway mock/internal/wire mock/internal/route " +
			"mock/internal/traces",
	},
	{
		"mock/internal/docs", "shows descriptions, whatever they describe",
		"mock/internal/route mock/internal/link",
	},
	{
		"mock/internal/page", "the hosted page and the bank's",
		"payment internal/exchange mock/store mock/internal/journal mock/internal/gateway " +
			"mock/internal/wire mock/internal/route mock/internal/link",
	},
	{
		"mock/internal/control", "the control API",
		"payment internal/decimal internal/exchange internal/openapi scenarios " +
			"mock/store mock/internal/clock mock/internal/journal mock/internal/notify " +
			"mock/internal/gateway mock/internal/wire mock/internal/route mock/internal/link",
	},
	{
		"mock/internal/ui", "looks, and lets the control API do",
		"payment internal/wording internal/openapi internal/sequence scenarios mock/store " +
			"mock/internal/clock mock/internal/journal mock/internal/wire mock/internal/gateway mock/internal/route " +
			"mock/internal/link mock/internal/control",
	},
	{
		"mock", "puts it all together; public",
		"* payment internal/openapi scenarios mock/store mock/store/memory mock/internal/clock mock/internal/journal " +
			"mock/internal/pos mock/internal/notify mock/internal/gateway mock/internal/wire " +
			"mock/internal/route mock/internal/link mock/internal/metrics mock/internal/traces " +
			"mock/internal/api mock/internal/docs mock/internal/page mock/internal/control mock/internal/ui",
	},
	{
		"contract/report", "what a verdict looks like, drawn and masked; judges nothing",
		"payment internal/wording internal/exchange internal/sequence",
	},
	{
		"contract/rule", "the engine of every verdict; knows no rule",
		"internal/exchange contract/report",
	},
	{
		"contract/client", "judges clients by what the control API tells; knows operations by the document",
		"payment internal/wording internal/exchange internal/openapi contract/report contract/rule",
	},
	{
		"contract/provider", "sees what a network sees; the vocabulary masks card numbers",
		"payment internal/decimal internal/exchange internal/openapi internal/relay contract/report contract/rule",
	},
	{
		"contract/proxy", "stands between an app and PayPorter, and judges what passes; its books are the dashboard's",
		"payment internal/decimal internal/wording internal/exchange internal/openapi internal/relay scenarios mock/store " +
			"mock/store/memory mock contract/report contract/rule",
	},
	{
		"contract/shop", "drives a shop, and the sandbox as a network would; judges nothing",
		"payment internal/decimal internal/input internal/wording internal/exchange internal/openapi " +
			"internal/yamlfile internal/relay mock contract/report contract/rule",
	},
	{
		"contract/merchant", "judges shops",
		"payment internal/decimal internal/input internal/wording internal/exchange internal/relay " +
			"contract/report contract/rule contract/shop",
	},
	{
		"contract", "what a Go test and the command line share",
		"contract/report contract/rule contract/shop contract/merchant",
	},
	{
		"cmd/payporter-mock", "the library's first user",
		"payment internal/decimal internal/input internal/wording internal/yamlfile scenarios mock mock/store " +
			"mock/store/sqlite mock/store/postgres contract/report contract/client contract/provider contract/proxy contract",
	},
	{
		"testdata/merchants/buggy", "what the harness must find",
		"",
	},
	{
		"testdata/merchants/go", "a shop, as users write it",
		"",
	},
	{
		"testdata/soak", "lives with it from outside",
		"",
	},
	{
		"testdata/generators", "judges clients that others make",
		"",
	},
	{
		"clients/generate", "writes the verbs of packages in other languages from the document",
		"",
	},
	{
		"testdata/bench", "measures from outside",
		"",
	},
}

const module = "github.com/payporter-mock/payporter-mock"

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	place := map[string]int{}
	for i, r := range rooms {
		place[r.dir] = i
		require.NotEmpty(t, r.why, "say what package %q is for", r.dir)
	}

	seen, used := map[string]bool{}, map[string]bool{}
	eachGoFile(t, func(path, dir string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		at, known := place[dir]
		require.True(t, known, "package %s is not in the table", dir)
		seen[dir] = true
		for _, imported := range importsOf(t, path) {
			own, ok := strings.CutPrefix(imported, module)
			if !ok {
				continue
			}
			name := strings.TrimPrefix(own, "/")
			require.Less(t, place[name], at, "%s imports %s, which stands below it", path, imported)
			if name == "" {
				name = "*"
			}
			require.Contains(t, strings.Fields(rooms[at].imports), name, "%s imports %s", path, imported)
			used[dir+" "+name] = true
		}
	})
	for _, r := range rooms {
		require.True(t, seen[r.dir], "the table names %q, which does not exist", r.dir)
		for _, name := range strings.Fields(r.imports) {
			require.True(t, used[r.dir+" "+name], "the table lets %q import %q, which it does not", r.dir, name)
		}
	}
}

// Only these may know the wall clock, and nothing may draw from a source that all merchants share.
func TestCoreHasNoClockAndNoRandomnessOfItsOwn(t *testing.T) {
	t.Parallel()
	eachGoFile(t, func(path, dir string) {
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(dir, "mock") {
			return
		}
		for _, imported := range importsOf(t, path) {
			switch imported {
			case "github.com/labstack/echo/v4":
				require.Contains(t, []string{
					"mock", "mock/internal/api", "mock/internal/control", "mock/internal/docs",
					"mock/internal/page", "mock/internal/route", "mock/internal/ui",
				}, dir,
					"only what registers routes imports echo")
			case "math/rand":
				t.Errorf("%s imports math/rand, whose source is shared", path)
			case "crypto/rand":
				require.Equal(t, "mock", dir, "%s: only drawing the seed asks the machine", path)
			}
		}
	})
}

// The clock package makes every time and every timer, so that a merchant's time can be moved.
func TestOnlyTheClockKnowsTheTime(t *testing.T) {
	t.Parallel()
	wall := []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep"}
	eachGoFile(t, func(path, dir string) {
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(dir, "mock") || dir == "mock/internal/clock" ||
			dir == "mock/store/storetest" { // a suite of tests, which waits as tests do
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if from, ok := selector.X.(*ast.Ident); ok && from.Name == "time" {
				require.NotContains(t, wall, selector.Sel.Name, "%s uses time.%s", path, selector.Sel.Name)
			}
			return true
		})
	})
}

// isModule reports whether a folder is a module of its own.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func eachGoFile(t *testing.T, do func(path, dir string)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || name == "node_modules" || isModule(path)) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		dir := strings.TrimPrefix(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), ".."), "/")
		do(path, dir)
		return nil
	}))
}

func importsOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	require.NoError(t, err)
	var all []string
	for _, i := range file.Imports {
		all = append(all, strings.Trim(i.Path.Value, `"`))
	}
	return all
}
