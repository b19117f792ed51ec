package openapi_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
)

var update = flag.Bool("update", false, "write the page about sources anew")

const sourcesPage = "../../docs/documented-and-assumed.md"

// TestSourcesPage holds the page that says what PayPorter documents to the marks in openapi.yaml.
func TestSourcesPage(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(t, err)
	got := sourcesOf(spec)
	if *update {
		require.NoError(t, os.WriteFile(sourcesPage, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(sourcesPage)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "go test ./contract/openapi -run SourcesPage -update writes it anew")
}

func sourcesOf(spec *openapi3.T) string {
	var page strings.Builder
	page.WriteString(`# What PayPorter documents, and what is assumed

Generated from the marks in [openapi.yaml](../openapi.yaml). *Documented*: PayPorter's public pages say so. *Assumed*: they are
silent, and the sandbox fills the gap; do not rely on it in production without asking PayPorter. Every assumption about
what a field may be can be changed in a copy of that file, which ` + "`serve --openapi`" + ` takes; those about what the sandbox
does are [settings](../README.md#documented-and-assumed).
`)
	for _, path := range spec.Paths.InMatchingOrder() {
		operations := spec.Paths.Value(path).Operations()
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			if op := operations[method]; op != nil {
				writeOperation(&page, method+" "+path, op)
				for _, name := range sorted(op.Callbacks) {
					writeCallback(&page, op.Callbacks[name].Value)
				}
			}
		}
	}
	writeFields(&page, "Fields of the create", spec.Components.Schemas["CreateCheckoutRequest"].Value)
	writeFields(&page, "Fields of its answer", spec.Components.Schemas["CheckoutLink"].Value)
	writeFields(&page, "Fields of the callback", spec.Components.Schemas["CheckoutCallback"].Value)
	writeFields(&page, "Fields of a payment", spec.Components.Schemas["ApiPaymentResponse"].Value)
	writeFields(&page, "Fields of an error", spec.Components.Schemas["ApiError"].Value)
	return page.String()
}

func writeOperation(page *strings.Builder, title string, op *openapi3.Operation) {
	fmt.Fprintf(page, "\n## %s\n\n%s: %s.\n\n| answer | source | |\n|---|---|---|\n", title, op.Extensions["x-payporter-source"], op.Summary)
	for _, status := range sorted(op.Responses.Map()) {
		answer := op.Responses.Value(status).Value
		fmt.Fprintf(page, "| %s | %s | %s |\n", status, answer.Extensions["x-payporter-source"], oneLine(*answer.Description))
	}
}

func writeCallback(page *strings.Builder, callback *openapi3.Callback) {
	for _, path := range sorted(callback.Map()) {
		writeOperation(page, "The callback: POST to the URL in the create", callback.Value(path).Post)
	}
}

func writeFields(page *strings.Builder, title string, s *openapi3.Schema) {
	fmt.Fprintf(page, "\n## %s\n\n| field | source | required | assumed of it |\n|---|---|---|---|\n", title)
	names := slices.Clone(s.Required)
	for _, name := range sorted(s.Properties) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		field := s.Properties[name].Value
		wanted := "no"
		if slices.Contains(s.Required, name) {
			wanted = "yes"
		}
		fmt.Fprintf(page, "| `%s` | %s | %s | %s |\n", name, field.Extensions["x-payporter-source"], wanted, strings.Join(assumedOf(field), ", "))
	}
	for _, keyword := range assumedTexts(s.Extensions) {
		fmt.Fprintf(page, "\nAssumed, too: %s (`%s`).\n", ofTheWhole[keyword], keyword)
	}
}

// ofTheWhole says what an assumed keyword of a whole body means.
var ofTheWhole = map[string]string{
	"x-payporter-decimals": "that an amount has no more decimals than its currency",
	"required":             "which fields are always there",
	"properties":           "which fields there are beside the documented one",
}

// assumedOf are the keywords of the field that are assumed, with their values where these are short.
func assumedOf(field *openapi3.Schema) []string {
	plain, _ := json.Marshal(field) // what was read from a document can be written
	var keywords map[string]json.RawMessage
	_ = json.Unmarshal(plain, &keywords)
	all := []string{}
	for _, keyword := range assumedTexts(field.Extensions) {
		said := keyword
		if value := string(keywords[keyword]); len(value) < 24 {
			said += ": " + value
		}
		all = append(all, "`"+said+"`")
	}
	return all
}

func assumedTexts(extensions map[string]any) (all []string) {
	list, _ := extensions["x-payporter-assumed"].([]any)
	for _, one := range list {
		all = append(all, one.(string))
	}
	return all
}

// oneLine is a text as a cell of a table.
func oneLine(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

func sorted[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
