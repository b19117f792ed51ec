package openapi_test

import (
	"cmp"
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
	"github.com/payporter-mock/payporter-mock/payment"
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
	require.Equal(t, string(want), got, "go test ./internal/openapi -run SourcesPage -update writes it anew")
}

func sourcesOf(spec *openapi3.T) string {
	var page strings.Builder
	page.WriteString(`# What PayPorter documents, and what is assumed

Generated from the marks in [openapi.yaml](../openapi.yaml). *Documented*: PayPorter's public pages say so. *Assumed*: they are
silent, and the sandbox fills the gap; do not rely on it in production without asking PayPorter. Every assumption about
what a field may be can be changed in a copy of that file, which ` + "`serve --openapi`" + ` takes; those about what the sandbox
does are [settings](settings.md#documented-and-assumed).
`)
	for _, path := range inOrder(spec) {
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
	for _, one := range [][2]string{
		{"Fields of a direct payment", "CreatePaymentRequest"},
		{"Fields of a pre-authorization", "PreAuthorizationRequest"},
		{"Fields of a capture", "CapturePreAuthorizationRequest"},
		{"Fields of a refund", "RefundPaymentRequest"},
		{"Fields of a payment with 3-D Secure", "StartThreeDSecureRequest"},
		{"Fields of the answer of POST /api/3ds", "ThreeDSecureStart"},
		{"Fields that the customer's browser brings back", "ThreeDSecureReturn"},
		{"Fields of its completion", "CompleteThreeDSecureRequest"},
		{"Fields of a request for instalment options", "ListInstallmentOptionsRequest"},
		{"Fields of the answer of POST /api/installment-options", "InstallmentOptions"},
		{"Fields of an instalment option", "InstallmentOption"},
	} {
		writeFields(&page, one[0], spec.Components.Schemas[one[1]].Value)
	}
	writeFields(&page, "Fields of a payment", spec.Components.Schemas["ApiPaymentResponse"].Value)
	writeFields(&page, "Fields of an error", spec.Components.Schemas["ApiError"].Value)
	writeBusinessFaults(&page)
	page.WriteString(whichAmount)
	return page.String()
}

// writeBusinessFaults lists the rules behind a 406.
func writeBusinessFaults(page *strings.Builder) {
	page.WriteString(`
## Business faults

A 406 says with its ` + "`messageCode`" + ` which rule refuses the request. PayPorter documents that there are such codes, and most of
the rules; the codes are assumed. A scenario has any of them at any time, for example
` + "`refund: {respond: {status: 406, messageCode: AMOUNT_EXCEEDS_REFUNDABLE}}`" + `.

| messageCode | the rule |
|---|---|
`)
	for _, fault := range payment.BusinessFaults() {
		fmt.Fprintf(page, "| `%s` | %s. |\n", fault.Code, fault.Reason)
	}
}

// whichAmount explains an assumption that no keyword of the document can say.
const whichAmount = `
## Which amount a payment has

A customer who chooses instalments pays interest where the order has ` + "`interestPaidByCustomer: true`" + `. Then two amounts
are known: an order of 1,000.00 TRY in three instalments costs the customer 3 x 345.00, together 1,035.00. The hosted page
and the bank's page show 1,035.00. PayPorter's pages do not say which of the two is ` + "`amount`" + ` in the answer of
` + "`GET /api/checkout/{checkoutId}`" + `; they do not say how much interest there is at the checkout either, so the sandbox
takes the numbers of PayPorter's page on installment options (2.0 % for two, 3.5 % for three) and goes on in steps of 1.5 %.

| ` + "`serve --paid-amount`" + ` | ` + "`amount`" + ` of the payment | |
|---|---|---|
| ` + "`order`" + ` (assumed, the default) | 1000.00 | what the shop asked for: a shop may compare it with its order |
| ` + "`charged`" + ` (assumed) | 1035.00 | what the card was charged: a shop that compares it with its order must know the interest |

` + "`merchantCommission`" + ` is a part of that amount, and ` + "`installmentCount`" + ` is 3 either way. A payment that was declined has
the amount that was tried; before a payment, and after a checkout that ended without one, it is the order's. The control
API answers both: ` + "`amount`" + ` of the checkout is the order's, ` + "`payment.amount`" + ` the payment's. A shop is safe with both
settings when it keeps the amount that it asked for and treats a larger payment as its own interest rule says.
`

// inOrder lists the paths, those of the checkout first.
func inOrder(spec *openapi3.T) []string {
	paths := sorted(spec.Paths.Map())
	slices.SortStableFunc(paths, func(a, b string) int {
		return cmp.Compare(strings.Index(b, "checkout"), strings.Index(a, "checkout"))
	})
	return paths
}

func writeOperation(page *strings.Builder, title string, op *openapi3.Operation) {
	fmt.Fprintf(page, "\n## %s\n\n%s: %s.\n\n| answer | source | |\n|---|---|---|\n", title,
		op.Extensions["x-payporter-source"], op.Summary)
	for _, status := range sorted(op.Responses.Map()) {
		answer := op.Responses.Value(status).Value
		fmt.Fprintf(page, "| %s | %s | %s |\n", status, answer.Extensions["x-payporter-source"], oneLine(*answer.Description))
	}
}

func writeCallback(page *strings.Builder, callback *openapi3.Callback) {
	for _, path := range sorted(callback.Map()) {
		title := "The callback: POST to the URL in the create"
		if field, ok := strings.CutPrefix(path, "{$request.body#/"); ok && !strings.HasPrefix(field, "callback}") {
			title = "The customer's browser: POST to " + strings.TrimSuffix(field, "}")
		}
		writeOperation(page, title, callback.Value(path).Post)
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
		fmt.Fprintf(page, "| `%s` | %s | %s | %s |\n", name, field.Extensions["x-payporter-source"], wanted,
			strings.Join(assumedOf(field), ", "))
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
