package scenarios

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName keeps a name short enough to stand in an orderId.
const longestName = 64

// validName reports whether a name can stand in a header and in a token: letters, digits, and
// single hyphens or underscores between them.
func validName(name string) bool {
	if name == "" || len(name) > longestName || joint(name[0]) || joint(name[len(name)-1]) {
		return false
	}
	for i := range len(name) {
		if !nameByte(name[i]) || (joint(name[i]) && joint(name[i-1])) {
			return false
		}
	}
	return true
}

func joint(c byte) bool { return c == '-' || c == '_' }

func nameByte(c byte) bool {
	return joint(c) || (c >= '0' && c <= '9') || (c|0x20 >= 'a' && c|0x20 <= 'z')
}

// TokenPrefix begins a token that names a scenario within another text, whatever its case.
const TokenPrefix = "mock:"

// Token finds the scenario that a text names, such as an orderId ORD-1-mock:insufficient-funds. It begins where a word
// does: at the start, or after anything but a letter, a digit or an underscore. The name ends where its letters,
// digits, hyphens and underscores end; hyphens and underscores at the end are not part of it. Not ok: the text has no
// token. The name need not be one of a scenario, and its case is the text's.
func Token(text string) (name string, ok bool) {
	for from := 0; ; {
		colon := strings.IndexByte(text[from:], ':')
		if colon < 0 {
			return "", false
		}
		from += colon + 1
		if name := nameAt(text[from:]); name != "" && endsInPrefix(text[:from]) {
			return name, true
		}
	}
}

// nameAt is the name that a text begins with; empty: none.
func nameAt(text string) string {
	end := 0
	for end < len(text) && nameByte(text[end]) {
		end++
	}
	return strings.TrimRight(text[:end], "-_")
}

// endsInPrefix reports whether a text ends in the prefix of a token, and that begins a word.
func endsInPrefix(text string) bool {
	at := len(text) - len(TokenPrefix)
	return at >= 0 && strings.EqualFold(text[at:], TokenPrefix) && beginsWord(text, at)
}

// beginsWord reports whether no word of a text goes on at a place.
func beginsWord(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	return at == 0 || before != '_' && !unicode.IsLetter(before) && !unicode.IsDigit(before)
}
