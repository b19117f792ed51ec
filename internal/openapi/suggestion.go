package openapi

import "strings"

// furthest is how many letters may differ between a key and the one that was meant.
const furthest = 2

// closest finds the known name that was probably meant.
func closest(name string, known []string) (string, bool) {
	best, found := "", furthest+1
	for _, candidate := range known {
		if len(name) > len(candidate)+furthest || len(candidate) > len(name)+furthest {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < found && 2*d < len(candidate) {
			best, found = candidate, d
		}
	}
	return best, found <= furthest
}

// distance counts the letters to insert, remove or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
