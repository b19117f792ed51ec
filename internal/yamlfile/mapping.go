package yamlfile

import (
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// Given is where the known keys of a mapping are.
type Given map[string]Place

// Mapping reads the keys of a mapping in the order of the file: read is called with the value of each known one. An
// unknown key and one without a value are faults. Given is every known key, also one without a value.
func (r *Reader) Mapping(v Value, known []string, read func(key string, v Value)) Given {
	given := Given{}
	for _, k := range r.keys(v) {
		switch {
		case k.fault != nil:
			r.Report(*k.fault)
			continue
		case !slices.Contains(known, k.Name):
			message, hint := "unknown key "+Quoted(k.Name), wording.Hint(k.Name, known)
			r.Report(Fault{Place: k.At, Kind: UnknownKey, Path: v.Path, Message: message, Hint: hint})
			continue
		}

		given[k.Name] = k.At
		child, ok := r.Value(k.Value, Join(v.Path, k.Name))
		switch {
		case !ok:
			return given
		case IsNull(child.Node):
			message, hint := child.Path+" has no value", "give it one or leave the key out"
			r.Report(Fault{Place: k.At, Kind: NoValue, Path: child.Path, Message: message, Hint: hint})
		default:
			read(k.Name, child)
		}
	}
	return given
}

// Pair is a key of a mapping and its value, which can be an alias.
type Pair struct {
	Name  string
	At    Place
	Value *yaml.Node
}

// Pairs lists the keys of a mapping that may have any, those last that a merge key << brings in and that are not
// written out.
func (r *Reader) Pairs(v Value) []Pair {
	var pairs []Pair
	for _, k := range r.keys(v) {
		if k.fault != nil {
			r.Report(*k.fault)
			continue
		}
		pairs = append(pairs, k.Pair)
	}
	return pairs
}

// key is a key of a mapping, or what is wrong with it.
type key struct {
	Pair
	fault *Fault
}

// keys lists the keys of a mapping as Pairs does.
func (r *Reader) keys(v Value) []key {
	if !IsMapping(v.Node) {
		r.Want(v, "a mapping", "")
		return nil
	}

	m := merger{reader: r, first: map[string]Place{}}
	var merged []*yaml.Node
	for i := 0; i+1 < len(v.Node.Content); i += 2 {
		name, content := v.Node.Content[i], v.Node.Content[i+1]
		if name.ShortTag() == "!!merge" {
			merged = append(merged, content)
			continue
		}
		m.add(name, content, v.Path)
	}

	// What is written out wins over what is merged, wherever in the mapping it stands.
	for _, n := range merged {
		m.merge(n, 0)
	}
	return m.all
}

// merger gathers the keys of a mapping.
type merger struct {
	reader *Reader
	all    []key
	first  map[string]Place // where each name is given first
}

// add takes a key that is written out.
func (m *merger) add(name, content *yaml.Node, path string) {
	k := key{Pair: Pair{Name: name.Value, At: PlaceOf(name), Value: content}}
	first, repeated := m.first[name.Value]
	switch {
	case !m.reader.isKey(name):
		k.fault = &Fault{Place: k.At, Kind: InvalidKey, Path: path, Message: "a key must be text, got " + Describe(name)}
	case repeated:
		message, hint := "the key "+Quoted(k.Name)+" is given twice", "first at line "+strconv.Itoa(first.Line)
		k.fault = &Fault{Place: k.At, Kind: RepeatedKey, Path: path, Message: message, Hint: hint}
	default:
		m.first[k.Name] = k.At
	}
	m.all = append(m.all, k)
}

func (r *Reader) isKey(n *yaml.Node) bool {
	return IsText(n) || r.NumericKeys && n.Kind == yaml.ScalarNode
}

// merge adds the keys of a merged mapping, or of a list of them, that are not there yet.
func (m *merger) merge(n *yaml.Node, depth int) {
	v, ok := m.reader.Value(n, "<<")
	m.reader.count(v.Place(), 64*len(v.Node.Content)) // looking a key up is dearer than reading it
	switch {
	case !ok:
		return
	case depth > Deepest || !(IsMapping(v.Node) || IsList(v.Node)):
		m.reader.Want(v, "a mapping or a list of mappings that do not contain themselves", "")
		return
	case IsList(v.Node):
		m.mergeEach(v.Node.Content, depth)
		return
	}

	for i := 0; i+1 < len(v.Node.Content); i += 2 {
		name, content := v.Node.Content[i], v.Node.Content[i+1]
		if name.ShortTag() == "!!merge" {
			m.merge(content, depth+1)
			continue
		}
		if _, there := m.first[name.Value]; !there {
			m.first[name.Value] = PlaceOf(name)
			m.all = append(m.all, key{Pair: Pair{Name: name.Value, At: PlaceOf(name), Value: content}})
		}
	}
}

func (m *merger) mergeEach(list []*yaml.Node, depth int) {
	for _, one := range list {
		if m.reader.Ended {
			return
		}
		m.merge(one, depth+1)
	}
}
