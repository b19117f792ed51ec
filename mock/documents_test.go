package mock_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// documents are the two that a sandbox serves, by their path.
var documents = []string{"/openapi.yaml", "/_mock/openapi.yaml"}

func documentOf(t *testing.T, c *client, path string) *openapi3.T {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromData([]byte(c.get(path).raw))
	require.NoError(t, err)
	return spec
}

// Every example of a request body is taken as it stands.
func TestExamplesOfRequestsAreTaken(t *testing.T) {
	t.Parallel()
	sent := 0
	for _, path := range documents {
		c := clientOf(t, start(t, mock.Config{}))
		for route, item := range documentOf(t, c, path).Paths.Map() {
			for method, op := range item.Operations() {
				if op.RequestBody == nil {
					continue
				}
				for _, body := range bodiesOf(t, op) {
					sent++
					answer := c.sendExample(method, route, body)
					want := http.StatusOK
					if op.OperationID == "completeThreeDSecure" {
						want = http.StatusNotAcceptable // every payment has a key of its own
					}
					require.Equal(t, want, answer.status, "%s %s: %s", op.OperationID, body.text, answer.raw)
				}
			}
		}
	}
	require.Greater(t, sent, 10)
}

// sendExample sends a body of the document to an operation, for a checkout or a
// payment of its own where the operation wants one.
func (c *client) sendExample(method, route string, body bodyExample) reply {
	c.t.Helper()
	if strings.Contains(route, "{checkoutId}") {
		route = strings.ReplaceAll(route, "{checkoutId}", c.create("ORD-1", nowhere, "maxInstallmentCount", "12"))
	}
	if strings.Contains(route, "{paymentId}") {
		id := c.named("success", "POST", "/api/payment", charge("ORD-1")).text("paymentId") // whatever an example has forced
		switch {
		case strings.HasSuffix(route, "/capture"):
			id = c.named("success", "POST", "/api/pre-authorization", charge("ORD-1")).text("paymentId")
		case strings.HasSuffix(route, "/outcome"):
			id = c.post("/api/payment/"+id+"/refund", part("1")).text("paymentId")
		}
		route = strings.ReplaceAll(route, "{paymentId}", id)
	}
	if strings.HasSuffix(route, "/webhooks/forge") {
		const example = "123e4567-e89b-12d3-a456-426614174000"
		body.text = strings.ReplaceAll(body.text, example, c.pays("/api/payment", "ORD-1"))
	}
	request := c.request(method, route, body.text)
	request.Header.Set("Content-Type", body.mediaType)
	return c.send(request)
}

// bodyExample is an example of a request body, as it is sent.
type bodyExample struct{ mediaType, text string }

// bodiesOf are the examples of an operation's body. A JSON body without one is filled in by API browsers with the
// examples of its fields, which together need not make sense, so that none may be without.
func bodiesOf(t *testing.T, op *openapi3.Operation) []bodyExample {
	t.Helper()
	var all []bodyExample
	for mediaType, content := range op.RequestBody.Value.Content {
		values := []any{content.Example}
		for _, example := range content.Examples {
			values = append(values, example.Value.Value)
		}
		if content.Schema != nil {
			values = append(values, content.Schema.Value.Example)
		}
		values = slices.DeleteFunc(values, func(v any) bool { return v == nil })
		if mediaType == "application/json" {
			require.NotEmpty(t, values, "%s has an example", op.OperationID)
		}
		for _, value := range values {
			all = append(all, bodyExample{mediaType, exampleText(t, value)})
		}
	}
	return all
}

func exampleText(t *testing.T, value any) string {
	t.Helper()
	if text, ok := value.(string); ok {
		return text
	}
	plain, err := json.Marshal(value)
	require.NoError(t, err)
	return string(plain)
}

// codesOf are the messageCodes that a merchant can meet, as the coverage counts them.
func codesOf(c *client) map[string]bool {
	codes := map[string]bool{}
	items, _ := c.get("/_mock/coverage").body["items"].([]any)
	for _, item := range items {
		if code, ok := strings.CutPrefix(item.(map[string]any)["name"].(string), "messageCode "); ok {
			codes[code] = true
		}
	}
	return codes
}

// messageCode finds codes where a text names them: "messageCode": "X", messageCode: X.
var messageCode = regexp.MustCompile("messageCode`?\"?\\s*:?\\s*\"?`?([A-Z][A-Z_]+[A-Z])")

