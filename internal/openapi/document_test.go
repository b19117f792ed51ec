package openapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func TestParse(t *testing.T) {
	t.Parallel()
	small := "openapi: %s\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {%s responses: {'200': " +
		"{description: ok}}}}}\n"
	refused := map[string]struct{ source, want string }{
		"no document": {"hello", "read OpenAPI document: "},
		"version 3.1": {fmt.Sprintf(small, "3.1.0", "operationId: a,"), `read OpenAPI document: version "3.1.0" is ` +
			`not supported, write it as 3.0.3`},
		"no operationId": {fmt.Sprintf(small, "3.0.3", ""), "check OpenAPI document: GET /a has no operationId"},
		"a wrong example": {
			strings.Replace(string(payporter.OpenAPI()), "amount: 25\n", "amount: -25\n", 1),
			"check OpenAPI document: ",
		},
	}
	for name, c := range refused {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			_, err := openapi.Parse([]byte(c.source))
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("takes 3.0", func(t *testing.T) {
		t.Parallel()
		_, err := openapi.Parse([]byte(fmt.Sprintf(small, "3.0.3", "operationId: a,")))
		require.NoError(t, err)
	})
}

func TestOperations(t *testing.T) {
	t.Parallel()
	doc := merchantAPI(t)
	var got []string
	for _, op := range doc.Operations() {
		got = append(got, op.ID+" "+op.Method+" "+op.Path)
		require.True(t, op.Secured(), op.ID)
	}
	require.Equal(t, []string{
		"startThreeDSecure POST /api/3ds", "completeThreeDSecure POST /api/3ds/{paymentId}/complete",
		"createCheckout POST /api/checkout", "getCheckout GET /api/checkout/{checkoutId}",
		"listInstallmentOptions POST /api/installment-options", "createPayment POST /api/payment",
		"getPayment GET /api/payment/{paymentId}", "cancelPayment POST /api/payment/{paymentId}/cancel",
		"refundPayment POST /api/payment/{paymentId}/refund", "preAuthorize POST /api/pre-authorization",
		"capturePreAuthorization POST /api/pre-authorization/{paymentId}/capture",
	}, got)

	create, get := operation(t, "createCheckout"), operation(t, "getCheckout")
	require.True(t, create.HasBody())
	require.False(t, get.HasBody())
	require.Equal(t, []string{"200", "400", "401", "406", "413", "415", "429", "500"}, create.Answers())
	_, found := doc.Operation("deleteCheckout")
	require.False(t, found)
}

func TestDocumentIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				op.CheckBody([]byte(documentedBody))
				op.CheckBody([]byte(`{"amount": 1.005, "currency": "XYZ"}`))
			}
		})
	}
	all.Wait()
}

func TestExamples(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(t, err)

	create := operation(t, "createCheckout")
	for name, example := range spec.Paths.Value(
		"/api/checkout").Post.RequestBody.Value.Content["application/json"].Examples {
		body, violations := create.CheckBody(marshal(t, example.Value.Value))
		require.Empty(t, violations, name)
		require.Empty(t, body.Unknown, name)
	}
	for _, op := range merchantAPI(t).Operations() {
		described := spec.Paths.Value(op.Path).GetOperation(op.Method)
		checkAnswerExamples(t, op, described.Responses)
		if op.HasBody() && op.ID != create.ID {
			body, violations := op.CheckBody(marshal(t, described.RequestBody.Value.Content["application/json"].Example))
			require.Empty(t, violations, op.ID)
			require.Empty(t, body.Unknown, op.ID)
		}
	}
}

func checkAnswerExamples(t *testing.T, op *openapi.Operation, answers *openapi3.Responses) {
	t.Helper()
	for status, answer := range answers.Map() {
		examples := []any{}
		content := answer.Value.Content["application/json"]
		if content.Example != nil {
			examples = append(examples, content.Example)
		}
		for _, example := range content.Examples {
			examples = append(examples, example.Value.Value)
		}
		require.NotEmpty(t, examples, "%s %s has an example", op.ID, status)
		for _, example := range examples {
			require.Empty(t, op.CheckAnswer(number(t, status), jsonHeader(), marshal(t, example)), "%s %s", op.ID, status)
		}
	}
}

// TestSources reads the document without its schema, so that nothing can be forgotten.
func TestSources(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(t, err)
	var document map[string]any
	require.NoError(t, json.Unmarshal(marshal(t, spec), &document))
	marked := 0
	eachSourced(document, "", "", func(at string, part map[string]any) {
		marked++
		require.Contains(t, []any{"documented", "assumed"}, part["x-payporter-source"], at)
		keywords, _ := part["x-payporter-assumed"].([]any)
		for _, keyword := range keywords {
			require.Contains(t, part, keyword, "%s: what is called assumed is there", at)
		}
	})
	require.Greater(t, marked, 65)
}

// eachSourced visits every operation, answer, request body, parameter, header, security scheme and schema that is
// written out. container is the key that the parts of node are under.
func eachSourced(value any, container, at string, visit func(at string, part map[string]any)) {
	if list, ok := value.([]any); ok {
		for i, part := range list {
			eachSourced(part, container+"[]", fmt.Sprintf("%s/%d", at, i), visit)
		}
		return
	}
	node, ok := value.(map[string]any)
	if !ok || node["$ref"] != nil {
		return
	}
	if isSourced(container, node) {
		visit(at, node)
	}
	for key, part := range node {
		if key == "example" || key == "examples" || key == "default" || strings.HasPrefix(key, "x-") &&
			container != "headers" {
			continue
		}
		eachSourced(part, containerOf(container, key), at+"/"+key, visit)
	}
}

// containerOf tells the maps of named parts, whose keys are names, from everything else.
func containerOf(container, key string) string {
	switch container {
	case "responses", "parameters", "headers", "securitySchemes", "schemas", "properties":
		return container + ".part"
	}
	return key
}

func isSourced(container string, node map[string]any) bool {
	switch container {
	case "responses.part", "parameters.part", "headers.part", "securitySchemes.part", "schemas.part", "properties.part",
		"parameters[]", "anyOf[]", "oneOf[]", "allOf[]", "schema", "items", "not", "requestBody":
		return true
	}
	return node["operationId"] != nil
}
