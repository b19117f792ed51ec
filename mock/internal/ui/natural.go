package ui

import (
	"cmp"
	"strings"
)

// asPeopleCount compares two keys as people sort them: test_2 comes before test_10.
func asPeopleCount(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		var partA, partB string
		partA, restA = part(restA)
		partB, restB = part(restB)
		if order := compareParts(partA, partB); order != 0 {
			return order
		}
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), strings.Compare(a, b))
}

// part cuts off the first letter, or all the digits that a text begins with.
func part(s string) (first, rest string) {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	end = max(end, 1)
	return s[:end], s[end:]
}

func compareParts(a, b string) int {
	if !isDigit(a[0]) || !isDigit(b[0]) {
		return strings.Compare(a, b)
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
