package openapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// covered lists what has been exercised, without what every request of the test has.
func covered(c *openapi.Coverage) []string {
	var names []string
	for _, item := range c.Items() {
		if item.Count > 0 {
			names = append(names, strings.TrimPrefix(item.Name, "POST /api/checkout "))
		}
	}
	return names
}

func TestCoverageOfRequests(t *testing.T) {
	t.Parallel()
	doc := merchantAPI(t)
	op, ok := doc.Operation("createCheckout")
	require.True(t, ok)
	absent := []string{
		"customerId absent", "description absent", "interestPaidByCustomer absent",
		"maxInstallmentCount absent",
	}
	for name, test := range map[string]struct {
		amount, currency, more string
		want                   []string // beside the required fields
	}{
		"nothing at an edge": {"100.50", "TRY", "", append([]string{"with two decimals"}, absent...)},
		"the least of two decimals": {
			"0.01", "TRY", "",
			append([]string{"with two decimals", "amount just above minimum"}, absent...),
		},
		"the least, written otherwise": {
			"1E-2", "TRY", "",
			append([]string{"with two decimals", "amount just above minimum"}, absent...),
		},
		"more than the least": {"1", "TRY", "", append([]string{"with two decimals"}, absent...)},
		"the least of no decimals": {"1", "JPY", "", append([]string{"with no decimals", "amount just above minimum"},
			absent...)},
		"the least of three decimals": {
			"0.001", "KWD", "",
			append([]string{"with three decimals", "amount just above minimum"}, absent...),
		},
		"two decimals of three": {"0.01", "KWD", "", append([]string{"with three decimals"}, absent...)},
		"the least of four decimals": {
			"0.0001", "CLF", "",
			append([]string{"with four decimals", "amount just above minimum"}, absent...),
		},
		"the most": {
			"9999999999.99", "TRY", "",
			append([]string{"with two decimals", "amount at maximum"}, absent...),
		},
		"other fields at their edges": {
			"100", "TRY", `"customerId":"c","description":"","maxInstallmentCount":12,"interestPaidByCustomer":false`,
			[]string{
				"with two decimals", "customerId", "customerId at minimum length", "description", "description empty",
				"interestPaidByCustomer", "interestPaidByCustomer false", "maxInstallmentCount", "maxInstallmentCount at maximum",
			},
		},
		"other fields without a value": {
			"100", "TRY", `"customerId":null,"description":null,"maxInstallmentCount":null,"interestPaidByCustomer":null`,
			[]string{
				"with two decimals", "customerId", "customerId null", "description", "description null",
				"interestPaidByCustomer", "interestPaidByCustomer null", "maxInstallmentCount", "maxInstallmentCount null",
			},
		},
		"characters, not bytes": {
			"100", "TRY", `"customerId":"` + strings.Repeat("ş", 128) + `","description":"` + strings.Repeat("x", 999) + `"`,
			[]string{
				"with two decimals", "customerId", "customerId at maximum length", "description",
				"interestPaidByCustomer absent", "maxInstallmentCount absent",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			more := test.more
			if more != "" {
				more = "," + more
			}
			body, faults := op.CheckBody(fmt.Appendf(nil,
				`{"orderId":"ORD-1","amount":%s,"currency":%q,"callback":"https://example.com/cb"%s}`,
				test.amount, test.currency, more))
			require.Empty(t, faults)
			c := doc.Plan().NewCoverage()
			c.Request(op, nil, body)
			require.ElementsMatch(t, covered(c), append(test.want, "orderId", "amount", "currency", "callback"))
		})
	}
}

func TestCoverageOfAnswers(t *testing.T) {
	t.Parallel()
	doc := petAPI(t)
	op, ok := doc.Operation("getPet")
	require.True(t, ok)
	code := openapi.Point{Kind: openapi.AnswerKind, Name: "code NO_PET"}
	tame := openapi.Point{Kind: openapi.AnswerKind, Name: "GET /pets/{id} 200 tame false"}
	plan := doc.Plan(openapi.With(code), openapi.Without(tame))
	c := plan.NewCoverage()
	c.Answer(op, 200, []byte(`{"kind":"cat"}`))
	c.Answer(op, 200, []byte(`{"kind":"dog","tame":true}`))
	c.Answer(op, 200, []byte(`{"kind":"dog","tame":false}`))
	c.Answer(op, 200, []byte(`{"kind":`))
	c.Answer(op, 418, nil)
	c.Answer(op, 302, nil)
	c.Mark(code)
	c.Mark(openapi.Point{Kind: openapi.AnswerKind, Name: "code OTHER"})
	require.Equal(t, c.Items(), []openapi.Item{
		{Kind: openapi.OperationKind, Name: "GET /pets/{id} 200", Count: 4},
		{Kind: openapi.OperationKind, Name: "GET /pets/{id} 4XX", Count: 1},
		{Kind: openapi.FieldKind, Name: "GET /pets/{id} id", Count: 0},
		{Kind: openapi.AnswerKind, Name: "GET /pets/{id} 200 kind cat", Count: 1},
		{Kind: openapi.AnswerKind, Name: "GET /pets/{id} 200 kind dog", Count: 2},
		{Kind: openapi.AnswerKind, Name: "GET /pets/{id} 200 tame true", Count: 1},
		{Kind: openapi.AnswerKind, Name: "GET /pets/{id} 200 tame present", Count: 2},
		{Kind: openapi.AnswerKind, Name: "GET /pets/{id} 200 tame absent", Count: 1},
		{Kind: openapi.AnswerKind, Name: "code NO_PET", Count: 1},
	})
	require.Equal(t, openapi.Shares(c.Items()), []openapi.Share{
		{Kind: "all", Covered: 8, Total: 9, Percent: 88.8},
		{Kind: "operation", Covered: 2, Total: 2, Percent: 100},
		{Kind: "field", Covered: 0, Total: 1, Percent: 0},
		{Kind: "answer", Covered: 6, Total: 6, Percent: 100},
	})
}

