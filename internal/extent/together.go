package extent

import (
	"flag"
	"runtime"
	"strconv"
)

// Together lets three times as many tests of a quick run go on at a time as there are processors, unless the flag
// -parallel says how many. It is for packages whose tests mostly wait: for processes, for PostgreSQL, for time that
// passes. In a longer run there is always one that works, and under the race detector all do.
func Together() {
	if !Quick() || Raced {
		return
	}
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked {
		_ = flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))) // it takes every number
	}
}
