package yamlfile

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// What the parser says where it stops, and what it was reading then.
const (
	noColon       = "could not find expected ':'"
	valueTooMuch  = "mapping values are not allowed in this context"
	endOfStream   = "found unexpected end of stream"
	readingKey    = "while scanning a simple key"
	readingQuoted = "while scanning a quoted scalar"
	readingFlow   = "while parsing a flow "
)

// begin is where the fault that stopped the parser begins, and what it is. The parser stops at the first thing that
// does not fit, which is often in a later line: behind a key without a colon, an open quote or an open bracket. Where
// that cannot be known, it is the parser's own place.
func begin(found *yaml.LoadError, source []byte) (at Place, message string) {
	lines := linesOf(source)
	at, message = Place{found.Mark.Line, max(found.Mark.Column, 1)}, found.Message
	last := lastText(lines)

	switch reading := found.ContextMsg; {
	case message == valueTooMuch:
		if key, ok := keyWithoutColon(lines, at); ok {
			return key, noColon
		}
	case reading == readingKey, reading == readingQuoted && message == endOfStream:
		at.Line, at.Column = found.ContextMark.Line, found.ContextMark.Column
	case strings.HasPrefix(reading, readingFlow) && leftOpen(lines, found.ContextMark.Line, at, last):
		at.Line, at.Column = found.ContextMark.Line, found.ContextMark.Column
	}

	if at.Line > last.Line {
		return last, message
	}
	return at, message
}

// lastText is the place of the last character that is neither space nor comment.
func lastText(lines []string) Place {
	for i := len(lines) - 1; i >= 0; i-- {
		if text := strings.TrimRight(lines[i], " \t"); isText(text) {
			return Place{i + 1, utf8.RuneCountInString(text)}
		}
	}
	return Place{1, 1}
}

// leftOpen reports whether the bracket that opens in a line is never closed: the file ends, or a line that is indented
// no deeper follows.
func leftOpen(lines []string, opens int, at, last Place) bool {
	return at.Line > last.Line || at.Line > opens && indent(lines[at.Line-1]) <= indent(lines[opens-1])
}

// keyWithoutColon is the place of a key without a colon: the line before the one with a colon too many is plain text,
// so that both together were read as one text.
func keyWithoutColon(lines []string, at Place) (key Place, found bool) {
	if at.Line > len(lines) {
		return key, false
	}
	runes := []rune(lines[at.Line-1])
	if strings.Contains(string(runes[:min(at.Column-1, len(runes))]), ": ") {
		return key, false // one line has two colons
	}

	before := at.Line - 2
	for before >= 0 && !isText(lines[before]) {
		before--
	}
	if before < 0 || inBrackets(lines[:before+1]) {
		return key, false
	}

	text := strings.TrimLeft(lines[before], " ")
	for strings.HasPrefix(text, "- ") {
		text = strings.TrimLeft(text[2:], " ")
	}
	if text == "" {
		return key, false // nothing but the marks of list entries
	}
	plain := !strings.ContainsAny(text, ":#\"'[]{}") && !strings.ContainsAny(text[:1], "-|>&*!?%@`")
	return Place{before + 1, utf8.RuneCountInString(lines[before]) - utf8.RuneCountInString(text) + 1}, plain
}

// inBrackets reports whether a bracket seems to be open at the end of the lines.
func inBrackets(lines []string) bool {
	open := 0
	for _, line := range lines {
		open += strings.Count(line, "[") + strings.Count(line, "{") - strings.Count(line, "]") - strings.Count(line, "}")
	}
	return open > 0
}
