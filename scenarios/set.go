package scenarios

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Set is an ordered list of scenarios, each with a name of its own. It does not change and is safe
// for concurrent use. A nil Set is an empty one.
type Set struct {
	all     []*Scenario
	byName  map[string]*Scenario
	limited []*Scenario
	sources []Source // the files it is made of
	digest  string
	size    size
}

// Source is a scenario file as it was read.
type Source struct {
	File string // what errors and explanations call it
	Text []byte
}

func newSet(all []*Scenario, sources []Source, size size) *Set {
	s := &Set{all: all, sources: sources, size: size, byName: make(map[string]*Scenario, len(all))}
	for _, one := range all {
		s.byName[one.Name] = one
		if one.Limit > 0 {
			s.limited = append(s.limited, one)
		}
	}

	if len(sources) > 0 {
		s.digest = digestOf(sources)
	}
	return s
}

// digestOf is the SHA-256 of the files, names included.
func digestOf(sources []Source) string {
	sum := sha256.New()
	for _, source := range sources {
		fmt.Fprintf(sum, "%q %d\n", source.File, len(source.Text))
		sum.Write(source.Text)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Digest names the set by what it is made of: two sets of the same files have the same one. That of a set of no file
// is empty.
func (s *Set) Digest() string {
	if s == nil {
		return ""
	}
	return s.digest
}

// Sources are the files that the set is made of. Restore takes them.
func (s *Set) Sources() []Source {
	if s == nil {
		return nil
	}
	return s.sources
}

// Restore makes a set of the files of another one. Every error is an Errors.
func Restore(sources []Source) (*Set, error) {
	var l loader
	for _, source := range sources {
		l.add(Parse(source.File, source.Text))
	}
	if err := l.faults.asError(); err != nil {
		return nil, err
	}
	return newSet(l.all, l.sources, l.size), nil
}

// Scenarios lists the scenarios in their order.
func (s *Set) Scenarios() []*Scenario {
	if s == nil {
		return nil
	}
	return append([]*Scenario(nil), s.all...)
}

// Empty reports whether the set has no scenario.
func (s *Set) Empty() bool { return s == nil || len(s.all) == 0 }

// Find is the scenario with the name, if there is one.
func (s *Set) Find(name string) (*Scenario, bool) {
	if s == nil {
		return nil, false
	}
	found, ok := s.byName[name]
	return found, ok
}

// findAnyCase is the first scenario with the name in any spelling of its case; nil: there is none.
func (s *Set) findAnyCase(name string) *Scenario {
	for _, one := range s.Scenarios() {
		if strings.EqualFold(one.Name, name) {
			return one
		}
	}
	return nil
}

// Nearest lists the names of the set that were probably meant, the likeliest first, at most three.
func (s *Set) Nearest(name string) []string { return Nearest(name, s) }

// Nearest lists the names of all the sets that were probably meant, the likeliest first, at most
// three.
func Nearest(name string, sets ...*Set) []string {
	var known []string
	seen := map[string]bool{}
	for _, s := range sets {
		for _, one := range s.Scenarios() {
			if !seen[one.Name] {
				known = append(known, one.Name)
			}
			seen[one.Name] = true
		}
	}
	return nearest(name, known)
}

// YAML is the set as a file. A set of one file is that file as it was written; one of several is put
// together, comments included.
func (s *Set) YAML() []byte {
	if s == nil || len(s.sources) == 0 {
		return []byte("version: 1\nscenarios: []\n")
	}
	if len(s.sources) == 1 {
		return bytes.Clone(s.sources[0].Text)
	}
	return s.joined()
}

// JSON is the set as a file in JSON. Numbers keep their digits; comments are left out.
func (s *Set) JSON() []byte {
	r := &reader{}
	root, _ := r.value(r.root(s.YAML()), "")
	out := r.json(root)
	if err := r.faults.asError(); err != nil {
		panic("scenarios that were read cannot be written: " + err.Error())
	}
	return out
}

// joined is the set of several files as one.
func (s *Set) joined() []byte {
	files := make([][]byte, len(s.sources))
	for i, source := range s.sources {
		files[i] = source.Text
	}
	return Joined(files...)
}

// Joined makes one file of several, which must be without faults, in their order. Their aliases are written out, for
// two files may use one anchor differently.
func Joined(files ...[]byte) []byte {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, file := range files {
		list.Content = append(list.Content, scenarioNodes(file)...)
	}

	file := struct {
		Version   int        `yaml:"version"`
		Scenarios *yaml.Node `yaml:"scenarios"`
	}{1, list}
	out, err := yaml.Dump(file)
	if err != nil {
		panic("scenarios that were read cannot be written: " + err.Error())
	}
	return out
}

// scenarioNodes are the entries of a file that was read before, without faults.
func scenarioNodes(source []byte) []*yaml.Node {
	r := &reader{}
	root, _ := r.value(r.root(source), "")
	for _, p := range r.pairs(root) {
		if p.name == "scenarios" {
			return writtenOut(p.value).Content
		}
	}
	return nil
}

// writtenOut is a node with copies in place of its aliases. The file is known to be finite.
func writtenOut(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return writtenOut(n.Alias)
	}
	own := *n
	own.Anchor = ""
	own.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		own.Content[i] = writtenOut(child)
	}
	return &own
}
