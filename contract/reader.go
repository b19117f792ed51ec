package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// reader reads the values of a config file and collects everything that is wrong with them.
type reader struct {
	file   string
	taken  []string // the names that the config gives to what it keeps
	faults []error
}

func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	r.faultAt(n.Line, n.Column, format, args...)
}

func (r *reader) faultAt(line, column int, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s", r.file, line, column, fmt.Sprintf(format, args...)))
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

// mapping reads the keys of a mapping. An unknown one is a fault that names the nearest.
func (r *reader) mapping(n *yaml.Node, path string, known keys) given {
	g := given{}
	if n.Kind != yaml.MappingNode {
		r.fault(n, "%s must be a mapping with %s", whole(path), strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		return g
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch {
		case !ok:
			r.fault(key, "%s: unknown key %q%s", whole(path), key.Value, didYouMean(key.Value, slices.Sorted(maps.Keys(known))))
		case g[key.Value]:
			r.fault(key, "%s: the key %q is given twice", whole(path), key.Value)
		case value.ShortTag() == "!!null":
			r.fault(key, "%s has no value: give it one, or leave the key out", join(path, key.Value))
		default:
			read(value, join(path, key.Value))
		}
		g[key.Value] = true
	}
	return g
}

// wanted notes that a key is missing.
func (r *reader) wanted(n *yaml.Node, g given, path, key, what string) {
	if n.Kind == yaml.MappingNode && !g[key] {
		r.fault(n, "%s needs the key %s: %s", whole(path), key, what)
	}
}

func whole(path string) string {
	if path == "" {
		return "the config"
	}
	return path
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
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
			r.fault(n, "%s: there is no placeholder %s%s", path, m[0], didYouMean(m[1], known))
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

func (r *reader) list(n *yaml.Node, path string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		r.fault(n, "%s must be a list with at least one entry", path)
		return nil
	}
	return n.Content
}

func (r *reader) texts(n *yaml.Node, path string) []string {
	var all []string
	for i, one := range r.list(n, path) {
		all = append(all, r.scalar(one, fmt.Sprintf("%s[%d]", path, i+1)))
	}
	return all
}

// textMap reads a mapping of names to values that are used as text.
func (r *reader) textMap(n *yaml.Node, path string) map[string]string {
	all := map[string]string{}
	if n.Kind != yaml.MappingNode {
		r.fault(n, "%s must be a mapping of names to values", path)
		return all
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		all[name] = r.scalar(n.Content[i+1], join(path, name))
	}
	return all
}

// didYouMean helps with an unknown word; empty: nothing helps.
func didYouMean(word string, known []string) string {
	if hint := wording.Hint(word, known); hint != "" {
		return "; " + hint
	}
	return ""
}
