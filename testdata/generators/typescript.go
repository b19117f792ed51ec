package main

import (
	"errors"
	"os"
	"path/filepath"
)

// node is where the programs of the packages for Node.js are.
func (w *work) node(program string) string {
	return filepath.Join(w.home, "node_modules/.bin", program)
}

// linkPackages makes the packages for Node.js available in the row's own folder.
func (w *work) linkPackages() error {
	return os.Symlink(filepath.Join(w.home, "node_modules"), filepath.Join(w.dir, "node_modules"))
}

// openapiTypescript makes types, which openapi-fetch uses.
func openapiTypescript(w *work) error {
	w.said = "both descriptions: type-checked and run with openapi-fetch"
	err := errors.Join(
		w.copyProgram("openapi-typescript"),
		w.linkPackages(),
		w.generate(nil, w.node("openapi-typescript"), w.merchant, "-o", "payporter.d.ts"),
		w.generate(nil, w.node("openapi-typescript"), w.control, "-o", "control.d.ts"))
	if err != nil {
		return err
	}
	if _, err := w.call(w.node("tsc")); err != nil {
		return err
	}
	return w.runProgram(allLines, "node", "shop.js")
}
