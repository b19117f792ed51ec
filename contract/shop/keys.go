package shop

// kind is what the value of a key of the config file is.
type kind string

// The kinds of values that have no keys of their own.
const (
	aText     kind = "text"
	aURL      kind = "URL"
	aDuration kind = "duration"
	anAmount  kind = "amount"
	aCurrency kind = "ISO 4217 code"
	aMethod   kind = "method"
	aPath     kind = "JSONPath"
	aPattern  kind = "regular expression"
	aStatus   kind = "status"
	someTexts kind = "list of texts"
	oneOrMore kind = "value or list"
	aMap      kind = "names and values"
	anything  kind = "anything"

	someCurrencies kind = "list of ISO 4217 codes"
)

// key is a key of the config file. What reads the file knows it by this table, and so do the reference and the schema.
type key struct {
	name     string
	kind     kind
	of       *object // of its value; nil: it has no keys of its own
	many     bool    // its value is a list of such objects
	named    bool    // its value is a mapping of names to such objects
	needed   bool
	byItself string // what holds without it; empty: nothing
	means    string
	example  string // as YAML
}

// object is a mapping with known keys.
type object struct {
	name string // what the reference and the schema call it
	keys []key
}

// names are those of the object's keys.
func (o *object) names() []string {
	var names []string
	for _, k := range o.keys {
		names = append(names, k.name)
	}
	return names
}

