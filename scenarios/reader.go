package scenarios

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// Bounds of what is read. Aliases can make a small file a large one, or one without end.
const (
	mostRead   = 4 << 20 // values and characters, each as often as an alias brings it up
	deepest    = 64      // values within values
	mostFaults = 100     // after so many, nobody reads on
)

// reader reads the values of one file and collects everything that is wrong with them.
type reader struct {
	file   string
	faults Errors
	read   int
	size   size
	ended  bool // a bound was reached: the rest is not looked at
}

// value is a value of the file: no alias, and nothing that was left empty.
type value struct {
	node  *yaml.Node
	place Place
	path  string // its name in messages, such as callback.deliveries[2].after
}

func (r *reader) placeOf(n *yaml.Node) Place {
	return Place{File: r.file, Line: n.Line, Column: n.Column}
}

// fault notes that something is wrong.
func (r *reader) fault(at Place, message, hint string) {
	if r.ended {
		return
	}
	r.faults = append(r.faults, Error{Place: at, Message: message, Hint: hint})
	r.ended = len(r.faults) >= mostFaults
}

// want notes that a value is of another kind than it should be.
func (r *reader) want(v value, what, hint string) {
	r.fault(v.place, v.path+" must be "+what+", got "+describe(v.node), hint)
}

// value steps from an alias to what it stands for. Not ok: a bound was reached.
func (r *reader) value(n *yaml.Node, path string) (value, bool) {
	at := r.placeOf(n)
	for hops := 0; n.Kind == yaml.AliasNode && hops < deepest; hops++ {
		n = n.Alias
	}
	r.count(at, 1+len(n.Value))
	r.grow(at, size{values: 1})
	return value{node: n, place: r.placeOf(n), path: path}, !r.ended
}

// count bounds the work: a small file can be a huge one once its aliases are put in.
func (r *reader) count(at Place, read int) {
	if r.read += read; r.read > mostRead && !r.ended {
		r.fault(at, "the file is too large once its aliases are put in", "")
		r.ended = true
	}
}

// keys says what reads the value of each key of a mapping.
type keys map[string]func(value)

// given is where the known keys of a mapping are.
type given map[string]Place

// has reports whether all of the keys are given.
func (g given) has(all ...string) bool {
	for _, key := range all {
		if _, ok := g[key]; !ok {
			return false
		}
	}
	return true
}

// mapping reads the keys of a mapping in the order of the file.
func (r *reader) mapping(v value, known keys) given {
	g := given{}
	for _, p := range r.pairs(v) {
		read, ok := known[p.name]
		if !ok {
			r.fault(p.at, "unknown key "+quoted(p.name), wording.Hint(p.name, slices.Sorted(maps.Keys(known))))
			continue
		}
		g[p.name] = p.at
		child, ok := r.value(p.value, join(v.path, p.name))
		switch {
		case !ok:
			return g
		case isNull(child.node):
			r.fault(p.at, child.path+" has no value", "give it one or leave the key out")
		default:
			read(child)
		}
	}
	return g
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// pair is a key of a mapping and its value, which can be an alias.
type pair struct {
	name  string
	at    Place
	value *yaml.Node
}

// pairs lists the keys of a mapping, those last that a merge key << brings in and that are not
// written out.
func (r *reader) pairs(v value) []pair {
	if !isMapping(v.node) {
		r.want(v, "a mapping", "")
		return nil
	}
	seen := map[string]Place{}
	var all []pair
	var merged []*yaml.Node
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		name, content := v.node.Content[i], v.node.Content[i+1]
		switch at := r.placeOf(name); {
		case name.ShortTag() == "!!merge":
			merged = append(merged, content)
		case !isText(name):
			r.fault(at, "a key must be text, got "+describe(name), "")
		case seen[name.Value].Line > 0:
			r.fault(at, "the key "+quoted(name.Value)+" is given twice", "first at line "+strconv.Itoa(seen[name.Value].Line))
		default:
			seen[name.Value] = at
			all = append(all, pair{name.Value, at, content})
		}
	}
	for _, m := range merged {
		all = r.merge(all, seen, m, 0)
	}
	return all
}

