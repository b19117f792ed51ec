package scenarios

import "strings"

// line is a line of a scenario file, from its first key up to the cursor, while it is read.
type line struct {
	spot
	text   string
	begins int       // of the key or the value that is being read, within the text
	open   []bracket // the innermost last
}

// bracket is a brace or a bracket that is open.
type bracket struct {
	list   bool // a bracket: its entries have no keys
	before int  // how long the path to it is
	within int  // how long the path to each of its entries is
}

// read looks where the line ends.
func (l *line) read() spot {
	for i := 0; i < len(l.text); i++ {
		switch l.text[i] {
		case '"', '\'':
			end := l.quoteEnd(i)
			if end < 0 {
				return spot{value: true, path: []string{nowhere}}
			}
			i = end
		case '#':
			if i == 0 || l.text[i-1] == ' ' {
				return spot{value: true, path: []string{nowhere}}
			}
		case ':':
			l.keyEnds(i)
		case '{', '[':
			l.opens(i)
		case ',':
			l.entryEnds(i)
		case '}', ']':
			l.closes(i)
		}
	}

	l.typed = strings.TrimLeft(l.text[l.begins:], " ")
	return l.spot
}

// isFirst reports whether nothing of a key or a value stands before an offset: only there brackets and quotes open.
func (l *line) isFirst(i int) bool { return strings.TrimLeft(l.text[l.begins:i], " ") == "" }

// quoteEnd is where the quote at an offset is closed; -1: nowhere. One within a word is a letter, and ends where it
// is.
func (l *line) quoteEnd(start int) int {
	quote := l.text[start]
	if !l.isFirst(start) {
		return start
	}

	for i := start + 1; i < len(l.text); i++ {
		switch {
		case quote == '"' && l.text[i] == '\\':
			i++ // the one behind it is no quote
		case l.text[i] != quote:
		case quote == '\'' && strings.HasPrefix(l.text[i+1:], "'"):
			i++ // two of them stand for one
		default:
			return i
		}
	}
	return -1
}

// keyEnds goes on to the value of the key that a colon ends. Other colons are letters.
func (l *line) keyEnds(i int) {
	if i+1 == len(l.text) || l.text[i+1] != ' ' {
		return
	}
	l.path, l.value = append(l.path, strings.TrimSpace(l.text[l.begins:i])), true
	l.begins = i + 1
}

// opens goes into a brace or a bracket.
func (l *line) opens(i int) {
	if !l.isFirst(i) {
		return
	}
	b := bracket{list: l.text[i] == '[', before: len(l.path), within: len(l.path)}
	if b.list {
		l.path = append(l.path, item)
		b.within++
	}

	l.open = append(l.open, b)
	l.flow, l.value, l.begins = true, b.list, i+1
}

// entryEnds goes on to the next entry of the innermost bracket. Outside of brackets a comma is a letter.
func (l *line) entryEnds(i int) {
	if len(l.open) == 0 {
		return
	}
	in := l.open[len(l.open)-1]
	l.path, l.value, l.begins = l.path[:in.within], in.list, i+1
}

// closes goes out of the innermost bracket, behind which nothing can stand before the next comma.
func (l *line) closes(i int) {
	if len(l.open) == 0 {
		return
	}
	in := l.open[len(l.open)-1]
	l.open = l.open[:len(l.open)-1]
	l.path, l.value, l.begins = append(l.path[:in.before], nowhere), true, i+1
}
