package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// schemaComment tells editors what the file is, once the schema stands beside it.
const schemaComment = "# yaml-language-server: $schema=verify.schema.json\n"

// config is the commented file.
func (p project) config() string {
	order := cmp.Or(p.order, "/orders")
	state := cmp.Or(p.state, order+"/{{orderId}}")
	return schemaComment + `# For completion in an editor: payporter-mock verify schema > verify.schema.json
# Is all of this right? payporter-mock verify merchant --config FILE --check
` + p.merchant() + `
# How a customer orders. "{{amount}}" becomes a number.
order:
` + guessed(p.order) + `  request: {method: POST, url: "{{shop}}` + order + `", ` +
		`json: {amount: "{{amount}}", currency: "{{currency}}"}}
  # Where the order's number and the address of the payment page are in the answer. Without these lines the number is
  # the orderId that the shop sends to PayPorter, and the address is the Location or the first link to a checkout.
  # orderId: {json: $.orderId}
  # redirectUrl: {json: $.redirectUrl}
  # amount: "100.50"   # what the shop charges, if the request has no {{amount}}
  # before:            # what a customer does first, such as a log-in; take keeps values for later requests
  #   - {url: "{{shop}}/login", take: {csrf: {regexp: 'name="_token" value="([^"]+)"'}}}
  #   - {url: "{{shop}}/login", form: {_token: "{{csrf}}", user: test, password: test}}

# How to see what the shop believes of an order.
state:
` + guessed(p.state) + `  request: {method: GET, url: "{{shop}}` + state + `"}
  paid: {json: $.status, equals: paid}
  failed: {json: $.status, equals: failed}
  # fulfilments: {json: $.fulfilments}   # how often it was delivered: a number or a list
  # refunded: {json: $.refunded}         # how much was given back: an amount

# Where the shop takes PayPorter's webhooks, signed with PAYPORTER_WEBHOOK_SECRET, and how it gives money back. Without
# these lines the rules WEBHOOK and REFUND are not judged.
# webhook: {url: "{{shop}}/webhook"}
# refund:
#   request: {method: POST, url: "{{shop}}` + state + `/refund", json: {amount: "{{amount}}"}}
`
}

// guessed marks a line that nothing was found for.
func guessed(found string) string {
	if found == "" {
		return "  # Nothing in the source said so: is it right?\n"
	}
	return ""
}

// merchant is the part about the shop itself.
func (p project) merchant() string {
	switch {
	case p.url != "":
		return `
# The shop runs already. Give it the base URL http://127.0.0.1:8099, the API key test_key and the secret test_secret.
payporter: {addr: "127.0.0.1:8099", apiKey: test_key, apiSecret: test_secret}
merchant:
  url: ` + p.url + "\n"
	case len(p.command) == 0:
		return `
# How the shop is started was not found. It finds PAYPORTER_BASE_URL, PAYPORTER_API_KEY, PAYPORTER_API_SECRET and PORT.
merchant:
  command: [sh, start.sh]
  url: http://127.0.0.1:{{port}}
  ready: "{{shop}}/"
`
	}

	text := fmt.Sprintf(`
# Known by %s. The shop finds PAYPORTER_BASE_URL, PAYPORTER_API_KEY and PAYPORTER_API_SECRET in its
# environment, and a free port as PORT.
merchant:
  command: [%s]
`, cmp.Or(p.kind, "what you said"), strings.Join(quotedEach(p.command), ", "))
	if p.dir != "." {
		text += "  dir: " + strconv.Quote(p.dir) + "\n"
	}
	if p.env != "" {
		text += "  env: {" + p.env + `: "{{port}}"}` + "\n"
	}
	return text + `  url: http://127.0.0.1:{{port}}
  ready: "{{shop}}/"   # asked until it answers with less than 500
`
}

// quotedEach are words as YAML has them, in quotes where they need some.
func quotedEach(words []string) []string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = word
		if strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_") != "" {
			quoted[i] = strconv.Quote(word)
		}
	}
	return quoted
}

// summary says what was found, in a line.
func (p project) summary() string {
	how := "how the shop is started was not found"
	switch {
	case p.url != "":
		how = "the shop runs at " + p.url
	case len(p.command) > 0:
		how = "starts with " + strings.Join(p.command, " ")
	}

	if p.order == "" {
		return how + "; where it takes orders was not found"
	}
	return how + "; orders go to " + p.order
}
