package shop

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// reader reads the values of a config file and collects everything that is wrong with them.
type reader struct {
	file   string
	yaml   yamlfile.Reader
	taken  []string // the names that the config gives to what it keeps
	faults []error
}

func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	r.faultAt(yamlfile.PlaceOf(n), format, args...)
}

func (r *reader) faultAt(at yamlfile.Place, format string, args ...any) {
	if !r.yaml.Ended {
		r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s", r.file, at.Line, at.Column, fmt.Sprintf(format, args...)))
	}
}

// report notes what is wrong with the YAML.
func (r *reader) report(f yamlfile.Fault) {
	switch f.Kind {
	case yamlfile.NotYAML:
		r.faultAt(f.Place, "%s", f.Message)
	case yamlfile.UnknownKey:
		r.faultAt(f.Place, "%s: %s", whole(f.Path), hinted(f.Message, "; ", f.Hint))
	case yamlfile.RepeatedKey, yamlfile.InvalidKey:
		r.faultAt(f.Place, "%s: %s", whole(f.Path), f.Message)
	case yamlfile.NoValue:
		r.faultAt(f.Place, "%s: give it one, or leave the key out", f.Message)
	default:
		r.faultAt(f.Place, "%s", hinted(f.Message, ": ", f.Hint))
	}
}

// hinted puts a hint, if there is one, after a message.
func hinted(message, separator, hint string) string {
	if hint == "" {
		return message
	}
	return message + separator + hint
}

// keys says what reads the value of each key of a mapping.
type keys map[string]func(n *yaml.Node, path string)

// given says which keys a mapping has.
type given map[string]bool

// among lists those of the names that are given.
func (g given) among(names ...string) []string {
	var found []string
	for _, name := range names {
		if g[name] {
			found = append(found, name)
		}
	}
	return found
}

// mapping reads the keys of a mapping, as the table has them. An unknown one is a fault that names the nearest.
func (r *reader) mapping(n *yaml.Node, path string, of *object, known keys) given {
	names := slices.Sorted(slices.Values(of.names()))
	g := given{}
	if !yamlfile.IsMapping(n) {
		r.fault(n, "%s must be a mapping with %s", whole(path), strings.Join(names, ", "))
		return g
	}

	v := yamlfile.Value{Node: n, Path: path}
	for key := range r.yaml.Mapping(v, names, func(key string, v yamlfile.Value) { known[key](v.Node, v.Path) }) {
		g[key] = true
	}
	return g
}

// each reads the values of a mapping that may have any keys.
func (r *reader) each(n *yaml.Node, path string, read func(key yamlfile.Pair, n *yaml.Node, path string)) {
	for _, key := range r.yaml.Pairs(yamlfile.Value{Node: n, Path: path}) {
		v, ok := r.yaml.Value(key.Value, yamlfile.Join(path, key.Name))
		if !ok {
			return
		}
		read(key, v.Node, v.Path)
	}
}

// wanted notes that a key is missing.
func (r *reader) wanted(n *yaml.Node, g given, path, key, what string) {
	if yamlfile.IsMapping(n) && !g[key] {
		r.fault(n, "%s needs the key %s: %s", whole(path), key, what)
	}
}

func whole(path string) string {
	if path == "" {
		return "the config"
	}
	return path
}

// text reads a text. A number or a truth is a fault: in quotes it keeps its digits.
func (r *reader) text(n *yaml.Node, path string) string {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		r.fault(n, "%s must be text%s", path, inQuotes(n))
	}
	r.placeholders(n, path)
	return n.Value
}

// placeholders notes those that stand for nothing.
func (r *reader) placeholders(n *yaml.Node, path string) {
	for _, m := range placeholder.FindAllStringSubmatch(n.Value, -1) {
		if known := append(placeholders(), r.taken...); !slices.Contains(known, m[1]) {
			r.fault(n, "%s: %s", path, hinted("there is no placeholder "+m[0], "; ", wording.Hint(m[1], known)))
		}
	}
}

func inQuotes(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return ""
	}
	return fmt.Sprintf(": write it in quotes, %q", n.Value)
}

// scalar reads a text, a number or a truth as text.
func (r *reader) scalar(n *yaml.Node, path string) string {
	if n.Kind != yaml.ScalarNode {
		r.fault(n, "%s must be a single value", path)
	}
	r.placeholders(n, path)
	return n.Value
}

// list reads a list that has at least one entry.
func (r *reader) list(n *yaml.Node, path string) []yamlfile.Value {
	if !yamlfile.IsList(n) || len(n.Content) == 0 {
		r.fault(n, "%s must be a list with at least one entry", path)
		return nil
	}
	return r.entries(n, path)
}

// entries are the entries of a list.
func (r *reader) entries(n *yaml.Node, path string) []yamlfile.Value {
	return r.yaml.Entries(yamlfile.Value{Node: n, Path: path})
}

func (r *reader) texts(n *yaml.Node, path string) []string {
	var all []string
	for _, one := range r.list(n, path) {
		all = append(all, r.scalar(one.Node, one.Path))
	}
	return all
}

// textMap reads a mapping of names to values that are used as text.
func (r *reader) textMap(n *yaml.Node, path string) map[string]string {
	all := map[string]string{}
	if !yamlfile.IsMapping(n) {
		r.fault(n, "%s must be a mapping of names to values", path)
		return all
	}
	r.each(n, path, func(key yamlfile.Pair, n *yaml.Node, path string) { all[key.Name] = r.scalar(n, path) })
	return all
}
