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

// mayImport says which packages of this module each one may import, and why no more. The arrow goes
// one way: command, library, front ends, use cases, deliveries, store and clock, vocabulary.
var mayImport = map[string]string{
	"":                         "",                                                                                                                 // the document, nothing else
	"contract":                 "* internal/exchange internal/relay internal/decimal internal/input internal/openapi contract/report mock payment", // judges; drives the sandbox as a network would
	"internal/input":           "",                                                                                                                 // reads what a flag names
	"internal/decimal":         "",                                                                                                                 // reads and compares numbers; knows no money
	"internal/openapi":         "internal/decimal",                                                                                                 // a document as a value; serves any side of the wire
	"contract/client":          "internal/exchange internal/openapi contract/report payment",                                                       // judges clients by what the control API tells
	"contract/provider":        "* internal/exchange internal/relay internal/decimal internal/openapi contract/report payment",                     // sees what a network sees
	"contract/report":          "internal/exchange internal/sequence payment",                                                                      // what a verdict looks like, drawn and masked; judges nothing
	"internal/exchange":        "payment",                                                                                                          // what was said over HTTP, masked; knows no operation
	"internal/relay":           "internal/exchange internal/openapi",                                                                               // passes on and tells what passed; judges nothing
	"internal/sequence":        "",                                                                                                                 // draws, and says what was answered; knows nobody else
	"scenarios":                "internal/decimal internal/input payment",                                                                          // pure: what is different, not how it is done
	"payment":                  "internal/decimal",                                                                                                 // the vocabulary is pure
	"mock/store":               "payment",                                                                                                          // keeps, does not decide
	"mock/store/storetest":     "payment mock/store",                                                                                               // the suite of every store
	"mock/internal/clock":      "",                                                                                                                 // the one that reads the time
	"mock/internal/journal":    "internal/exchange payment",                                                                                        // records what others tell it
	"mock/internal/callback":   "internal/exchange payment mock/store mock/internal/clock mock/internal/journal",                                   // delivers, does not decide
	"mock/internal/gateway":    "internal/openapi scenarios payment mock/store mock/internal/clock mock/internal/journal mock/internal/callback",
	"mock/internal/wire":       "internal/openapi scenarios payment", // reading and answering; knows no use case
	"mock/internal/route":      "payment mock/internal/wire",         // what all routes have in common
	"mock/internal/api":        "internal/exchange internal/decimal internal/openapi scenarios mock/internal/route payment mock/store mock/internal/wire mock/internal/clock mock/internal/gateway mock/internal/journal mock/internal/traces",
	"mock/internal/metrics":    "payment mock/store",                     // counts what others tell it
	"mock/internal/traces":     "payment mock/store mock/internal/clock", // tells a collector what others tell it
	"mock/internal/link":       "",                                       // where the sandbox's own addresses are; knows none of them
	"mock/internal/docs":       "mock/internal/link mock/internal/route", // shows descriptions, whatever they describe
	"mock/internal/page":       "internal/exchange mock/internal/link mock/internal/route payment mock/internal/wire mock/internal/gateway mock/internal/journal",
	"mock/internal/control":    "internal/exchange internal/decimal internal/openapi scenarios mock/internal/link mock/internal/route payment mock/store mock/internal/wire mock/internal/gateway mock/internal/journal mock/internal/callback mock/internal/clock",
	"mock/internal/ui":         "internal/openapi internal/sequence scenarios mock/internal/link mock/internal/route payment mock/store mock/internal/clock mock/internal/control mock/internal/gateway mock/internal/journal", // looks, and lets the control API do
	"mock":                     "* internal/openapi scenarios mock/internal/link mock/internal/route payment mock/store mock/internal/api mock/internal/callback mock/internal/clock mock/internal/control mock/internal/docs mock/internal/gateway mock/internal/metrics mock/internal/page mock/internal/traces mock/internal/ui mock/internal/wire",
	"cmd/payporter-mock":       "internal/decimal internal/input contract mock scenarios payment contract/client contract/provider contract/report", // the library's first user
	"testdata/merchants/buggy": "",                                                                                                                  // what the harness must find
	"testdata/merchants/go":    "",                                                                                                                  // a shop, as users write it
	"testdata/soak":            "",                                                                                                                  // lives with it from outside
	"testdata/generators":      "",                                                                                                                  // judges clients that others make
	"testdata/bench":           "",                                                                                                                  // measures from outside
}

const module = "github.com/payporter-mock/payporter-mock"

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	eachGoFile(t, func(path, dir string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		allowed, known := mayImport[dir]
		require.True(t, known, "package %s is not in the table", dir)
		seen[dir] = true
		for _, imported := range importsOf(t, path) {
			own, ok := strings.CutPrefix(imported, module)
			if !ok {
				continue
			}
			name := strings.TrimPrefix(own, "/")
			if name == "" {
				name = "*" // the root package
			}
			require.Contains(t, strings.Fields(allowed), name, "%s imports %s", path, imported)
		}
	})
	for dir := range mayImport {
		require.True(t, seen[dir], "the table names %q, which does not exist", dir)
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
				require.Contains(t, []string{"mock", "mock/internal/api", "mock/internal/control", "mock/internal/docs", "mock/internal/page", "mock/internal/route", "mock/internal/ui"}, dir,
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
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(dir, "mock") || dir == "mock/internal/clock" {
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
