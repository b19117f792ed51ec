package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/scenarios"
)

// fileOf is a scenario file with n scenarios whose conditions are these; %d in them is the number of the scenario.
func fileOf(n int, when string) []byte {
	var b strings.Builder
	b.WriteString("version: 1\nscenarios:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {name: s%d, when: {%s}}\n", i, strings.ReplaceAll(when, "%d", fmt.Sprint(i)))
	}
	return []byte(b.String())
}

// repeated is a file whose one list has an entry so often.
func repeated(n int, before, entry, after string) []byte {
	return []byte("version: 1\nscenarios:\n  - {name: s, " + before + "&a " + entry + strings.Repeat(", *a", n-1) +
		after + "}\n")
}

// TestSetsAreBounded has for each bound a file just within it, which holds little memory, and one that is beyond it.
func TestSetsAreBounded(t *testing.T) { // not in parallel: it looks at the memory of the whole program
	dear := "description: '" + strings.Repeat("?*", 120) + "zz'"
	ways := "description: '{" + strings.Repeat("?a,", 31) + "?b}'"
	loop := `expr: 'all(split(description, ""), all(split(orderId, ""), # != "zz"))'`
	pattern := `expr: 'description matches "(a|b)*[a-z]{1,40}x"'`
	for name, bound := range map[string]struct {
		within, beyond []byte
		fault          string
	}{
		"scenarios": {
			fileOf(5000, "amount: 1%d"), fileOf(5001, "amount: 1%d"), "5000 scenarios",
		},
		"long patterns": {
			fileOf(387, dear), fileOf(388, dear), "100000 characters of patterns, counting each way through {...} on its own " +
				"and 16 more for it",
		},
		"ways through patterns": {
			fileOf(173, ways), fileOf(174, ways), "100000 characters of patterns",
		},
		"expressions": {
			fileOf(200, loop), fileOf(9_000, loop), "200 expressions, say it with the other keys of when, which cost less",
		},
		"regular expressions": {
			fileOf(109, pattern), fileOf(130, pattern), "10000 steps of regular expressions",
		},
		"steps": {
			repeated(16_000, "status: [", "{times: 1, fields: {a: 1}}", "]"), repeated(60_000, "status: [",
				"{times: 1, fields: {a: 1}}", "]"),
			"100000 values once its aliases are put in",
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := heldBytes()
			set, err := scenarios.Parse("", bound.within)
			require.NoError(t, err)
			require.Less(t, heldBytes()-before, int64(16<<20), "bytes that the largest set of this kind holds")
			runtime.KeepAlive(set)

			_, err = scenarios.Parse("", bound.beyond)
			require.ErrorContains(t, err, "a set of scenarios must not have more than "+bound.fault)
			require.Regexp(t, `^line \d+, column \d+: `, err.Error())
			require.True(t, strings.HasPrefix(err.Error(), placesBeyond[name]), err)
			require.Len(t, err, 1, "nothing is read beyond the bound")
		})
	}
}

// heldBytes is what the program holds now.
func heldBytes() int64 {
	runtime.GC()
	runtime.GC() // what the first one finalised
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// One expression cannot have regular expressions without bound either, and is refused before they are compiled.
func TestRegularExpressionsAreBounded(t *testing.T) {
	huge := `expr: 'description matches "(?:` + strings.Repeat("abcdefgh", 200) + `){1000}"'`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := scenarios.Parse("", fileOf(1, huge))
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "its regular expressions have more than 10000 steps")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), "bytes allocated")
}

// The files of a set count together, in whatever way they are named.
// placesBeyond is where the bound is passed, of those bounds that are passed at one value.
var placesBeyond = map[string]string{
	"scenarios": "line 5003, column 5: ", "long patterns": "line 390, ", "expressions": "line 203, column 31: ",
	"steps": "line 3, column ",
}

func TestFilesOfASetAreBoundedTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var paths []string
	for i := range 3 {
		paths = append(paths, filepath.Join(dir, fmt.Sprintf("%d.yaml", i)))
		source := strings.ReplaceAll(string(fileOf(100, "expr: 'amount > %d'")), "name: s", fmt.Sprintf("name: f%d-s", i))
		require.NoError(t, os.WriteFile(paths[i], []byte(source), 0o600))
	}
	_, err := scenarios.Load(paths[:2])
	require.NoError(t, err)
	for _, named := range [][]string{paths, {dir}} {
		_, err := scenarios.Load(named)
		require.EqualError(t, err, paths[2]+": a set of scenarios must not have more than 200 expressions"+
			", say it with the other keys of when, which cost less")
	}
}
