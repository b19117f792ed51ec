package extent_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// In each extent, what is looked at is known.
func TestExtents(t *testing.T) {
	short := flag.Lookup("test.short").Value
	before := short.String()
	t.Cleanup(func() { require.NoError(t, short.Set(before)) })
	all := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}

	for _, c := range []struct {
		short, everything string
		whole, quick      bool
		every, first      []int
		of                string
	}{
		{"false", "", true, false, all, all, "whole"},
		{"false", "1", true, false, all, all, "whole"},
		{"true", "1", false, false, []int{0, 2, 4, 6, 8}, []int{0, 1}, "thinned"},
		{"true", "", false, true, []int{0, 4, 8}, []int{0, 1}, "quick"},
		{"true", "0", false, true, []int{0, 4, 8}, []int{0, 1}, "quick"},
	} {
		t.Run("short "+c.short+", everything "+c.everything, func(t *testing.T) {
			require.NoError(t, short.Set(c.short))
			t.Setenv("PAYPORTER_MOCK_TEST_ALL", c.everything)
			require.Equal(t, c.everything == "1", extent.Everything())
			require.Equal(t, c.whole, extent.Whole())
			require.Equal(t, c.quick, extent.Quick())
			require.Equal(t, c.every, extent.Every(2, 4, all))
			require.Equal(t, c.first, extent.First(2, all...))
			require.Equal(t, c.of, extent.Of("whole", "thinned", "quick"))
			require.Equal(t, [3]bool{true, c.quick, !c.whole}, [3]bool{
				leftOut(func(t *recorder) { extent.Required(t, "no browser") }) || c.everything == "1",
				leftOut(func(t *recorder) { extent.NotQuick(t, "long") }),
				leftOut(func(t *recorder) { extent.Repeated(t, "long") }),
			})
			require.Equal(t, c.everything == "1", failed(func(t *recorder) { extent.Required(t, "no browser") }))
		})
	}
}

// recorder is a test that only notes what becomes of it.
type recorder struct {
	testing.TB
	skipped, fatal bool
}

func (*recorder) Helper()        {}
func (r *recorder) Skip(...any)  { r.skipped = true }
func (r *recorder) Fatal(...any) { r.fatal = true; panic(r) }

func leftOut(do func(*recorder)) bool {
	r := &recorder{}
	r.watch(do)
	return r.skipped
}

func failed(do func(*recorder)) bool {
	r := &recorder{}
	r.watch(do)
	return r.fatal
}

// watch ends where Fatal ends a test.
func (r *recorder) watch(do func(*recorder)) {
	defer func() {
		if ended := recover(); ended != nil && ended != r {
			panic(ended)
		}
	}()
	do(r)
}

// No other package decides by itself what is left out: it could forget that everything is wanted.
func TestNobodyElseAsksForTheExtent(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "node_modules" || path != root && strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".go" || filepath.Base(filepath.Dir(path)) == "extent":
			return nil
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotContains(t, string(source), "testing.Short()", path)
		if !strings.Contains(path, filepath.Join("testdata", "generators")) { // a program, with no test of its own
			require.NotContains(t, string(source), `Getenv("PAYPORTER_MOCK_TEST_ALL")`, path)
		}
		return nil
	}))
}
