package scenarios

import (
	"embed"
	"strings"
	"sync"
)

//go:embed *.yaml
var library embed.FS

const fileEnding = ".yaml"

// onRequest is the file of the library whose scenarios are not found by name: it is for whole sets
// only, as builtin:magic-amounts.
const onRequest = "magic-amounts"

var shipped = sync.OnceValue(readLibrary)

// Library is everything shipped that can be used by name. It is not meant to be matched: its
// scenarios are for every checkout.
func Library() *Set { return shipped() }

// Builtins lists the names that can follow builtin:, sorted.
func Builtins() []string {
	entries, err := library.ReadDir(".")
	if err != nil {
		panic("embedded scenarios: " + err.Error())
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), fileEnding)
	}
	return names
}

// readLibrary reads the embedded files. A test reads them all.
func readLibrary() *Set {
	var l loader
	for _, name := range Builtins() {
		if name != onRequest {
			l.builtin(name)
		}
	}
	if len(l.faults) > 0 {
		panic("embedded scenarios: " + l.faults.Error())
	}
	return newSet(l.all, l.sources)
}
