package scenarios

import (
	"bytes"
	"encoding/json"

	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// Fields are laid over an answer, in their order.
type Fields []Field

// Field is one property of an answer. The value null removes it.
type Field struct {
	Name  string
	Value json.RawMessage
}

// Removed reports whether the field is taken out of the answer.
func (f Field) Removed() bool { return string(f.Value) == "null" }

// fields reads properties of an answer, known ones or not. Numbers keep their digits.
func (r *reader) fields(v value) Fields {
	var all Fields
	for _, p := range r.pairs(v) {
		child, ok := r.value(p.value, yamlfile.Join(v.path, yamlfile.Shorten(p.name)))
		if !ok {
			break
		}
		all = append(all, Field{Name: p.name, Value: r.json(child)})
	}
	return all
}

// json is a value of any kind as JSON.
func (r *reader) json(v value) json.RawMessage {
	var out bytes.Buffer
	r.writeJSON(&out, v, 0)
	return out.Bytes()
}

func (r *reader) writeJSON(out *bytes.Buffer, v value, depth int) {
	switch {
	case depth > yamlfile.Deepest:
		r.fault(v.place, v.path+" is nested too deeply", "")
		r.yaml.Ended = true
	case isMapping(v.node):
		r.writeObject(out, v, depth)
	case yamlfile.IsList(v.node):
		r.writeArray(out, v, depth)
	default:
		r.writeScalar(out, v)
	}
}

func (r *reader) writeObject(out *bytes.Buffer, v value, depth int) {
	out.WriteByte('{')
	for i, p := range r.pairs(v) {
		child, ok := r.value(p.value, v.path)
		if !ok {
			break
		}
		if i > 0 {
			out.WriteByte(',')
		}
		writeString(out, p.name)
		out.WriteByte(':')
		r.writeJSON(out, child, depth+1)
	}
	out.WriteByte('}')
}

func (r *reader) writeArray(out *bytes.Buffer, v value, depth int) {
	out.WriteByte('[')
	for i, n := range v.node.Content {
		child, ok := r.value(n, v.path)
		if !ok {
			break
		}
		if i > 0 {
			out.WriteByte(',')
		}
		r.writeJSON(out, child, depth+1)
	}
	out.WriteByte(']')
}

func (r *reader) writeScalar(out *bytes.Buffer, v value) {
	n := v.node
	switch {
	case yamlfile.IsText(n):
		writeString(out, n.Value)
	case yamlfile.IsNull(n):
		out.WriteString("null")
	case yamlfile.Truth(n) != "":
		out.WriteString(yamlfile.Truth(n))
	case yamlfile.IsNumber(n) && json.Valid([]byte(n.Value)):
		out.WriteString(n.Value)
	case yamlfile.IsNumber(n):
		r.want(v, "a number as JSON has it", "write a text in quotes: "+quoted(n.Value))
	default:
		r.want(v, "text, a number, true, false, null, a list or a mapping", "")
	}
}

// writeString writes a JSON string, with < and > as they are.
func writeString(out *bytes.Buffer, s string) {
	if isPlain(s) { // nearly all are, and a file with many aliases has very many
		out.WriteByte('"')
		out.WriteString(s)
		out.WriteByte('"')
		return
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string can always be encoded
	out.Truncate(out.Len() - 1)
}

// isPlain reports whether a text stands in JSON as it is.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
