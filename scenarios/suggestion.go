package scenarios

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// didYouMean is the hint for a word that is not among the known ones: the nearest, or all of them
// when none is near and they are few.
func didYouMean(word string, known []string) string {
	hint := nearestHint(word, known)
	if hint == "" && len(known) <= 9 {
		return "known are " + strings.Join(known, ", ")
	}
	return hint
}

// nearestHint is the hint for a word when one of the known ones is near.
func nearestHint(word string, known []string) string {
	if near := nearest(word, known); len(near) > 0 {
		return "did you mean " + strconv.Quote(near[0]) + "?"
	}
	return ""
}

// alternatives reads: a, b or c.
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// nearest finds at most three known words that were probably meant, the likeliest first: those in
// which a third of the letters differ at most, then those that the word is a part of.
func nearest(word string, known []string) []string {
	type candidate struct {
		word string
		far  int
	}
	var near []candidate
	for _, k := range known {
		if far, ok := farness(strings.ToLower(word), strings.ToLower(k)); ok {
			near = append(near, candidate{k, far})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.word, b.word))
	})
	words := make([]string, min(len(near), 3))
	for i := range words {
		words[i] = near[i].word
	}
	return words
}

// longest is how many letters are compared; a longer word is nobody's typing mistake.
const longest = 100

func farness(word, known string) (far int, near bool) {
	if word == "" || len(word) > longest || len(known) > longest {
		return 0, false
	}
	far = distance(word, known)
	if 3*far <= max(len(word), len(known)) {
		return far, true
	}
	partly := len(word) >= 3 && strings.Contains(known, word) || len(known) >= 3 && strings.Contains(word, known)
	return longest + far, partly
}

// distance counts the letters to insert, remove, replace, or swap with the next one.
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