const pets = `
openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: A pet.
          content:
            application/json:
              schema:
                type: object
                required: [kind]
                properties:
                  kind: {type: string, enum: [cat, dog]}
                  tame: {type: boolean}
        4XX: {description: None.}
`

func petAPI(t *testing.T) *openapi.Document {
	t.Helper()
	doc, err := openapi.Parse([]byte(pets))
	require.NoError(t, err)
	return doc
}

func TestCoverageCountsEveryTime(t *testing.T) {
	t.Parallel()
	doc := petAPI(t)
	op, _ := doc.Operation("getPet")
	plan := doc.Plan()
	c := plan.NewCoverage()
	for range 40 {
		c.Request(op, map[string]string{"id": "7"}, openapi.Body{})
		c.Answer(op, 200, []byte(`{"kind":"cat"}`))
	}
	at := slices.IndexFunc(c.Items(), func(i openapi.Item) bool { return i.Name == "GET /pets/{id} id" })
	require.Equal(t, uint64(40), c.Items()[at].Count)

	times := 0
	for _, number := range c.Numbers() {
		if number == at {
			times++
		}
	}
	require.Equal(t, 40, times)
	require.Equal(t, "GET /pets/{id} id", plan.Points()[at].Name)
}

// An answer is read as JSON, however it is written; what is none counts with its status alone.
func TestCoverageOfAnswersHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	doc := petAPI(t)
	op, _ := doc.Operation("getPet")
	for body, want := range map[string][]string{
		` {"kind" : "cat" } `:              {"kind cat", "tame absent"},
		`{"k\u0069nd":"c\u0061t"}`:         {"kind cat", "tame absent"},
		`{"other":{"kind":"cat"},"a":[1]}`: {"tame absent"},
		`{"kind":"cat","kind":"dog"}`:      {"kind dog", "tame absent"},
		`{"kind":7,"tame":true}`:           {"tame present", "tame true"},
		`{"kind":"cat"} {}`:                nil,
		`["kind","cat"]`:                   nil,
		`{"kind":"cat"`:                    nil,
		`{"kind":"cat",}`:                  nil,
		``:                                 nil,
	} {
		c := doc.Plan().NewCoverage()
		c.Answer(op, 200, []byte(body))

		got := []string{}
		for _, item := range c.Items() {
			if name, ok := strings.CutPrefix(item.Name, "GET /pets/{id} 200 "); ok && item.Count > 0 {
				got = append(got, name)
			}
		}
		require.ElementsMatch(t, got, want, body)
	}
}

func BenchmarkCoverageRequest(b *testing.B) {
	doc := merchantAPI(b)
	op, _ := doc.Operation("createCheckout")
	body, faults := op.CheckBody([]byte(`{"orderId":"ORD-1","amount":100.50,"currency":"TRY","description":"Product purchase",` +
		`"callback":"https://example.com/cb","maxInstallmentCount":6,"interestPaidByCustomer":true}`))
	require.Empty(b, faults)
	c := doc.Plan().NewCoverage()
	for b.Loop() {
		c.Request(op, nil, body)
		c.Answer(op, 200, nil)
	}
}

// What a document says of decimals is counted by what decides over them, whatever the number is.
func TestCoverageOfDecimals(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Parse([]byte(weights(`{property: weight, by: unit, usual: 0, others: {"1": [kg], "6": [t]}}`)))
	require.NoError(t, err)
	op, _ := doc.Operation("weigh")

	for body, want := range map[string][]string{
		`{"weight":2,"unit":"g"}`:       {"with no decimals"},
		`{"weight":1,"unit":"g"}`:       {"with no decimals", "weight just above minimum"},
		`{"weight":1.0,"unit":"kg"}`:    {"with one decimal"},
		`{"weight":0.1000,"unit":"kg"}`: {"with one decimal", "weight just above minimum"},
		`{"weight":0.1E-5,"unit":"t"}`:  {"with 6 decimals", "weight just above minimum"},
		`{"weight":0.00001}`:            nil,
		`{"unit":"kg"}`:                 {"with one decimal"},
	} {
		read, faults := op.CheckBody([]byte(body))
		require.Empty(t, faults, body)
		c := doc.Plan().NewCoverage()
		c.Request(op, nil, read)

		var got []string
		for _, item := range c.Items() {
			name := strings.TrimPrefix(item.Name, "POST /weights ")
			if item.Count > 0 && (strings.HasPrefix(name, "with ") || strings.HasSuffix(name, "minimum")) {
				got = append(got, name)
			}
		}
		require.ElementsMatch(t, want, got, body)
	}
}
