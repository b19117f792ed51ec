// Package yamlfile reads YAML files strictly, for files that people write: every key is known and given once, aliases
// and merge keys are followed within bounds, and each fault has its line, its column, its path and, where one can be
// guessed, the remedy. It goes on after a fault, so that all of them are told at once.
//
// It knows no file: what the keys mean, and how a whole sentence reads, its callers decide. It stands on
// go.yaml.in/yaml, whose own strict decoding names neither column nor path nor remedy, and stops early.
package yamlfile

import (
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Bounds of what is read. Aliases can make a small file a large one, or one without end.
const (
	Deepest  = 64      // values within values
	mostRead = 4 << 20 // values and bytes of text, each as often as an alias brings it up
)

// Reader reads the values of one file.
type Reader struct {
	Report      func(Fault)    // is told every fault; never nil
	CountValue  func(at Place) // is told of every value that is read, as often as an alias brings it up; nil: nobody is
	NumericKeys bool           // a key may be a number or a truth, too, and is the text that is written

	// Ended says that a bound was reached: the rest is not looked at. A caller with bounds of its own sets it.
	Ended bool

	read int
}

// Place is where in a file something is. Both numbers count from 1.
type Place struct{ Line, Column int }

// PlaceOf is where a value begins.
func PlaceOf(n *yaml.Node) Place { return Place{Line: n.Line, Column: n.Column} }

// Fault is something that is wrong with a file.
type Fault struct {
	Place
	Kind    Kind
	Path    string // of the mapping for a key, else of the value; empty for the whole file
	Message string // such as: unknown key "paymnt"
	Hint    string // such as: did you mean "payment"? Empty where nothing can be guessed
}

// Kind tells faults apart for callers that word some of them in their own way.
type Kind int

// The kinds. The zero value is any other fault, whose message names the value by its path.
const (
	Other       Kind = iota
	NotYAML          // Hint says what the parser was reading
	UnknownKey       // the message does not name the mapping; nor do those of the next two
	RepeatedKey      // Hint says where it is given first
	InvalidKey       // is no text
	NoValue          // a key with nothing behind it
)

// Value is a value of a file, never an alias.
type Value struct {
	Node *yaml.Node
	Path string // its name in messages, such as callback.deliveries[2].after
}

// Place is where the value begins.
func (v Value) Place() Place { return PlaceOf(v.Node) }

// Value steps from an alias to what it stands for. Not ok: a bound was reached.
func (r *Reader) Value(n *yaml.Node, path string) (v Value, ok bool) {
	at := PlaceOf(n)
	for hops := 0; n.Kind == yaml.AliasNode && hops < Deepest; hops++ {
		n = n.Alias
	}

	r.count(at, 1+len(n.Value))
	if r.CountValue != nil {
		r.CountValue(at)
	}
	return Value{Node: n, Path: path}, !r.Ended
}

// count bounds the work: a small file can be a huge one once its aliases are put in.
func (r *Reader) count(at Place, read int) {
	if r.read += read; r.read > mostRead && !r.Ended {
		r.Report(Fault{Place: at, Message: "the file is too large once its aliases are put in"})
		r.Ended = true
	}
}

// Want reports that a value is of another kind than it should be.
func (r *Reader) Want(v Value, what, hint string) {
	message := v.Path + " must be " + what + ", got " + Describe(v.Node)
	r.Report(Fault{Place: v.Place(), Path: v.Path, Message: message, Hint: hint})
}

// Entries are the entries of a list, empty ones too. Anything but a list has none.
func (r *Reader) Entries(v Value) []Value {
	if !IsList(v.Node) {
		return nil
	}

	var all []Value
	for i, n := range v.Node.Content {
		entry, ok := r.Value(n, v.Path+"["+strconv.Itoa(i+1)+"]")
		if !ok {
			break
		}
		all = append(all, entry)
	}
	return all
}

// Join is the path of a key of the mapping at a path.
func Join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
