package main

import "errors"

// oapiCodegen makes types and client, which is what its manual begins with.
func oapiCodegen(w *work) error {
	w.said = "both descriptions: compiled and run"
	if err := w.copyProgram("oapi-codegen"); err != nil {
		return err
	}
	err := errors.Join(
		w.generate(nil, "go", "tool", "oapi-codegen", "-generate", "types,client", "-package", "payporter",
			"-o", "payporter/client.go", w.merchant),
		w.generate(nil, "go", "tool", "oapi-codegen", "-generate", "types,client", "-package", "control",
			"-o", "control/client.go", w.control))
	if err != nil {
		return err
	}
	return w.buildAndRun(allLines)
}

// ogenNoise are warnings of ogen that are no faults. Its client sends a scenario file as JSON only.
var ogenNoise = []string{
	`^INFO`,
	`Header name is not canonical`, // Go writes X-API-KEY as X-Api-Key, which is the same header
}

func ogen(w *work) error {
	w.said = "both descriptions: compiled and run"
	if err := w.copyProgram("ogen"); err != nil {
		return err
	}
	err := errors.Join(
		w.generate(ogenNoise, "go", "tool", "ogen", "-target", "payporter", "-package", "payporter", "-clean", w.merchant),
		w.generate(ogenNoise, "go", "tool", "ogen", "-target", "control", "-package", "control", "-clean", w.control))
	if err != nil {
		return err
	}
	return w.buildAndRun(allLines)
}

func (w *work) buildAndRun(lines []string) error {
	if _, err := w.call("go", "build", "-o", "program", "."); err != nil {
		return err
	}
	return w.runProgram(lines, "./program")
}
