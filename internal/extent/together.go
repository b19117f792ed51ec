package extent

import (
	"flag"
	"runtime"
	"strconv"
)

// Together lets so many tests of a quick run go on at a time for each processor, unless the flag -parallel says how
// many in all. It is for packages whose tests mostly wait: for processes, for PostgreSQL, for time that passes. In a
// longer run there is always one that works, and under the race detector all do.
func Together(each int) {
	if !Quick() || Raced {
		return
	}
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked {
		_ = flag.Set("test.parallel", strconv.Itoa(each*runtime.GOMAXPROCS(0))) // it takes every number
	}
}
