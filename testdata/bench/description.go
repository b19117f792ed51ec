package main

import (
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v4"
)

// withoutCallbacks writes openapi.yaml without its callbacks, which Prism would send to wherever a request says.
func withoutCallbacks(dir string) (file string, err error) {
	source, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return "", err
	}
	var document struct {
		Paths map[string]map[string]map[string]any `yaml:"paths"`
		Rest  map[string]any                       `yaml:",inline"`
	}
	if err := yaml.Unmarshal(source, &document); err != nil {
		return "", err
	}
	for _, operations := range document.Paths {
		for _, operation := range operations {
			delete(operation, "callbacks")
		}
	}
	out, err := yaml.Marshal(document)
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "openapi.yaml")
	return file, os.WriteFile(file, out, 0o600)
}
