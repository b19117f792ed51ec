package openapi_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// clockDocument has what the merchant API has not: closed objects, lists, maps, and every kind of alternative.
const clockDocument = `
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /clock:
    post:
      operationId: moveClock
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Move'}
      responses: {'204': {description: done}}
components:
  schemas:
    Move:
      type: object
      additionalProperties: false
      minProperties: 1
      properties:
        advance: {type: string, minLength: 2}
        freeze: {type: boolean}
        count: {type: integer, format: int32, multipleOf: 5}
        when:
          anyOf: [{type: string}, {type: integer}]
        target:
          oneOf:
            - {type: object, additionalProperties: false, required: [url], properties: {url: {type: string}}}
            - {type: object, additionalProperties: false, required: [id], properties: {id: {type: string}}}
        loose:
          oneOf:
            - {type: object, properties: {a: {type: string}}}
            - {type: object, properties: {b: {type: string}}}
        named:
          allOf:
            - {type: object, required: [name], properties: {name: {type: string, minLength: 1}}}
            - {type: object, properties: {age: {type: integer}}}
        labels: {type: object, additionalProperties: {type: string, maxLength: 3}}
        list: {type: array, minItems: 1, maxItems: 2, uniqueItems: true, items: {$ref: '#/components/schemas/Move'}}
        other: {type: string, not: {enum: [taken]}}
        maybe: {nullable: true, allOf: [{type: string}]}
`

func TestCheckBodyOfEveryKind(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(clockDocument))
	require.NoError(t, err)
	op, _ := doc.Operation("moveClock")
	cases := map[string][]string{
		``:                       {},
		`{"advance":"1h"}`:       {},
		`{"when":5}`:             {},
		`{"maybe":null}`:         {},
		`{"target":{"id":"a"}}`:  {},
		`{"named":{"name":"a"}}`: {},
		`{"labels":{"x":"abc"}}`: {},
		`{}`:                     {"body: must not be empty"},
		`{"advanc":"1h"}`:        {`advanc: unknown key, did you mean "advance"?`},
		`{"Freeze":true}`:        {`Freeze: unknown key, did you mean "freeze"?`},
		`{"sleep":1}`: {"sleep: unknown key, known are advance, count, freeze, labels, list, " +
			"loose, maybe, named, other, target, when"},
		`{"":1,"":2}`: {`"": appears twice`, `"": unknown key, known are advance, count, ` +
			`freeze, labels, list, loose, maybe, named, other, target, when`},
		`{"advance":"x"}`:       {"advance: must have at least 2 characters, got 1"},
		`{"count":7}`:           {"count: must be a multiple of 5, got 7"},
		`{"count":50000000000}`: {"count: must be between -2147483648 and 2147483647, got 50000000000"},
		`{"count":1e400}`:       {"count: is too large a number, got 1e400"},
		`{"when":true}`:         {"when: must be text or a whole number, got true"},
		`{"when":null}`:         {"when: must not be null"},
		`{"target":{}}`:         {"target: needs url or id"},
		`{"target":5}`:          {"target: must be an object, got the number 5"},
		`{"target":{"ur":"x"}}`: {`target.url: is required`, `target.ur: unknown key, did you mean "url"?`},
		`{"loose":{"c":1}}`:     {"loose: must fit one of the documented forms, but fits 2 of them"},
		`{"named":{"age":"x"}}`: {"named.name: is required", `named.age: must be a whole number, got ` +
			`the text "x"`},
		`{"labels":{"x":"abcd"}}`: {"labels.x: must have at most 3 characters, got 4"},
		`{"labels":{"4111111111111111":"abcd"}}`: {"labels.(a name that looks like a card number): must have at most 3 " +
			"characters, got 4"},
		`{"list":[]}`: {"list: must not be empty"},
		`{"list":[{"freeze":true},{"freeze":true}]}`: {"list: must not have an item twice"},
		`{"list":[{"freeze":1},{"freez":1},{}]}`: {
			"list: must have at most 2 items, got 3", "list[0].freeze: must be true or false, got the number 1",
			`list[1].freez: unknown key, did you mean "freeze"?`, "list[2]: must not be empty",
		},
		`{"other":"taken"}`: {`other: must be another value, got "taken"`},
	}
	for body, want := range cases {
		_, violations := op.CheckBody([]byte(body))
		require.Equal(t, want, sentences(violations), body)
	}

	t.Run("unknown names are listed where the document has names", func(t *testing.T) {
		t.Parallel()
		body, _ := op.CheckBody([]byte(`{"x":1,"named":{"name":"a","age":1,"y":2},"labels":{"z":"1"},"list":[{"w":1}]}`))
		require.Equal(t, []string{"list[0].w", "named.y", "x"}, body.Unknown)
	})
	t.Run("no more faults are told than anyone reads", func(t *testing.T) {
		t.Parallel()
		_, violations := op.CheckBody([]byte(`{"labels":{` + manyLabels(5000) + `}}`))
		require.Len(t, violations, 100)
	})
}

func manyLabels(count int) string {
	labels := make([]string, count)
	for i := range labels {
		labels[i] = `"label` + strconv.Itoa(i) + `":"long"`
	}
	return strings.Join(labels, ",")
}
