package scenarios

import (
	"bytes"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// maxFile is how large a scenario file may be, in bytes.
const maxFile = 1 << 20

// Parse reads a scenario file, YAML or JSON. The name of the file is what errors call it. Every
// error is an Errors with all faults of the file, each with its place.
func Parse(file string, source []byte) (*Set, error) {
	r := &reader{file: file}
	all := r.document(source)
	if len(r.faults) > 0 {
		return nil, r.faults.sorted()
	}
	r.size.bytes = len(source)
	return newSet(all, []Source{{File: file, Text: bytes.Clone(source)}}, r.size), nil
}

// document reads the whole of a file.
func (r *reader) document(source []byte) []*Scenario {
	root := r.root(source)
	if root == nil {
		return nil
	}
	v, _ := r.value(root, "")
	if !isMapping(v.node) {
		v.path = "a scenario file"
		r.want(v, "a mapping", "begin with version: 1")
		return nil
	}

	var all []*Scenario
	g := r.mapping(v, keys{
		"$schema":   func(v value) { r.text(v) },
		"version":   func(v value) { r.whole(v, 1, 1) },
		"scenarios": func(v value) { all = r.scenarios(v) },
	})

	for _, key := range []string{"version", "scenarios"} {
		if !g.has(key) {
			r.fault(v.place, "a scenario file needs the key "+key, "")
		}
	}
	return all
}

// scenarios reads the list of scenarios, which may be empty.
func (r *reader) scenarios(v value) []*Scenario {
	if !yamlfile.IsList(v.node) {
		r.want(v, "a list", "")
		return nil
	}

	var all []*Scenario
	seen := map[string]*Scenario{}
	for _, entry := range r.entries(v) {
		if !r.grow(entry.place, size{scenarios: 1}) {
			break
		}
		s := r.scenario(entry)
		if first := seen[s.Name]; first != nil && s.Name != "" {
			hint := "the first is at line " + strconv.Itoa(first.Place.Line)
			r.fault(s.Place, "there are two scenarios named "+quoted(s.Name), hint)
			continue
		}
		seen[s.Name] = s
		all = append(all, s)
	}
	return all
}

// root parses the YAML; nil means that there is a fault.
func (r *reader) root(source []byte) *yaml.Node {
	r.yaml = yamlfile.Reader{
		Report:     r.report,
		CountValue: func(at yamlfile.Place) { r.grow(r.placeOf(at), size{values: 1}) },
	}
	if len(source) > maxFile {
		start := Place{File: r.file, Line: 1, Column: 1}
		r.fault(start, "a scenario file must not be larger than 1 MiB", "split it into several")
		return nil
	}
	return r.yaml.Document(source, "a scenario file", "begin with version: 1")
}
