package scenarios

import (
	"bytes"
	"embed"
	"fmt"
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

// Named finds a scenario by its name: in the set first, then in the library. The error of a name
// that neither has says which names are near.
func Named(name string, own *Set) (*Scenario, error) {
	if found, ok := own.Find(name); ok {
		return found, nil
	}
	if found, ok := Library().Find(name); ok {
		return found, nil
	}

	hint := "; `payporter-mock scenarios list` lists those that are shipped"
	if near := Nearest(name, own, Library()); len(near) > 0 {
		hint = ", did you mean " + strings.Join(near, " or ") + "?"
	}
	return nil, fmt.Errorf("there is no scenario %q%s", name, hint)
}

// Shipped is the text of the file of the library with this name; nil: there is none.
func Shipped(name string) []byte {
	text, err := library.ReadFile(name + fileEnding)
	if err != nil {
		return nil
	}
	return text
}

// Renamed is the text of a shipped scenario under a name of one's own; nil: there is none. It says the name as it is.
func Renamed(shipped, name string) []byte {
	return bytes.Replace(Shipped(shipped), []byte("- name: "+shipped+"\n"), []byte("- name: "+name+"\n"), 1)
}

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
	return newSet(l.all, l.sources, l.size)
}
