package openapi_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func TestCheckContentType(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	for _, value := range []string{
		"application/json", "Application/JSON", "application/json; charset=utf-8", `application/json;charset="UTF-8"; x=y`,
	} {
		v, faulty := op.CheckContentType(value)
		require.False(t, faulty, "%s: %s", value, v)
	}
	for value, want := range map[string]string{
		"":           "Content-Type: is required and must be application/json",
		"text/plain": `Content-Type: must be application/json, got "text/plain"`,
		"application/x-www-form-urlencoded": `Content-Type: must be application/json, got ` +
			`"application/x-www-form-urlencoded"`,
		"json":                             `Content-Type: must be application/json, got "json"`,
		"application/json; charset":        `Content-Type: must be application/json, got "application/json; charset"`,
		"application/json; charset=latin1": `Content-Type: must have the charset utf-8, got "latin1"`,
	} {
		v, faulty := op.CheckContentType(value)
		require.True(t, faulty, value)
		require.Equal(t, want, v.String())
		require.Equal(t, "header", v.In)
	}
	_, faulty := operation(t, "getCheckout").CheckContentType("text/plain")
	require.False(t, faulty, "an operation without a body")
}

func TestCheckParams(t *testing.T) {
	t.Parallel()
	op := operation(t, "getCheckout")
	check := func(id string) []openapi.Violation {
		return op.CheckParams(httptest.NewRequest("GET", "/api/checkout/x", nil), map[string]string{"checkoutId": id})
	}
	require.Empty(t, check("123e4567-e89b-12d3-a456-426614174000"))
	require.Empty(t, check("123E4567-E89B-12D3-A456-426614174000"), "in any letter case")
	for id, want := range map[string]string{
		"undefined":                              `checkoutId: must be a UUID, got "undefined"`,
		"{123e4567-e89b-12d3-a456-426614174000}": `checkoutId: must be a UUID, got "{123e4567-e89b-12d3-a456-426614174000}"`,
		"123e4567e89b12d3a456426614174000":       `checkoutId: must be a UUID, got "123e4567e89b12d3a456426614174000"`,
		"123e4567-e89b-12d3-a456-42661417400g":   `checkoutId: must be a UUID, got "123e4567-e89b-12d3-a456-42661417400g"`,
		"4111111111111111":                       `checkoutId: must be a UUID, got a value that looks like a card number`,
	} {
		violations := check(id)
		require.Equal(t, []string{want}, sentences(violations))
		require.Equal(t, "path", violations[0].In)
	}
}

const parametersDocument = `
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /list:
    parameters:
      - {name: status, in: query, schema: {type: array, items: {type: string, enum: [SUCCESS, FAILED]}}}
      - {name: count, in: query, required: true, schema: {type: boolean}}
    get:
      operationId: list
      security: [{}, {key: []}]
      parameters:
        - {name: count, in: query, required: true, schema: {type: integer, minimum: 1, maximum: 100, default: 5}}
        - {name: after, in: query, schema: {type: string, format: date-time}}
        - {name: keep, in: query, schema: {type: boolean}}
        - {name: ratio, in: query, schema: {type: number}}
        - {name: X-Mock-Scenario, in: header, schema: {type: string, minLength: 1, pattern: '^[a-z-]+$'}}
        - {name: basket, in: cookie, schema: {type: string, maxLength: 3}}
      responses: {'204': {description: done}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: K}}}
`

func TestCheckParamsOfEveryKind(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(parametersDocument))
	require.NoError(t, err)
	op, _ := doc.Operation("list")
	require.True(t, op.Secured(), "credentials can be wanted, even where they may be left out")

	cases := map[string][]string{
		"/list?count=5&status=SUCCESS&status=FAILED&after=2026-11-23T10:00:00Z&keep=true&ratio=0.5": {},
		"/list":             {"count: is required"},
		"/list?count=":      {"count: must not be empty"},
		"/list?count=ten":   {`count: must be a whole number, got "ten"`},
		"/list?count=1.5":   {`count: must be a whole number, got 1.5`},
		"/list?count=0":     {`count: must be at least 1, got 0`},
		"/list?count=1e400": {`count: must be at most 100, got 1e400`},
		"/list?count=1&status=SUCCESS&status=PAID": {`status[1]: must be one of SUCCESS, FAILED, got "PAID"`},
		"/list?count=1&after=yesterday":            {`after: must be a time such as 2006-01-02T15:04:05Z, got "yesterday"`},
		"/list?count=1&keep=maybe":                 {`keep: must be true or false, got "maybe"`},
		"/list?count=1&ratio=NaN":                  {`ratio: must be a number, got "NaN"`},
		"/list?keep=x&ratio=y": {
			`count: is required`, `keep: must be true or false, got "x"`,
			`ratio: must be a number, got "y"`,
		},
	}
	for target, want := range cases {
		r := httptest.NewRequest("GET", target, nil)
		require.Equal(t, want, sentences(op.CheckParams(r, nil)), target)
		require.Equal(t, target, r.URL.String(), "the request is as it was")
	}

	r := httptest.NewRequest("GET", "/list?count=1", nil)
	r.Header.Set("X-Mock-Scenario", "A B")
	r.Header.Set("Cookie", "basket=long")
	require.Equal(t, []openapi.Violation{
		{In: "header", Field: "X-Mock-Scenario", Rule: "pattern", Message: `must have the documented form, got "A B"`},
		{In: "cookie", Field: "basket", Rule: "maxLength", Message: `must have at most 3 characters, got 4`},
	}, op.CheckParams(r, nil))
}
