package main

import (
	"os"
	"os/exec"
	"path/filepath"
)

// tool is something that a row needs. What is not a program on the PATH, make sets up.
type tool struct {
	program string // a name on the PATH, or empty
	file    string // a path below the module's root, or empty
	remedy  string
}

const generatorVersion = "7.25.0"

var (
	golang       = tool{program: "go", remedy: "install Go"}
	java         = tool{program: "javac", remedy: "install a JDK"}
	maven        = tool{program: "mvn", remedy: "install Maven"}
	generatorJar = tool{file: ".generators/openapi-generator-cli-" + generatorVersion + ".jar", remedy: "make generators"}
	venv         = tool{file: ".generators/venv/bin/python", remedy: "make generators"}
	npm          = tool{file: "testdata/generators/node_modules/.package-lock.json", remedy: "make generators"}
	prism        = tool{file: "testdata/bench/prism/node_modules/.bin/prism", remedy: "make generators"}
)

// missing returns what to do before the tool is there, or an empty text.
func (t tool) missing() string {
	if t.program != "" {
		if _, err := exec.LookPath(t.program); err != nil {
			return t.remedy
		}
		return ""
	}
	if _, err := os.Stat(t.file); err != nil {
		return t.remedy
	}
	return ""
}

// path is where the tool's file is.
func (t tool) path() string {
	path, err := filepath.Abs(t.file)
	if err != nil {
		panic(err) // there is no working folder
	}
	return path
}

// venvFolder is where the programs of the virtual environment are.
func venvFolder() string { return filepath.Dir(venv.path()) }
