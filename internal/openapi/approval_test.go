package openapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// everyKeyword is a document whose request body has, property by property, the keywords that are judged without
// kin-openapi, and some that are not.
const everyKeyword = `
openapi: 3.0.3
info: {title: Every keyword, version: '1'}
paths:
  /things:
    post:
      operationId: make
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses: {'200': {description: made}}
components:
  schemas:
    Thing:
      type: object
      required: [must]
      additionalProperties: {type: integer}
      properties:
        must: {}
        text: {type: string, minLength: 2, maxLength: 3}
        nullable: {type: string, nullable: true, minLength: 1}
        pattern: {type: string, pattern: '^[a\u00E7]+$'}
        uuid: {type: string, format: uuid}
        uri: {type: string, format: uri}
        time: {type: string, format: date-time}
        day: {type: string, format: date}
        enum: {type: string, enum: [a, b]}
        numbers: {enum: [1, 2]}
        not: {type: string, not: {enum: [a, b]}}
        number: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 10, multipleOf: 0.01}
        whole: {type: integer, minimum: -1, maximum: 3, exclusiveMaximum: true}
        thirds: {type: number, multipleOf: 3}
        bool: {type: boolean}
        list: {type: array, items: {type: string, maxLength: 1}}
        short: {type: array, maxItems: 1, items: {}}
        closed: {type: object, properties: {a: {type: string}}, additionalProperties: false}
        strict: {type: object, required: [a], additionalProperties: false}
        wants: {type: object, required: [a]}
        both: {allOf: [{type: string}, {minLength: 2}]}
        either: {anyOf: [{type: string}, {type: integer, minimum: 5}]}
        one: {oneOf: [{type: string}, {type: string, minLength: 2}]}
        self: {$ref: '#/components/schemas/Self'}
    Self:
      type: object
      properties: {inner: {$ref: '#/components/schemas/Self'}, size: {type: integer}}
`

// TestJudgementsAreThoseOfKinOpenapi holds that nothing is approved of that kin-openapi refuses, nor the other way
// round.
func TestJudgementsAreThoseOfKinOpenapi(t *testing.T) {
	t.Parallel()
	document, err := openapi.Parse([]byte(everyKeyword))
	require.NoError(t, err)
	op, ok := document.Operation("make")
	require.True(t, ok)
	spec, err := openapi3.NewLoader().LoadFromData([]byte(everyKeyword))
	require.NoError(t, err)
	thing := spec.Components.Schemas["Thing"].Value

	values := []string{
		`null`, `""`, `"a"`, `"ab"`, `"abc"`, `"abcd"`, `"ç"`, `"çç"`, `"çççç"`, `"😀"`, `"😀😀"`, `"b"`, `"c"`, `true`, `0`,
		`-1`, `-1.0`, `1`, `2`, `3`, `3.0`, `30e-1`,
		`0.01`, `0.010`, `0.001`, `1e-3`, `10`, `10.00`, `10.01`, `5`, `4.5`, `6`, `[]`, `["a"]`, `["ab"]`, `[1]`,
		`["a","b"]`, `[null]`, `{}`, `{"a":"x"}`, `{"a":1}`, `{"b":1}`,
		`{"inner":{"size":1}}`, `{"inner":{"size":"x"}}`, `{"inner":null}`,
		`"123e4567-e89b-12d3-a456-426614174000"`, `"https://example.com/a"`, `"/a"`, `"2023-05-01T14:30:00Z"`,
		`"2023-05-01T14:30:00+03:00"`, `"2023-13-01T14:30:00Z"`, `"2023-05-01"`,
	}
	judged := map[bool]int{}
	judge := func(body string) {
		var value any
		decoder := json.NewDecoder(strings.NewReader(body))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&value), body)
		_, violations := op.CheckBody([]byte(body))
		want := thing.VisitJSON(value,
			openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
				"uuid": openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC4122),
				"uri":  openapi3.NewRegexpFormatValidator(`^[a-z]+:`),
			}))
		require.Equal(t, want == nil, len(violations) == 0, "%s\nkin-openapi: %v\nhere: %v", body, want, violations)
		judged[want == nil]++
	}
	judge(`{}`)
	for name := range thing.Properties {
		for _, value := range values {
			if name == "must" {
				judge(`{"must":` + value + `}`)
				continue
			}
			judge(`{"must":0,"` + name + `":` + value + `}`)
		}
	}
	for _, value := range values {
		judge(`{"must":0,"extra":` + value + `}`)
		judge(value)
	}
	require.Greater(t, judged[true], 100)
	require.Greater(t, judged[false], 100)
}

// A right body is never left to kin-openapi, which takes ten times as long to say so.
func TestEveryBodyIsJudgedWithoutKinOpenAPI(t *testing.T) {
	t.Parallel()
	bodies := 0
	for _, op := range merchantAPI(t).Operations() {
		for name, unsure := range op.Bodies() {
			bodies++
			require.False(t, unsure, "%s: %s", op.ID, name)
		}
	}
	require.Greater(t, bodies, 50)
}
