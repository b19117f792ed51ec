package scenarios

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/wording"
	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// mostFaults is after how many faults nobody reads on.
const mostFaults = 100

// reader reads the values of one scenario file and collects everything that is wrong with them. It begins with root.
type reader struct {
	file   string
	yaml   yamlfile.Reader
	faults Errors
	size   size
}

// value is a value of the file: no alias, and nothing that was left empty.
type value struct {
	node  *yaml.Node
	place Place
	path  string // its name in messages, such as callback.deliveries[2].after
}

func (v value) inFile() yamlfile.Value { return yamlfile.Value{Node: v.node, Path: v.path} }

func (r *reader) valueOf(v yamlfile.Value) value {
	return value{node: v.Node, place: r.placeOf(v.Place()), path: v.Path}
}

func (r *reader) placeOf(p yamlfile.Place) Place {
	return Place{File: r.file, Line: p.Line, Column: p.Column}
}

// fault notes that something is wrong.
func (r *reader) fault(at Place, message, hint string) {
	if r.yaml.Ended {
		return
	}
	r.faults = append(r.faults, Error{Place: at, Message: message, Hint: hint})
	r.yaml.Ended = len(r.faults) >= mostFaults
}

// report notes what is wrong with the YAML.
func (r *reader) report(f yamlfile.Fault) {
	if f.Kind == yamlfile.NotYAML && f.Hint != "" {
		f.Message, f.Hint = f.Message+" "+f.Hint, ""
	}
	if f.Kind == yamlfile.InvalidKey && endsInNumber.MatchString(f.Message) {
		f.Hint = "write a decimal point: {amount: 100.50}, not {amount: 100,50}"
	}
	r.fault(r.placeOf(f.Place), f.Message, f.Hint)
}

// endsInNumber finds a key that is a number, as the second half of 100,50 is between braces.
var endsInNumber = regexp.MustCompile(`got [0-9]+$`)

// want notes that a value is of another kind than it should be.
func (r *reader) want(v value, what, hint string) { r.yaml.Want(v.inFile(), what, hint) }

// value steps from an alias to what it stands for. Not ok: a bound was reached.
func (r *reader) value(n *yaml.Node, path string) (value, bool) {
	v, ok := r.yaml.Value(n, path)
	return r.valueOf(v), ok
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
	names := slices.Sorted(maps.Keys(known))
	places := r.yaml.Mapping(v.inFile(), names, func(key string, v yamlfile.Value) { known[key](r.valueOf(v)) })

	g := given{}
	for key, place := range places {
		g[key] = r.placeOf(place)
	}
	return g
}

// pair is a key of a mapping that may have any, and its value, which can be an alias.
type pair struct {
	name  string
	value *yaml.Node
}

// pairs lists the keys of a mapping.
func (r *reader) pairs(v value) []pair {
	var all []pair
	for _, p := range r.yaml.Pairs(v.inFile()) {
		all = append(all, pair{p.Name, p.Value})
	}
	return all
}

// list reads a list that has at least one entry.
func (r *reader) list(v value) []value {
	if !yamlfile.IsList(v.node) {
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
	for _, entry := range r.yaml.Entries(v.inFile()) {
		if yamlfile.IsNull(entry.Node) {
			r.fault(r.placeOf(entry.Place()), entry.Path+" has no value", "")
			continue
		}
		all = append(all, r.valueOf(entry))
	}
	return all
}

// oneOrMore reads a list as its entries, and anything else as the only one.
func (r *reader) oneOrMore(v value) []value {
	if yamlfile.IsList(v.node) {
		return r.list(v)
	}
	return []value{v}
}

func isMapping(n *yaml.Node) bool { return yamlfile.IsMapping(n) }

// quoted shows a text of the file, shortened and without a card number in clear.
func quoted(s string) string { return yamlfile.Quoted(s) }

// text reads a text.
func (r *reader) text(v value) (string, bool) {
	if yamlfile.IsText(v.node) {
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
	if !yamlfile.IsNumber(v.node) || !ok {
		hint := ""
		if ok {
			hint = "leave the quotes out"
		}
		if point := strings.Replace(v.node.Value, ",", ".", 1); !ok && point != v.node.Value {
			if _, ok := parseNumber(point); ok {
				hint = "write a decimal point: " + point
			}
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
	if !yamlfile.IsNumber(v.node) || !ok || !whole || n < least || n > most {
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
	word := yamlfile.Truth(v.node)
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
	case plain && yamlfile.IsNumber(v.node) && n.Sign() >= 0:
		r.want(v, "a duration such as 300ms or 5s", unitFor(n.text))
	case !yamlfile.IsText(v.node) || err != nil:
		r.want(v, "a duration such as 300ms or 5s", "")
	case d < 0:
		r.fault(v.place, v.path+" must not be negative, got "+v.node.Value, "")
	}
	return max(d, 0)
}

// unitFor asks for the unit of a number of seconds or, as many write it, of milliseconds.
func unitFor(number string) string {
	milliseconds, seconds := number+"ms", number+"s"
	if whole, err := strconv.Atoi(number); err == nil && whole >= 1000 {
		seconds = time.Duration(whole * int(time.Millisecond)).String()
	}
	return "it has no unit: " + milliseconds + " or " + seconds + "?"
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
		if known[i] = string(w); yamlfile.IsText(v.node) && v.node.Value == known[i] {
			return w
		}
	}
	r.want(v, wording.Or(known), wording.DidYouMean(v.node.Value, known))
	return ""
}
