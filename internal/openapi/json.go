package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// deepest is how many lists and objects may be inside each other.
const deepest = 64

// reading is one JSON value: a map[string]any, []any, string, json.Number, bool or nil.
type reading struct {
	value    any
	inexact  bool     // a number has more digits than a float64 keeps
	repeated []string // the properties that appear twice
}

// errDeep is how the reader stops when the value is nested too deeply.
var errDeep = errors.New("nested too deeply")

// reader reads JSON strictly: one value and nothing after it, valid UTF-8, no property twice.
type reader struct {
	decoder *jsontext.Decoder
	names   map[string]string
	room    map[string]any // for the properties of the outermost object; nil once it is used
	reading reading
}

// source is a decoder with what it reads from. It is used again, because making one costs as much as reading an order.
type source struct {
	buffer  bytes.Buffer
	decoder *jsontext.Decoder
}

var sources = sync.Pool{New: func() any { return &source{decoder: new(jsontext.Decoder)} }}

func (s *source) of(data []byte) *jsontext.Decoder {
	s.buffer = *bytes.NewBuffer(data)
	s.decoder.Reset(&s.buffer, jsontext.AllowDuplicateNames(true))
	return s.decoder
}

// giveBack lets go of what was read.
func (s *source) giveBack() {
	s.of(nil)
	sources.Put(s)
}

// readJSON reads one value. If it is an object, its properties come into the room, an empty map; nil: into a new one. A
// fault with a rule says what stopped it.
func readJSON(data []byte, names map[string]string, room map[string]any) (reading, fault) {
	// Repeated names are collected here, one by one, rather than ending the reading at the first.
	s := sources.Get().(*source)
	defer s.giveBack()

	decoder := s.of(data)
	r := reader{decoder: decoder, names: names, room: room}
	value, err := r.value("", 0)
	if err != nil {
		return reading{}, readFault(data, err)
	}

	r.reading.value = value
	if end := decoder.InputOffset(); !isBlank(data[end:]) {
		return reading{}, afterEnd(data, int(end))
	}
	return r.reading, fault{}
}

// errNoObject says that a text is another kind of JSON value.
var errNoObject = errors.New("is no object")

// readMembers reads an object's properties one by one, in their order, without reading what is in them. They are parts
// of the data. The error says that the data is not one JSON object and nothing else; some properties may have been
// read.
func readMembers(data []byte, each func(name, value jsontext.Value)) error {
	s := sources.Get().(*source)
	defer s.giveBack()

	decoder := s.of(data)
	if token, err := decoder.ReadToken(); err != nil || token.Kind() != '{' {
		return errors.Join(err, errNoObject)
	}
	read := func() (jsontext.Value, error) {
		value, err := decoder.ReadValue()
		end := int(decoder.InputOffset())
		return data[end-len(value) : end : end], err // what the decoder gave is its own
	}
	for decoder.PeekKind() != '}' {
		name, err := read()
		if err != nil {
			return err
		}
		value, err := read()
		if err != nil {
			return err
		}
		each(name, value)
	}

	_, err := decoder.ReadToken()
	if end := decoder.InputOffset(); err == nil && !isBlank(data[end:]) {
		return errNoObject
	}
	return err
}

func (r *reader) value(at string, depth int) (any, error) {
	switch r.decoder.PeekKind() {
	case '{':
		return r.object(at, depth+1)
	case '[':
		return r.list(at, depth+1)
	}

	raw, err := r.decoder.ReadValue()
	if err != nil {
		return nil, err
	}

	switch raw.Kind() {
	case '"':
		return unquote(raw)
	case '0':
		text := string(raw)
		r.reading.inexact = r.reading.inexact || inexact(text)
		return json.Number(text), nil
	case 'n':
		return nil, nil
	}

	return raw.Kind() == 't', nil
}

func (r *reader) object(at string, depth int) (any, error) {
	if depth > deepest {
		return nil, errDeep
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, err
	}

	values := r.room
	if r.room = nil; values == nil {
		values = make(map[string]any)
	}
	for r.decoder.PeekKind() != '}' {
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		_, repeated := values[name]
		if repeated {
			r.reading.repeated = append(r.reading.repeated, join(at, name))
		}
		if values[name], err = r.value(r.at(at, name), depth); err != nil {
			return nil, err
		}
	}

	_, err := r.decoder.ReadToken()
	return values, err
}

// at is where a property is. Most bodies are flat, and then the name is all there is to it.
func (r *reader) at(at, name string) string {
	if kind := r.decoder.PeekKind(); kind != '{' && kind != '[' {
		return "" // a scalar has no parts to name
	}
	return join(at, name)
}

// name reads a property's name, and takes it from the document if it is there.
func (r *reader) name() (string, error) {
	raw, err := r.decoder.ReadValue()
	if err != nil {
		return "", err
	}
	if known, ok := r.names[string(raw)]; ok {
		return known, nil
	}
	return unquote(raw)
}

func (r *reader) list(at string, depth int) (any, error) {
	if depth > deepest {
		return nil, errDeep
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, err
	}

	values := []any{}
	for r.decoder.PeekKind() != ']' {
		value, err := r.value(index(at, len(values)), depth)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}

	_, err := r.decoder.ReadToken()
	return values, err
}

func unquote(raw jsontext.Value) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	return string(text), err
}

func isBlank(data []byte) bool { return len(bytes.TrimLeft(data, " \t\r\n")) == 0 }

// readFault says in words why the reading stopped.
func readFault(data []byte, err error) fault {
	var syntax *jsontext.SyntacticError
	switch {
	case isBlank(data):
		return fault{in: inBody, rule: "empty", wants: "is empty"}
	case errors.Is(err, errDeep):
		wants := fmt.Sprintf("has more than %d lists and objects inside each other", deepest)
		return fault{in: inBody, rule: "depth", wants: wants}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return notJSON(data, len(data), "it ends too early")
	case errors.As(err, &syntax):
		at := min(int(syntax.ByteOffset), len(data))
		return notJSON(data, at, why(data[at:]))
	}
	return fault{in: inBody, rule: "json", wants: "is not valid JSON"}
}

func afterEnd(data []byte, end int) fault {
	rest := bytes.TrimLeft(data[end:], " \t\r\n")
	return notJSON(data, len(data)-len(rest), "there is something after the end of the value")
}

func notJSON(data []byte, at int, reason string) fault {
	line := bytes.Count(data[:at], []byte("\n")) + 1
	column := utf8.RuneCount(data[bytes.LastIndexByte(data[:at], '\n')+1:at]) + 1
	wants := fmt.Sprintf("is not valid JSON at line %d, column %d: %s", line, column, reason)
	return fault{in: inBody, rule: "json", wants: wants}
}

// why looks at what is there instead of what the grammar wants.
func why(rest []byte) string {
	if len(rest) == 0 {
		return "it ends too early"
	}

	char, _ := utf8.DecodeRune(rest)
	switch {
	case char == utf8.RuneError && !bytes.HasPrefix(rest, []byte("\uFFFD")):
		return "the text is not valid UTF-8"
	case char == '\uFEFF':
		return "it starts with a byte order mark; leave it out"
	case char == '\\':
		return "the escape sequence in the text is not valid"
	case char < ' ':
		return "there is a control character or a line break inside; write it as an escape sequence"
	case char == ',' && closes(rest[1:]):
		return "there is a comma before the closing bracket"
	case char == '\'':
		return "text wants double quotes, not single ones"
	}

	return "unexpected " + strconv.QuoteRune(char)
}

func closes(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return len(rest) > 0 && (rest[0] == '}' || rest[0] == ']')
}
