package yamlfile_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// YAML knows more ends of a line than most programs.
var lineBreak = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")

// FuzzDocument holds that every fault of a file has a place in it. What is missing at its end stands behind it.
func FuzzDocument(f *testing.F) {
	for _, source := range []string{
		"a\rb: c", "a\r\nb: c", "a\u0085b: c", "a\u2028b: c", "a: [b,\rc: d", "\"a\rb", "a\rb\x01",
		"- \n a: b", "- - \n  a\n b: c", "- card\n\n    amount: 1\n", "order: [\n  a: b\n  c: d\n]\n", "order:\n\t- a\n", "",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		_, faults := read(source, false)
		lines := lineBreak.Split(source, -1)
		for _, fault := range faults {
			require.GreaterOrEqual(t, fault.Line, 1, "%q: %s", source, fault.Message)
			require.LessOrEqual(t, fault.Line, len(lines)+1, "%q: %s", source, fault.Message)
			require.GreaterOrEqual(t, fault.Column, 1, "%q: %s", source, fault.Message)
		}
	})
}