// Every messageCode that a document names is one that can be sent, and the description lists them all.
func TestNamedMessageCodesCanBeSent(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	merchants := codesOf(c)
	require.Greater(t, len(merchants), 8)
	known := maps.Clone(merchants)
	for _, code := range []payment.Code{
		payment.Forbidden, payment.NotPayable, payment.ClockRange, payment.TimedOut,
		payment.NotDecidable,
	} {
		known[string(code)] = true // of the control API
	}

	texts := map[string]string{}
	for _, path := range documents {
		texts[path] = c.get(path).raw
	}
	for _, file := range []string{
		"../README.md", "../docs/payments.md", "../docs/settings.md", "../docs/recipes.md", "../docs/testing-the-page.md",
		"../testdata/vectors/errors.json", "../testdata/vectors/requests.json",
	} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		texts[file] = string(text)
	}
	found := 0
	for at, text := range texts {
		for _, named := range messageCode.FindAllStringSubmatch(text, -1) {
			found++
			require.True(t, known[named[1]], "%s names %s, which is never sent", at, named[1])
		}
	}
	require.Greater(t, found, 10)

	property := documentOf(t, c, "/openapi.yaml").Components.Schemas["ApiError"].Value.Properties["messageCode"].Value
	listed, _ := property.Extensions["x-payporter-known-values"].([]any)
	var want []any
	for _, code := range slices.Sorted(maps.Keys(merchants)) {
		want = append(want, code)
	}
	require.ElementsMatch(t, want, listed)
}

// What one validator or one generator in ten gets wrong does not stand in a document that all of them read.
func TestDocumentsAreMadeForEveryGenerator(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for _, path := range documents {
		var node any
		spec := documentOf(t, c, path)
		plain, err := spec.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(plain, &node))
		numbers := 0
		eachObject(node, path, func(at string, object map[string]any) {
			for _, keyword := range []string{"anyOf", "oneOf", "multipleOf"} {
				require.NotContains(t, object, keyword, "%s: many generators lose fields, and many validators refuse "+
					"good numbers", at)
			}
			if object["type"] == "number" {
				numbers++
				require.Equal(t, "double", object["format"], "%s: without it, clients in Go take float32", at)
			}
		})
		require.Positive(t, numbers)
		requireOneNameEach(t, spec)
	}
}

func eachObject(node any, at string, visit func(at string, object map[string]any)) {
	switch node := node.(type) {
	case map[string]any:
		visit(at, node)
		for key, part := range node {
			eachObject(part, at+"/"+key, visit)
		}
	case []any:
		for _, part := range node {
			eachObject(part, at, visit)
		}
	}
}

// requireOneNameEach refuses names that become the same name in a client: a schema CreateCheckoutResponse beside an
// operation createCheckout, and a schema Status beside a value status.
func requireOneNameEach(t *testing.T, spec *openapi3.T) {
	t.Helper()
	taken := map[string]string{}
	for _, item := range spec.Paths.Map() {
		for _, op := range item.Operations() {
			for _, ending := range []string{"", "response", "params", "jsonbody", "jsonrequestbody"} {
				taken[strings.ToLower(op.OperationID)+ending] = "operation " + op.OperationID
			}
		}
	}
	for name, schema := range spec.Components.Schemas {
		for _, value := range schema.Value.Enum {
			text, ok := value.(string)
			if !ok {
				continue
			}
			key := strings.ToLower(text)
			require.Empty(t, taken[key], "value %s of %s", text, name)
			taken[key] = "value " + text + " of " + name
		}
	}
	for name := range spec.Components.Schemas {
		require.Empty(t, taken[strings.ToLower(name)], "schema %s", name)
	}
	for name := range spec.Components.Responses {
		require.NotContains(t, taken[strings.ToLower(name)], "value ", "answer %s", name)
	}
}

// Both APIs take the same callback URLs.
func TestBothDocumentsTakeTheSameCallbacks(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	want := documentOf(t, c, "/openapi.yaml").Components.Schemas["CreateCheckoutRequest"].Value.Properties["callback"].Value
	forge := documentOf(t, c, "/_mock/openapi.yaml").Paths.Value("/_mock/callbacks/forge").Post.RequestBody.Value
	got := forge.Content["application/json"].Schema.Value.Properties["url"].Value

	require.Equal(t, want.Pattern, got.Pattern)
	require.Equal(t, want.MaxLength, got.MaxLength)
}
