package scenarios

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
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
	if !isList(v.node) {
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
			r.fault(s.Place, "there are two scenarios named "+quoted(s.Name), "the first is at line "+strconv.Itoa(first.Place.Line))
			continue
		}
		seen[s.Name] = s
		all = append(all, s)
	}
	return all
}

// root parses the YAML; nil means that there is a fault.
func (r *reader) root(source []byte) *yaml.Node {
	start := Place{File: r.file, Line: 1, Column: 1}
	if len(source) > maxFile {
		r.fault(start, "a scenario file must not be larger than 1 MiB", "split it into several")
		return nil
	}
	if at, ok := unprintable(source); ok {
		r.fault(r.placeAt(source, at), "a scenario file must be UTF-8 text without control characters", "")
		return nil
	}
	var document, next yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(source))
	if err == nil {
		err = loader.Load(&document)
	}
	if err == io.EOF || (err == nil && len(document.Content) == 0) {
		r.fault(start, "the file is empty", "begin with version: 1")
		return nil
	}
	if err == nil {
		if err = loader.Load(&next); err == io.EOF {
			return document.Content[0]
		}
	}
	if err != nil {
		r.fault(r.placeOfYAML(err), "the file is not YAML: "+yamlMessage(err), "")
	} else {
		r.fault(r.placeOf(&next), "a scenario file holds one document", "leave out what follows ---")
	}
	return nil
}

// unprintable finds the first byte that YAML does not allow. The parser refuses it as well, but
// does not say where it is.
func unprintable(source []byte) (at int, found bool) {
	for at < len(source) {
		r, size := utf8.DecodeRune(source[at:])
		control := (r < ' ' && r != '\t' && r != '\n' && r != '\r') || (r >= 0x7f && r < 0xa0 && r != 0x85)
		if control || (r == utf8.RuneError && size == 1) || r == 0xfffe || r == 0xffff {
			return at, true
		}
		at += size
	}
	return 0, false
}

// placeAt is the place of a byte.
func (r *reader) placeAt(source []byte, at int) Place {
	before := source[:at]
	line := bytes.LastIndexByte(before, '\n') + 1
	return Place{File: r.file, Line: 1 + bytes.Count(before, []byte("\n")), Column: 1 + utf8.RuneCount(before[line:])}
}

// placeOfYAML is where the YAML parser stumbled.
func (r *reader) placeOfYAML(err error) Place {
	p := Place{File: r.file, Line: 1, Column: 1}
	var fault *yaml.LoadError
	if errors.As(err, &fault) && fault.Mark.Line > 0 {
		p.Line, p.Column = fault.Mark.Line, max(fault.Mark.Column, 1)
	}
	return p
}

func yamlMessage(err error) string {
	var fault *yaml.LoadError
	if !errors.As(err, &fault) {
		return err.Error()
	}
	if fault.ContextMsg != "" {
		return fault.Message + " " + fault.ContextMsg
	}
	return fault.Message
}
