package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
)

// rest gives back what only the start needed: free memory, and the pages of the program's own file, most of which
// nothing touches again. They stay in the system's cache, so that one that is needed after all is there at once.
func rest() {
	debug.FreeOSMemory()
	program, err := os.Executable()
	if err != nil {
		return // it stays as large as it is
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer maps.Close()
	for _, part := range untouched(bufio.NewScanner(maps), program) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, part.start, part.end-part.start, syscall.MADV_DONTNEED)
	}
}

// mapping is a range of addresses.
type mapping struct{ start, end uintptr }

// untouched lists the mappings of a file that can be read only and are as they are in the file. A part that was written
// to, as a loader does with addresses in some kinds of programs, would be lost.
func untouched(smaps *bufio.Scanner, file string) []mapping {
	var found []mapping
	var at mapping
	ours := false
	for smaps.Scan() {
		line := smaps.Text()
		var start, end uintptr
		var access string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &start, &end, &access); n == 3 {
			at, ours = mapping{start, end}, access[1] == '-' && strings.HasSuffix(line, " "+file)
		}
		if rest, ok := strings.CutPrefix(line, "Anonymous:"); ok && ours && strings.TrimSpace(rest) == "0 kB" {
			found = append(found, at)
		}
	}
	return found
}
