package scenarios

import "strings"

// mostWays is how many patterns without {...} one pattern may stand for.
const mostWays = 32

// expand lists the patterns without {...} that a pattern stands for: a{b,c} is ab and ac. Not ok:
// they are too many.
func expand(pattern string) (ways []string, ok bool) {
	open := next(pattern, 0, "{")
	if open == len(pattern) {
		return []string{pattern}, true
	}

	options, end := options(pattern, open+1)
	for _, option := range options {
		more, ok := expand(pattern[:open] + option + pattern[end:])
		if ways = append(ways, more...); !ok || len(ways) > mostWays {
			return nil, false
		}
	}
	return ways, true
}

// options splits what begins after a { at the commas that are not within another {...}. end is
// behind the }.
func options(pattern string, start int) (all []string, end int) {
	depth := 0
	for at := next(pattern, start, "{,}"); at < len(pattern); at = next(pattern, at+1, "{,}") {
		switch {
		case pattern[at] == '{':
			depth++
		case depth > 0:
			if pattern[at] == '}' {
				depth--
			}
		default:
			all = append(all, pattern[start:at])
			start = at + 1
			if pattern[at] == '}' {
				return all, start
			}
		}
	}

	return append(all, pattern[start:]), len(pattern) // never: such a pattern does not compile
}

// next finds the next of some characters that is neither escaped nor within [...]; the length of
// the pattern means that there is none.
func next(pattern string, at int, characters string) int {
	inClass := false
	for ; at < len(pattern); at++ {
		switch c := pattern[at]; {
		case c == '\\':
			at++
		case inClass:
			inClass = c != ']'
		case strings.IndexByte(characters, c) >= 0:
			return at
		case c == '[':
			inClass = true
		}
	}
	return len(pattern)
}
