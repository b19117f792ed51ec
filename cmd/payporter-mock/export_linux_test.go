package main

import "bufio"

// Untouched lists the mappings that rest gives back.
func Untouched(smaps *bufio.Scanner, file string) (found [][2]uintptr) {
	for _, part := range untouched(smaps, file) {
		found = append(found, [2]uintptr{part.start, part.end})
	}
	return found
}
