package openapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func TestCheckQuery(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(parametersDocument))
	require.NoError(t, err)
	op, _ := doc.Operation("list")

	cases := map[string][]string{
		"":                              {},
		"count=5&status=SUCCESS&keep=x": {},
		"status=SUCCESS&status=FAILED":  {},
		"%63ount=5":                     {},
		"Count=5":                       {`Count: unknown parameter, did you mean "count"?`},
		"basket=1&statuses=SUCCESS": {
			`basket: unknown parameter, known are after, count, keep, ratio, status`,
			`statuses: unknown parameter, did you mean "status"?`,
		},
		"count=5&count=5&keep=": {"count: must be given once, got it 2 times", "keep: must not be empty: give it " +
			"a value or leave it out"},
		"status=SUCCESS&status=": {"status: must not be empty: give it a value or leave it out"},
		"count=5;keep=true":      {"query: cannot be read: separate parameters by &, and write ; as %3B and % as %25"},
		"count=%zz":              {"query: cannot be read: separate parameters by &, and write ; as %3B and % as %25"},
		"4111111111111111=1": {"(a name that looks like a card number): unknown parameter, known are after, " +
			"count, keep, ratio, status"},
	}
	for query, want := range cases {
		require.Equal(t, want, sentences(op.CheckQuery(query)), query)
	}
	require.Equal(t, []openapi.Violation{{
		In: "query", Field: "n", Rule: "unknown", Message: "unknown parameter, there are none",
	}}, operation(t, "getCheckout").CheckQuery("n=1"))
}
