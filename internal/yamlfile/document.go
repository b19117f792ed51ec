package yamlfile

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Document parses the one document of a file; nil: there is a fault. subject is what messages call the file, such as a
// scenario file; begin says how one begins, for who has an empty one.
func (r *Reader) Document(source []byte, subject, begin string) *yaml.Node {
	if at, ok := unprintable(source); ok {
		r.Report(Fault{Place: placeAt(source, at), Message: subject + " must be UTF-8 text without control characters"})
		return nil
	}

	var document, next yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(source))
	if err == nil {
		err = loader.Load(&document)
	}
	if err == io.EOF || (err == nil && len(document.Content) == 0) {
		r.Report(Fault{Place: Place{1, 1}, Message: "the file is empty", Hint: begin})
		return nil
	}

	// The parser finds what is wrong behind the first document only when it is asked for another.
	if err == nil {
		if err = loader.Load(&next); err == io.EOF {
			return document.Content[0]
		}
	}
	if err != nil {
		r.Report(notYAML(err, source))
		return nil
	}
	r.Report(Fault{Place: PlaceOf(&next), Message: subject + " holds one document", Hint: "leave out what follows ---"})
	return nil
}

// unprintable finds the first byte that YAML does not allow. The parser refuses it as well, but does not say where it
// is.
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
func placeAt(source []byte, at int) Place {
	before := linesOf(source[:at])
	return Place{Line: len(before), Column: 1 + utf8.RuneCountInString(before[len(before)-1])}
}

// notYAML is the fault that the parser found.
func notYAML(err error, source []byte) Fault {
	f := Fault{Place: Place{1, 1}, Kind: NotYAML, Message: "the file is not YAML: "}
	var found *yaml.LoadError
	if !errors.As(err, &found) {
		f.Message += err.Error()
		return f
	}

	if found.Mark.Line == 0 {
		f.Message, f.Hint = f.Message+found.Message, found.ContextMsg
		return f
	}

	stopped := Place{Line: found.Mark.Line, Column: max(found.Mark.Column, 1)}
	if column, ok := tabIn(source, stopped); ok {
		return Fault{
			Place:   Place{Line: stopped.Line, Column: column},
			Message: "a tab stands where YAML takes only spaces", Hint: "write spaces for it",
		}
	}

	at, message := begin(found, source)
	f.Place, f.Message, f.Hint = at, f.Message+message, found.ContextMsg
	return f
}

// tabIn finds the tab of an indentation: before the first other character of the line, or at the place itself.
func tabIn(source []byte, at Place) (column int, found bool) {
	lines := linesOf(source)
	if at.Line > len(lines) {
		return 0, false
	}

	line := []rune(lines[at.Line-1])
	for i, r := range line {
		if r == '\t' {
			return i + 1, true
		}
		if r != ' ' {
			break
		}
	}
	return at.Column, at.Column <= len(line) && line[at.Column-1] == '\t'
}
