package main

import (
	"errors"
	"path/filepath"
)

// yamlToo are this generator's warnings that a scenario file can also be sent as text. The client sends it as JSON.
var yamlToo = []string{
	`^Warning\(s\) encountered while generating`, `WARNING parsing PUT /_mock/scenarios within scenarios`,
	`Unsupported content type (application/yaml|application/x-yaml|text/yaml|text/plain)`,
}

func openapiPythonClient(w *work) error {
	w.said = "both descriptions: run"
	generator := filepath.Join(venvFolder(), "openapi-python-client")
	err := errors.Join(
		w.copyProgram("openapi-python-client"),
		w.generate(nil, generator, "generate", "--meta", "none", "--path", w.merchant, "--output-path", "payporter"),
		w.generate(yamlToo, generator, "generate", "--meta", "none", "--path", w.control, "--output-path", "control"))
	if err != nil {
		return err
	}
	return w.runProgram(allLines, filepath.Join(venvFolder(), "python"), "shop.py")
}