// merge adds the keys of a merged mapping, or of a list of them, that are not there yet.
func (r *reader) merge(all []pair, seen map[string]Place, n *yaml.Node, depth int) []pair {
	v, ok := r.value(n, "<<")
	r.count(v.place, 64*len(v.node.Content)) // looking a key up is dearer than reading it
	switch {
	case !ok:
		return all
	case depth > deepest || !(isMapping(v.node) || isList(v.node)):
		r.want(v, "a mapping or a list of mappings that do not contain themselves", "")
		return all
	case isList(v.node):
		for _, one := range v.node.Content {
			if r.ended {
				break
			}
			all = r.merge(all, seen, one, depth+1)
		}
		return all
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		name, content := v.node.Content[i], v.node.Content[i+1]
		if name.ShortTag() == "!!merge" {
			all = r.merge(all, seen, content, depth+1)
		} else if seen[name.Value].Line == 0 {
			seen[name.Value] = r.placeOf(name)
			all = append(all, pair{name.Value, r.placeOf(name), content})
		}
	}
	return all
}

// list reads a list that has at least one entry.
func (r *reader) list(v value) []value {
	if !isList(v.node) {
		r.want(v, "a list", "")
		return nil
	}
	if len(v.node.Content) == 0 {
		r.fault(v.place, v.path+" is an empty list", "give it an entry or leave the key out")
	}
	return r.entries(v)
}

// entries are the entries of a list that are not empty.
func (r *reader) entries(v value) []value {
	var all []value
	for i, n := range v.node.Content {
		entry, ok := r.value(n, v.path+"["+strconv.Itoa(i+1)+"]")
		if !ok {
			break
		}
		if isNull(entry.node) {
			r.fault(entry.place, entry.path+" has no value", "")
			continue
		}
		all = append(all, entry)
	}
	return all
}

// oneOrMore reads a list as its entries, and anything else as the only one.
func (r *reader) oneOrMore(v value) []value {
	if isList(v.node) {
		return r.list(v)
	}
	return []value{v}
}

// text reads a text.
func (r *reader) text(v value) (string, bool) {
	if isText(v.node) {
		return v.node.Value, true
	}
	hint := ""
	if v.node.Kind == yaml.ScalarNode {
		hint = "write it in quotes: " + quoted(v.node.Value)
	}
	r.want(v, "text", hint)
	return "", false
}

// number reads a number with all its digits.
func (r *reader) number(v value) (number, bool) {
	n, ok := parseNumber(v.node.Value)
	if !isNumber(v.node) || !ok {
		hint := ""
		if ok {
			hint = "leave the quotes out"
		}
		r.want(v, "a plain decimal number such as 100.50", hint)
		return number{}, false
	}
	return n, true
}

// whole reads a whole number within bounds.
func (r *reader) whole(v value, least, most int) int {
	read, ok := parseNumber(v.node.Value)
	n, whole := read.Int()
	if !isNumber(v.node) || !ok || !whole || n < least || n > most {
		r.want(v, wholeBetween(least, most), "")
		return least
	}
	return n
}

func wholeBetween(least, most int) string {
	switch most {
	case least:
		return strconv.Itoa(least)
	case manyTimes:
		return "a whole number from " + strconv.Itoa(least)
	}
	return "a whole number from " + strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

// manyTimes is as often as anything can happen.
const manyTimes = 1_000_000_000

// truth reads true or false.
func (r *reader) truth(v value) bool {
	word := truthOf(v.node)
	if word == "" {
		r.want(v, "true or false", "")
	}
	return word == "true"
}

// duration reads a duration that is not negative.
func (r *reader) duration(v value) time.Duration {
	d, err := time.ParseDuration(v.node.Value)
	n, plain := parseNumber(v.node.Value)
	switch {
	case plain && isNumber(v.node) && n.Sign() >= 0:
		r.want(v, "a duration such as 300ms or 5s", "did you mean "+n.text+"s?")
	case !isText(v.node) || err != nil:
		r.want(v, "a duration such as 300ms or 5s", "")
	case d < 0:
		r.fault(v.place, v.path+" must not be negative, got "+v.node.Value, "")
	}
	return max(d, 0)
}

// delay reads a duration, or the range of a random one.
func (r *reader) delay(v value) Delay {
	if !isMapping(v.node) {
		d := r.duration(v)
		return Delay{d, d}
	}
	var d Delay
	g := r.mapping(v, keys{
		"min": func(v value) { d.Min = r.duration(v) },
		"max": func(v value) { d.Max = r.duration(v) },
	})
	switch {
	case !g.has("min", "max"):
		r.fault(v.place, v.path+" needs both min and max", "")
	case d.Min > d.Max:
		r.fault(g["min"], v.path+": min "+d.Min.String()+" is more than max "+d.Max.String(), "")
	}
	return d
}

// choice reads one of the words.
func choice[T ~string](r *reader, v value, words ...T) T {
	known := make([]string, len(words))
	for i, w := range words {
		if known[i] = string(w); isText(v.node) && v.node.Value == known[i] {
			return w
		}
	}
	r.want(v, wording.Or(known), wording.DidYouMean(v.node.Value, known))
	return ""
}
