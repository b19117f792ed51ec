package route

import "strings"

// fault says what is wrong with a path that means nothing to any server; empty: nothing is.
func fault(path string) string {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return `must not have the segment "` + segment + `": write the path that is meant without it`
		}
	}
	if strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return "must not contain control characters such as %00: leave them out"
	}
	return ""
}
