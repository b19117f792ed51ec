package mock

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// besides is what there is beside the merchant API.
var besides = [][2]string{
	{"GET /checkout-link/{checkoutId}", "The page on which a customer pays"},
	{"GET /docs", "What both APIs take and answer, for people"},
	{"GET /openapi.yaml", "Describes the merchant API"},
	{"GET /_mock/openapi.yaml", "Describes the control API"},
	{"GET /_mock/ui/", "The dashboard, for a browser"},
	{"GET /metrics", "What was done so far, for Prometheus"},
}

// welcome is what a person sees who asks the sandbox for / without a browser.
func welcome(document *openapi.Document) string {
	var out strings.Builder
	out.WriteString("This is payporter-mock, a sandbox of PayPorter's POS API. No money moves here.\n" +
		"A merchant sends X-API-KEY and X-API-SECRET with each call.\n\n")
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	row := func(title, says string) {
		method, path, _ := strings.Cut(title, " ")
		fmt.Fprintf(table, "  %-4s %s\t%s\n", method, path, says)
	}

	for _, op := range document.Operations() {
		row(op.Title(), op.Summary)
	}
	for _, other := range besides {
		row(other[0], other[1])
	}
	_ = table.Flush() // a Builder never fails
	return out.String()
}
