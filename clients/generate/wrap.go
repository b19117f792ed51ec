package main

import "strings"

// width is how long a line of generated text may be.
const width = 110

// wrapped is a text with a prefix before each line, and no line longer than width where its words allow.
func wrapped(text, prefix string) string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := prefix
		for _, word := range strings.Fields(paragraph) {
			if line != prefix && len(line)+len(word) > width {
				lines, line = append(lines, line), prefix
			}
			line += word + " "
		}
		lines = append(lines, line)
	}

	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}
