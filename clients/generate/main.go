// Command generate writes the verbs of the packages in clients: a method for each operation of the control API, and
// the types of what it answers. Everything comes from the control API's description but the names of the verbs, which
// are those of the Go library.
//
//	go generate ./clients/generate
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:generate go run . -root ../..

// description is the control API's, seen from the root of the repository.
const description = "mock/internal/control/control.yaml"

func main() {
	root := flag.String("root", ".", "the root of the repository")
	flag.Parse()

	if err := write(*root); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func write(root string) error {
	files, err := generate(root)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(files[name]), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the text of every generated file by its path, seen from the root.
func generate(root string) (map[string]string, error) {
	spec, err := openapi3.NewLoader().LoadFromFile(filepath.Join(root, description))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", description, err)
	}
	verbs, err := verbsOf(spec)
	if err != nil {
		return nil, err
	}

	files := map[string]string{}
	for name, language := range map[string]func(*openapi3.T, []verb) (string, error){
		"clients/npm/verbs.js":                     javaScript,
		"clients/npm/verbs.d.ts":                   typeScript,
		"clients/pypi/src/payporter_mock/verbs.py": python,
	} {
		if files[name], err = language(spec, verbs); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return files, nil
}
