// Package wording words what several packages say in messages: which known word was probably meant, how many of a
// thing there are, and lists such as a, b or c. It is English, and knows nothing of what the words are about.
package wording

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// mostListed is how many known words a hint lists.
const mostListed = 16

// Hint helps with a word that is not among the known ones: it names the nearest, or all of them when none is near and
// they are few. It is empty when there is no help.
func Hint(word string, known []string) string {
	hint := DidYouMean(word, known)
	if hint == "" && len(known) > 0 && len(known) <= mostListed {
		return "known are " + strings.Join(known, ", ")
	}
	return hint
}

// DidYouMean names the known word that was probably meant, as a question. It is empty when none is near.
func DidYouMean(word string, known []string) string {
	if near := Nearest(word, known); len(near) > 0 {
		return "did you mean " + strconv.Quote(near[0]) + "?"
	}
	return ""
}

// Nearest lists at most three known words that were probably meant, the likeliest first: those in which at
// most a third of the letters differ, then those that contain the word or are contained in it. Upper and
// lower case are the same.
func Nearest(word string, known []string) []string {
	type candidate struct {
		word string
		rank int
	}
	var near []candidate
	for _, k := range known {
		if rank, ok := rankOf(strings.ToLower(word), strings.ToLower(k)); ok {
			near = append(near, candidate{k, rank})
		}
	}

	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.word, b.word))
	})
	words := make([]string, min(len(near), 3))
	for i := range words {
		words[i] = near[i].word
	}
	return words
}

// longest is how many bytes are compared; a longer word is nobody's typing mistake.
const longest = 100

// rankOf is lower the likelier the known word was meant. Not ok: it was not meant.
func rankOf(word, known string) (rank int, ok bool) {
	if word == "" || len(word) > longest || len(known) > longest {
		return 0, false
	}

	differences := distance(word, known)
	if 3*differences <= max(len(word), len(known)) {
		return differences, true
	}

	contained := len(word) >= 3 && strings.Contains(known, word) || len(known) >= 3 && strings.Contains(word, known)
	return longest + differences, contained
}

// distance counts the bytes to insert, remove, replace, or swap with the next one (Levenshtein with transpositions).
func distance(a, b string) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}

	for i := range len(a) {
		before, above, row = above, row, before
		row[0] = i + 1
		for j := range len(b) {
			replaced := above[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
