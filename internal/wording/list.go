package wording

import "strings"

// Or lists words of which one holds: a, b or c.
func Or[T ~string](words []T) string { return list(words, " or ") }

// And lists words that all hold: a, b and c.
func And[T ~string](words []T) string { return list(words, " and ") }

// list puts the last separator before the last word, and commas before the others.
func list[T ~string](words []T, last string) string {
	var text strings.Builder
	for i, word := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text.WriteString(last)
		default:
			text.WriteString(", ")
		}
		text.WriteString(string(word))
	}
	return text.String()
}
