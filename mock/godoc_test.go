package mock_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// publicPackages are the packages whose documentation users read.
var publicPackages = []string{
	"payment", "scenarios", "mock", "mock/store", "mock/store/memory", "mock/store/sqlite", "mock/store/postgres",
	"mock/store/storetest", "contract", "contract/report",
}

// A user copies the example that stands under a verb, so each verb has one that calls it, and whose output is
// compared.
func TestEveryVerbHasAnExample(t *testing.T) {
	t.Parallel()
	examples := map[string]*doc.Example{}
	for _, example := range doc.Examples(filesOf(t, token.NewFileSet(), ".", true)...) {
		examples[example.Name] = example
	}

	verbs := reflect.TypeFor[*mock.Merchant]()
	for i := range verbs.NumMethod() {
		verb := verbs.Method(i).Name
		example := examples["Merchant_"+verb]
		if example == nil {
			t.Errorf("Merchant.%s has no example: write ExampleMerchant_%s", verb, verb)
			continue
		}
		if !calls(example.Code, verb) {
			t.Errorf("ExampleMerchant_%s does not call %s", verb, verb)
		}
		if example.Output == "" {
			t.Errorf("ExampleMerchant_%s has no output, so it does not run", verb)
		}
		if example.Doc == "" {
			t.Errorf("ExampleMerchant_%s has no sentence that says what it shows", verb)
		}
	}
}

// The verb is called on a sandbox, or on the verbs of one merchant of it.
func calls(code ast.Node, verb string) (found bool) {
	ast.Inspect(code, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		found = found || ok && selector.Sel.Name == verb
		return true
	})
	return found
}

// Comments name functions, types and fields by words in capitals. What they name must exist.
func TestDocumentationNamesWhatExists(t *testing.T) {
	t.Parallel()
	exists, texts := map[string]bool{}, map[string][]string{}
	for _, dir := range publicPackages {
		fset := token.NewFileSet()
		pkg, err := doc.NewFromFiles(fset, filesOf(t, fset, filepath.Join("..", dir), false), module+"/"+dir)
		require.NoError(t, err, dir)
		texts[dir] = commentsOf(pkg, exists)
		require.Greater(t, len(texts[dir]), 1, dir)
	}

	for _, dir := range publicPackages {
		for _, text := range texts[dir] {
			for _, name := range namesIn(text) {
				known := slices.ContainsFunc(knownTo(dir), func(pkg string) bool { return exists[pkg+"."+name] })
				if !known && !exists[name] && !slices.Contains(properNouns, name) {
					t.Errorf("%s: the documentation names %s, which does not exist:\n%s", dir, name, text)
				}
			}
		}
	}
}

// properNouns are words in capitals that name nothing of Go.
var properNouns = []string{
	"ApiPaymentResponse", "GitHub", "Go", "KiB", "Markdown", "MiB", "NaN", "OpenTelemetry", "PayPorter", "PostgreSQL",
	"Turkey", "Turkish",
	"ImageBytes", // a method that books may have
}

// knownTo lists the names of a package and of those that it imports. Its comments name what is in them.
func knownTo(dir string) []string {
	names := []string{path.Base(dir)}
	for _, r := range rooms {
		if r.dir == dir {
			for _, imported := range strings.Fields(r.imports) {
				names = append(names, path.Base(imported))
			}
		}
	}
	return names
}

var (
	// A word in capitals within a sentence. Its second letter is small, so that it is no abbreviation.
	// A hyphen or a slash after it is part of the name of a header or a zone.
	nameInSentence = regexp.MustCompile(`[a-z0-9,;)] \(?([A-Z][a-z][A-Za-z]*)([-/]?)`)
	// A name of a package of this module.
	nameOfPackage = regexp.MustCompile(
		`\b(payment|scenarios|mock|store|memory|sqlite|postgres|contract|report)\.([A-Z]\w*)`)
)

// namesIn lists what a comment names: words in capitals, and names that are led by their package.
func namesIn(text string) (names []string) {
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		paragraph = strings.Join(strings.Fields(paragraph), " ")
		for _, found := range nameInSentence.FindAllStringSubmatch(paragraph, -1) {
			if found[2] == "" {
				names = append(names, found[1])
			}
		}
		names = append(names, nameOfPackage.FindAllString(paragraph, -1)...)
	}
	return names
}

// commentsOf lists the comments that users see, and adds to exists what the package has.
func commentsOf(pkg *doc.Package, exists map[string]bool) []string {
	texts := []string{pkg.Doc}
	add := func(text string, names ...string) {
		texts = append(texts, text)
		for _, name := range names {
			exists[pkg.Name+"."+name] = true
		}
	}
	values := func(all []*doc.Value) {
		for _, v := range all {
			add(v.Doc, v.Names...)
			for _, spec := range v.Decl.Specs {
				if value, ok := spec.(*ast.ValueSpec); ok {
					add(value.Doc.Text() + value.Comment.Text())
				}
			}
		}
	}
	functions := func(all []*doc.Func) {
		for _, f := range all {
			add(f.Doc, f.Name)
		}
	}
	values(slices.Concat(pkg.Consts, pkg.Vars))
	functions(pkg.Funcs)
	for _, typ := range pkg.Types {
		add(typ.Doc, typ.Name)
		values(slices.Concat(typ.Consts, typ.Vars))
		functions(slices.Concat(typ.Funcs, typ.Methods))
		ast.Inspect(typ.Decl, func(n ast.Node) bool {
			if field, ok := n.(*ast.Field); ok {
				add(field.Doc.Text() + field.Comment.Text())
				for _, name := range field.Names {
					exists[pkg.Name+"."+name.Name] = true
				}
			}
			return true
		})
	}
	return texts
}

// filesOf reads the Go files of a folder: its tests, or the others.
func filesOf(t *testing.T, fset *token.FileSet, dir string, tests bool) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, at := range paths {
		if strings.HasSuffix(at, "_test.go") != tests {
			continue
		}
		file, err := parser.ParseFile(fset, at, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, file)
	}
	return files
}