// The objects of the config file, from the outermost on.
var (
	configKeys = &object{"config", []key{
		{name: "merchant", of: merchantKeys, means: "the shop, and how it is started"},
		{name: "order", of: orderKeys, needed: true, means: "how a customer orders"},
		{name: "state", of: stateKeys, needed: true, means: "how to see what the shop believes of an order"},
		{
			name: "webhook", of: webhookKeys, byItself: "the rules WEBHOOK are not judged",
			means: "where the shop takes PayPorter's webhooks",
		},
		{
			name: "refund", of: refundKeys, byItself: "the rules REFUND are not judged",
			means: "how the shop is asked to give money back",
		},
		{name: "payporter", of: payporterKeys, means: "where the sandbox is, for a shop that runs already"},
	}}

	merchantKeys = &object{"merchant", []key{
		{
			name: "command", kind: someTexts, byItself: "the shop runs already", example: "[node, shop.js]",
			means: "starts the shop, which is stopped at the end; it finds PAYPORTER_BASE_URL, PAYPORTER_API_KEY, " +
				"PAYPORTER_API_SECRET, and with {{port}} anywhere a free port as PORT",
		},
		{
			name: "dir", kind: aText, byItself: "the folder of the file", example: "shop",
			means: "where the command runs, seen from the file",
		},
		{
			name: "env", kind: aMap, example: `{NODE_ENV: test, SERVER_PORT: "{{port}}"}`,
			means: "more variables for the command",
		},
		{
			name: "url", kind: aURL, example: "http://127.0.0.1:{{port}}",
			means: "where the shop is: {{shop}} stands for it",
		},
		{
			name: "ready", kind: aURL, byItself: "the shop is not waited for", example: `"{{shop}}/health"`,
			means: "is asked until it answers with less than 500; nobody else may answer there before command runs",
		},
		{
			name: "readyWithin", kind: aDuration, byItself: "30s", example: "1m",
			means: "how long that may take",
		},
		{
			name: "callbackUrl", kind: aURL, byItself: "learned from the first checkout",
			example: `"{{shop}}/payment-callback"`, means: "where forged callbacks are sent",
		},
	}}

	orderKeys = &object{"order", []key{
		{
			name: "before", of: stepKeys, many: true, means: "requests that a customer makes first, such as a log-in",
		},
		{name: "request", of: requestKeys, needed: true, means: "the request that orders"},
		{
			name: "orderId", of: placeKeys, byItself: "the orderId that the shop sends to PayPorter",
			means: "where in the answer the number of the order is",
		},
		{
			name: "redirectUrl", of: placeKeys, byItself: "the Location, or the first link to a checkout in the answer",
			means: "where in the answer the address of the payment page is",
		},
		{
			name: "amount", kind: anAmount, example: `"100.50"`,
			means: "what the shop charges, if the request has no {{amount}}; otherwise what is ordered first",
		},
		{name: "currency", kind: aCurrency, byItself: "TRY", example: "TRY", means: "what the order is paid in"},
		{
			name: "currencies", kind: someCurrencies, byItself: "FLOW-012 is not judged", example: "[JPY, KWD]",
			means: "what else the shop takes, if the request has {{currency}}",
		},
	}}

	stateKeys = &object{"state", []key{
		{name: "before", of: stepKeys, many: true, means: "requests that are made before each look, such as a log-in"},
		{name: "request", of: requestKeys, needed: true, means: "the request that shows an order"},
		{name: "paid", of: conditionKeys, needed: true, means: "what in the answer says that the order is paid"},
		{
			name: "failed", of: conditionKeys, byItself: "it cannot be seen, and some rules are not evaluable",
			means: "what says that its payment failed",
		},
		{
			name: "fulfilments", of: placeKeys, byItself: "it cannot be seen, and some rules are not evaluable",
			means: "how often the order was delivered: a number, a list, or a JSONPath that finds a value each time",
		},
		{
			name: "refunded", of: placeKeys, byItself: "it cannot be seen, and some rules are not evaluable",
			means: "how much the shop believes it has given back: an amount in major units as `amount` is, so 50.25 and not 5025",
		},
	}}

	webhookKeys = &object{"webhook", []key{
		{
			name: "url", kind: aURL, needed: true, example: `"{{shop}}/webhook"`,
			means: "where webhooks are sent",
		},
		{
			name: "secret", kind: aText, byItself: "a new one, which the command finds as PAYPORTER_WEBHOOK_SECRET",
			example: "my-webhook-secret", means: "what webhooks are signed with, for a shop that runs already",
		},
	}}

	refundKeys = &object{"refund", []key{
		{name: "before", of: stepKeys, many: true, means: "requests that are made before each refund, such as a log-in"},
		{
			name: "request", of: requestKeys, needed: true,
			means: "the request that gives money back: {{amount}} of the order {{orderId}}; without {{amount}} the whole",
		},
	}}

	payporterKeys = &object{"payporter", []key{
		{
			name: "addr", kind: aText, byItself: "a free port of the loopback interface", example: "127.0.0.1:8099",
			means: "where the sandbox listens: the shop's base URL is http:// and this",
		},
		{
			name: "apiKey", kind: aText, byItself: "a new one", example: "test_key",
			means: "the key that the shop sends; with apiSecret or not at all",
		},
		{
			name: "apiSecret", kind: aText, byItself: "a new one", example: "test_secret",
			means: "the secret that it sends",
		},
	}}

	requestKeys = &object{"request", requestKeysOnly}

	stepKeys = &object{"step", append(requestKeysOnly[:len(requestKeysOnly):len(requestKeysOnly)], key{
		name: "take", of: placeKeys, named: true,
		means: "values of the answer that later requests find as {{name}}; names have only letters",
	})}

	requestKeysOnly = []key{
		{
			name: "method", kind: aMethod, byItself: "GET, or POST with a body", example: "POST",
			means: "GET, POST, PUT, PATCH or DELETE",
		},
		{
			name: "url", kind: aURL, needed: true, example: `"{{shop}}/orders"`, means: "where the request goes",
		},
		{name: "headers", kind: aMap, example: "{Accept: application/json}", means: "its headers"},
		{
			name: "json", kind: anything, example: `{amount: "{{amount}}", currency: "{{currency}}"}`,
			means: `a body as JSON; what is exactly "{{amount}}" becomes a number`,
		},
		{name: "form", kind: aMap, example: `{amount: "{{amount}}"}`, means: "a body as a form"},
		{name: "body", kind: aText, example: `"<order/>"`, means: "a body as it is; with a Content-Type among the headers"},
	}

	placeKeys = &object{"place", placeKeysOnly}

	conditionKeys = &object{"condition", append(placeKeysOnly[:len(placeKeysOnly):len(placeKeysOnly)],
		key{
			name: "equals", kind: oneOrMore, byItself: "any value that is there, except false and null", example: "paid",
			means: "what must stand there, or a list of which one must; numbers by their value: 1 is 1.0",
		},
		key{
			name: "status", kind: aStatus, byItself: "any", example: "200",
			means: "the status that the answer must have; it can stand without `json`",
		})}

	placeKeysOnly = []key{
		{name: "json", kind: aPath, example: "$.order.id", means: "a JSONPath (RFC 9535)"},
		{
			name: "header", kind: aText, example: "Location",
			means: "a header; with regexp, that is looked for in it",
		},
		{
			name: "regexp", kind: aPattern, example: `'orders/(\d+)'`,
			means: "a regular expression with one group around the value",
		},
	}
)

// objects are all of them, in the order of the reference.
func objects() []*object {
	return []*object{
		configKeys, merchantKeys, orderKeys, stateKeys, webhookKeys, refundKeys, payporterKeys, requestKeys, stepKeys,
		placeKeys, conditionKeys,
	}
}
