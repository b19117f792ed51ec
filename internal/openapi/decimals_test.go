package openapi_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// weights is a document whose numbers have as many decimals as the extension says.
func weights(extension string) string {
	return fmt.Sprintf(`
openapi: 3.0.3
info: {title: Weights, version: "1"}
paths:
  /weights:
    post:
      operationId: weigh
      requestBody:
        content:
          application/json:
            schema:
              type: object
              x-payporter-decimals: %s
              properties:
                weight: {type: number, minimum: 0, exclusiveMinimum: true}
                unit: {type: string}
      responses: {'200': {description: Done.}}
`, extension)
}

func TestDecimalsAreDecidedByAnotherProperty(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(weights(`{property: weight, by: unit, usual: 0, others: {"1": [kg], "6": [t]}}`)))
	require.NoError(t, err)
	op, _ := doc.Operation("weigh")

	for body, want := range map[string][]string{
		`{"weight":5.000,"unit":"g"}`:        {},
		`{"weight":1.5e3,"unit":"g"}`:        {},
		`{"weight":0.500000000,"unit":"kg"}`: {},
		`{"weight":0.123456}`:                {},
		`{"weight":0.123456,"unit":7}`:       {"unit: must be text, got the number 7"},
		`{"weight":-0.5,"unit":"g"}`:         {"weight: must be greater than 0, got -0.5"},
		`{"weight":0.5,"unit":"g"}`:          {"weight: must be a whole number for g, got 0.5"},
		`{"weight":5e-1,"unit":"g"}`:         {"weight: must be a whole number for g, got 0.5"},
		`{"weight":0.25,"unit":"kg"}`:        {"weight: must have at most 1 decimal for kg, got 0.25"},
		`{"weight":1e-7,"unit":"t"}`:         {"weight: must have at most 6 decimals for t, got 0.0000001"},
	} {
		_, violations := op.CheckBody([]byte(body))
		require.Equal(t, want, sentences(violations), body)
	}
}

func TestParseRefusesDecimalsOfAnotherForm(t *testing.T) {
	t.Parallel()
	for _, extension := range []string{
		`2`, `{}`, `{property: weight, by: unit}`, `{property: weight, by: unit, usual: two}`, `{property: weight, by: ` +
			`unit, usual: 1.5}`,
		`{property: weight, by: unit, usual: -1}`, `{property: height, by: unit, usual: 2}`, `{property: weight, by: ` +
			`currency, usual: 2}`,
		`{property: weight, by: unit, usual: 2, others: [kg]}`, `{property: weight, by: unit, usual: 2, others: ` +
			`{some: [kg]}}`,
	} {
		_, err := openapi.Parse([]byte(weights(extension)))
		require.ErrorContains(t, err, "x-payporter-decimals: want property and by", extension)
	}
}
