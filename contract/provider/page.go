package provider

import (
	"fmt"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// Page is the documentation of the rules, in Markdown.
func Page() string {
	var b strings.Builder
	rules := Rules()
	fmt.Fprintf(&b, `# What verify provider checks

<!-- Generated from the table of rules by: go test ./contract/provider -run Page -update -->

%d rules about a server that claims to be PayPorter. A rule that is documented stems from the page it names; one that is
assumed fills a gap in PayPorter's pages, and is less severe for it. One run makes at most %d requests, to the base URL and
nowhere else.
`, len(rules), MostRequests)
	family := ""
	for _, r := range rules {
		if r.Family != family {
			family = r.Family
			fmt.Fprintf(&b, "\n## %s: %s\n\n%s", family, about[family], rule.TableHead("advice"))
		}
		b.WriteString(rule.MarkdownRow(r, inCell))
	}
	return b.String()
}

// inCell keeps a text from ending its cell, or from being taken for a tag.
var inCell = strings.NewReplacer("|", `\|`, "<", "&lt;")

// about says what each family is about.
var about = map[string]string{
	"AUTH":     "who may ask",
	"CREATE":   "POST /api/checkout",
	"FIELD":    "the fields of an order, at their limits",
	"STATUS":   "GET /api/checkout/{checkoutId} before the payment",
	"PAID":     "the same after the payment (needs --pay-hook)",
	"CALLBACK": "what the merchant is told (needs --pay-hook)",
	"HTTP":     "what is broken, too large, or not JSON",

	"PAYMENT":    "POST /api/payment and GET /api/payment/{paymentId}",
	"INSTALMENT": "POST /api/installment-options",
	"PREAUTH":    "POST /api/pre-authorization and its capture",
	"3DS":        "POST /api/3ds and its completion (the bank's page of payporter-mock only)",
	"CANCEL":     "POST /api/payment/{paymentId}/cancel",
	"REFUND":     "POST /api/payment/{paymentId}/refund (approved and rejected by the control API of payporter-mock only)",
	"WEBHOOK":    "what the merchant is told of every payment (of payporter-mock only: its control API registers the address)",
}
