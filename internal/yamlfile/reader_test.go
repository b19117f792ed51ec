package yamlfile_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// read reads a file that is a mapping with the keys amount, card and order, and lists what it says.
func read(source string, numericKeys bool) (said []string, faults []yamlfile.Fault) {
	r := yamlfile.Reader{Report: func(f yamlfile.Fault) { faults = append(faults, f) }, NumericKeys: numericKeys}
	root := r.Document([]byte(source), "the file", "begin with order:")
	if root == nil {
		return nil, faults
	}

	file, _ := r.Value(root, "")
	r.Mapping(file, []string{"amount", "card", "order"}, func(_ string, v yamlfile.Value) {
		at := v.Place()
		said = append(said, fmt.Sprintf("%s is %s at %d:%d", v.Path, yamlfile.Describe(v.Node), at.Line, at.Column))
	})
	return said, faults
}

func TestMappingIsReadInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	for source, want := range map[string][]string{
		"order: a\namount: 1.50\n":                      {`order is "a" at 1:8`, "amount is 1.50 at 2:9"},
		"order: &o [1]\namount: *o\n":                   {"order is a list at 1:8", "amount is a list at 1:8"},
		"<<: {order: a, amount: 2}\namount: 1\n":        {"amount is 1 at 2:9", `order is "a" at 1:13`},
		"<<: [{order: a}, {order: b, <<: {amount: 3}}]": {`order is "a" at 1:14`, "amount is 3 at 1:42"},
		"card: 5421190122090656\norder: 2026-01-31": {
			"card is 542119******0656 at 1:7", `order is "2026-01-31" at 2:8`,
		},
		"# comment\n{\"order\": \"a\", \"amount\": 1e2}": {`order is "a" at 2:11`, "amount is 1e2 at 2:26"},
	} {
		said, faults := read(source, false)
		require.Empty(t, faults, source)
		require.Equal(t, want, said, source)
	}
}

func TestEveryFaultHasItsPlaceAndItsRemedy(t *testing.T) {
	t.Parallel()
	at := func(line, column int, kind yamlfile.Kind, path, message, hint string) yamlfile.Fault {
		place := yamlfile.Place{Line: line, Column: column}
		return yamlfile.Fault{Place: place, Kind: kind, Path: path, Message: message, Hint: hint}
	}
	for source, want := range map[string][]yamlfile.Fault{
		"ordr: a\nzzz: b\n": {
			at(1, 1, yamlfile.UnknownKey, "", `unknown key "ordr"`, `did you mean "order"?`),
			at(2, 1, yamlfile.UnknownKey, "", `unknown key "zzz"`, "known are amount, card, order"),
		},
		"order: a\n1: b\norder:\namount:\n": {
			at(2, 1, yamlfile.InvalidKey, "", "a key must be text, got 1", ""),
			at(3, 1, yamlfile.RepeatedKey, "", `the key "order" is given twice`, "first at line 1"),
			at(4, 1, yamlfile.NoValue, "amount", "amount has no value", "give it one or leave the key out"),
		},
		"- order": {at(1, 1, yamlfile.Other, "", " must be a mapping, got a list", "")},
		"order: [": {at(1, 8, yamlfile.NotYAML, "",
			"the file is not YAML: did not find expected node content", "while parsing a flow node")},
		"order: a\n\tcard: b\n": {at(2, 1, yamlfile.Other, "",
			"a tab stands where YAML takes only spaces", "write spaces for it")},
		"order:\n  \tcard: b\n": {at(2, 3, yamlfile.Other, "",
			"a tab stands where YAML takes only spaces", "write spaces for it")},
		"# nothing":       {at(1, 1, yamlfile.Other, "", "the file is empty", "begin with order:")},
		"a: b\n---\nc: d": {at(2, 1, yamlfile.Other, "", "the file holds one document", "leave out what follows ---")},
		"order: ü\x01":    {at(1, 9, yamlfile.Other, "", "the file must be UTF-8 text without control characters", "")},
		"&a\n<<: *a\n": {at(1, 1, yamlfile.Other, "<<",
			"<< must be a mapping or a list of mappings that do not contain themselves, got a mapping", "")},
	} {
		said, faults := read(source, false)
		require.Equal(t, want, faults, "%q", source)
		require.LessOrEqual(t, len(said), 1)
	}
}

// The parser notices much of it only in a later line, where nothing is wrong.
func TestWhatIsNoYAMLIsToldWhereItBegins(t *testing.T) {
	t.Parallel()
	const colon, value = "could not find expected ':'", "mapping values are not allowed in this context"
	for source, want := range map[string]struct {
		line, column int
		message      string
	}{
		"order a\ncard: b\n":                             {1, 1, colon},
		"order: a\namount 1\ncard: b\n":                  {2, 1, colon},
		"order:\n  - card a\n    amount: 1\n":            {2, 5, colon},
		"order:\n  - card\n\n    amount: 1\n":            {2, 5, colon},
		"order: \"a\ncard: b\n":                          {1, 8, "found unexpected end of stream"},
		"order: 'a\ncard: b\n":                           {1, 8, "found unexpected end of stream"},
		"order: [a, b\ncard: c\n":                        {1, 8, "did not find expected ',' or ']'"},
		"order: {a: b\ncard: c\n":                        {1, 8, "did not find expected ',' or '}'"},
		"order:\n  card: {a: b,\n    c: d\n":             {2, 9, "did not find expected ',' or '}'"},
		"order: [\n\n# end\n":                            {1, 8, "did not find expected node content"},
		"order: [\n  a: b\n  c: d\n]\n":                  {3, 4, "did not find expected ',' or ']'"},
		"order: a: b\n":                                  {1, 9, value},
		"order:\n  card: [\n  1,\n  2\nc: 1\n":           {5, 2, value},
		"order a\ncard: b: c\n":                          {1, 1, colon},
		"order: a\n  card: b\n":                          {2, 7, value},
		"order:\n    card: a\n  amount: 1\n":             {3, 3, "did not find expected key"},
		"order: |\n  some text\n card: a\n":              {3, 2, "did not find expected key"},
		"order: [\n  a,\n  b\ncard: c\n":                 {1, 8, "did not find expected ',' or ']'"},
		"order:\n  card: [\n  a,\n  b\namount: c\n":      {2, 9, "did not find expected ',' or ']'"},
		"order: 'a text\n  of two lines'\n  card: c\n":   {3, 3, "did not find expected key"},
		"order: \"a text\n  of two lines\" b\ncard: c\n": {2, 17, "did not find expected key"},
	} {
		_, faults := read(source, false)
		require.Len(t, faults, 1, "%q", source)
		at := yamlfile.Place{Line: want.line, Column: want.column}
		require.Equal(t, at, faults[0].Place, "%q: %s", source, faults[0].Message)
		require.Equal(t, "the file is not YAML: "+want.message, faults[0].Message, "%q", source)
	}
}

func TestKeysMayBeNumbersWhereTheReaderTakesThem(t *testing.T) {
	t.Parallel()
	_, faults := read("1: a\n[b]: c\n", true)
	require.Len(t, faults, 2)
	require.Equal(t, `unknown key "1"`, faults[0].Message)
	require.Equal(t, "a key must be text, got a list", faults[1].Message)
}
