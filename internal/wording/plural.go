package wording

import (
	"strconv"
	"strings"
)

// Plural counts things: 1 decimal, 2 decimals, 2 tries.
func Plural(n int, noun string) string {
	if n != 1 {
		noun = pluralOf(noun)
	}
	return strconv.Itoa(n) + " " + noun
}

// pluralOf is the plural of a noun that follows the rules.
func pluralOf(noun string) string {
	stem, y := strings.CutSuffix(noun, "y")
	if y && stem != "" && !strings.ContainsAny(stem[len(stem)-1:], "aeiou") {
		return stem + "ies"
	}
	return noun + "s"
}
