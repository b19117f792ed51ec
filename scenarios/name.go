package scenarios

import "strings"

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

// TokenPrefix begins a token that names a scenario within another text.
const TokenPrefix = "mock:"

// Token finds the scenario that a text names, such as an orderId ORD-1-mock:insufficient-funds. The
// name ends where its letters, digits, hyphens and underscores end; hyphens and underscores at the
// end are not part of it. Not ok: the text has no token. The name need not be one of a scenario.
func Token(text string) (name string, ok bool) {
	_, after, ok := strings.Cut(text, TokenPrefix)
	if !ok {
		return "", false
	}
	end := 0
	for end < len(after) && nameByte(after[end]) {
		end++
	}
	name = strings.TrimRight(after[:end], "-_")
	return name, name != ""
}
