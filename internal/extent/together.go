package extent

import (
	"flag"
	"runtime"
	"strconv"
)

// Together lets so many tests go on at a time for each processor, unless the flag -parallel says how many in all. It is
// for packages whose tests mostly wait: for processes, for PostgreSQL, for time that passes. Under the race detector
// they work more, and at most three go on at a time.
func Together(each int) {
	if Raced {
		each = min(each, 3)
	}
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked {
		_ = flag.Set("test.parallel", strconv.Itoa(each*runtime.GOMAXPROCS(0))) // it takes every number
	}
}
