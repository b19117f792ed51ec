package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// generatorNoise are warnings of openapi-generator that say nothing about the descriptions.
var generatorNoise = []string{
	` INFO `,                                             // such as the name of a file that it writes
	`Failed to get the schema name: null`,                // it asks a request body without a name of its own
	`Ignoring complex example on request body`,           // the README that it makes shows a simple one
	`Codegen property is null \(e.g. map/dict of undefi`, // a free-form object, such as a scenario file
}

// openapiGenerator makes the client of a description in a folder of the row.
func (w *work) openapiGenerator(language, description, folder string, naming ...string) error {
	command := []string{
		"java", "-XX:TieredStopAtLevel=1", "-jar", generatorJar.path(), "generate",
		"-g", language, "-i", description, "-o", filepath.Join(w.dir, folder),
	}
	return w.generate(generatorNoise, append(command, naming...)...)
}

// openapiGeneratorJava takes the libraries from the generated pom.xml. Both clients need the same ones.
func openapiGeneratorJava(w *work) error {
	w.said = "both descriptions: compiled and run"
	err := errors.Join(
		w.openapiGenerator("java", w.merchant, "payporter"),
		w.openapiGenerator("java", w.control, "control",
			"--invoker-package=control", "--api-package=control.api", "--model-package=control.model"),
		w.copyProgram("openapi-generator/java"))
	if err != nil {
		return err
	}

	libraries, err := filepath.Abs(".generators/java-" + generatorVersion)
	if err != nil {
		return err
	}
	if _, err := os.Stat(libraries); err != nil {
		_, err := w.call("mvn", "-q", "-B", "-ntp", "-f", "payporter/pom.xml", "dependency:copy-dependencies",
			"-DincludeScope=compile", "-DoutputDirectory="+libraries)
		if err != nil {
			return errors.Join(err, os.RemoveAll(libraries))
		}
	}
	sources, err := w.javaSources()
	if err != nil {
		return err
	}
	classpath := libraries + "/*:classes"
	compile := append([]string{"javac", "-nowarn", "-d", "classes", "-cp", classpath}, sources...)
	if _, err := w.call(compile...); err != nil {
		return err
	}
	return w.runProgram(allLines, "java", "-XX:TieredStopAtLevel=1", "-cp", classpath, "Shop")
}

// javaSources are the program and the files of both clients, but for their tests.
func (w *work) javaSources() ([]string, error) {
	sources := []string{filepath.Join(w.dir, "Shop.java")}
	for _, client := range []string{"payporter", "control"} {
		folder := filepath.Join(w.dir, client, "src/main/java")
		err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
			if strings.HasSuffix(path, ".java") {
				sources = append(sources, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return sources, nil
}

func openapiGeneratorPython(w *work) error {
	w.said = "both descriptions: run"
	err := errors.Join(
		w.openapiGenerator("python", w.merchant, "payporter"),
		w.openapiGenerator("python", w.control, "controlclient", "--package-name=control"),
		w.copyProgram("openapi-generator/python"))
	if err != nil {
		return err
	}
	for client, name := range map[string]string{"payporter": "openapi_client", "controlclient": "control"} {
		if err := os.Rename(filepath.Join(w.dir, client, name), filepath.Join(w.dir, name)); err != nil {
			return err
		}
	}
	return w.runProgram(allLines, filepath.Join(venvFolder(), "python"), "shop.py")
}

func openapiGeneratorGo(w *work) error {
	w.said = "openapi.yaml: compiled and run; the control API's: compiled"
	err := errors.Join(
		w.openapiGenerator("go", w.merchant, "payporter"),
		w.openapiGenerator("go", w.control, "control"),
		w.copyProgram("openapi-generator/go"))
	if err != nil {
		return err
	}
	if _, err := w.call("go", "build", "-C", "control", "./..."); err != nil {
		return err
	}
	return w.buildAndRun(merchantLines)
}

// look is what must stand in a generated file between two lines.
type look struct {
	file     string
	from, to string
	lines    []string
}

// looksAt makes a client in a language that is not compiled here, and looks at its models.
func looksAt(language string, looks ...look) func(*work) error {
	return func(w *work) error {
		w.said = "openapi.yaml: the models have every property, the required ones, amounts as double"
		if err := w.openapiGenerator(language, w.merchant, "client"); err != nil {
			return err
		}
		var faults []error
		for _, l := range looks {
			faults = append(faults, l.check(filepath.Join(w.dir, "client")))
		}
		return errors.Join(faults...)
	}
}

func (l look) check(folder string) error {
	source, err := os.ReadFile(filepath.Join(folder, l.file))
	if err != nil {
		return err
	}
	_, rest, found := strings.Cut(string(source), l.from)
	text, _, closed := strings.Cut(rest, l.to)
	if !found || !closed {
		return fmt.Errorf("%s: there is nothing from %q to %q", l.file, l.from, l.to)
	}

	var faults []error
	for _, line := range l.lines {
		if !strings.Contains(text, line) {
			faults = append(faults, fmt.Errorf("%s: %q is missing after %q", l.file, line, l.from))
		}
	}
	return errors.Join(faults...)
}
