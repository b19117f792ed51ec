package client

import (
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Family is the family of all rules about clients.
const Family = "CLIENT"

// The rules. Their ids are promises: a rule that goes leaves its number unused.
const (
	talks          = "CLIENT-001"
	headersThere   = "CLIENT-002"
	headersRight   = "CLIENT-003"
	jsonType       = "CLIENT-004"
	readable       = "CLIENT-005"
	requiredFields = "CLIENT-006"
	amountRight    = "CLIENT-007"
	currencyRight  = "CLIENT-008"
	callbackRight  = "CLIENT-009"
	otherFields    = "CLIENT-010"
	knownFields    = "CLIENT-011"
	servedPaths    = "CLIENT-012"
	idForm         = "CLIENT-013"
	createdFirst   = "CLIENT-014"
	ownCheckouts   = "CLIENT-015"
	paidOnce       = "CLIENT-016"
	secretKept     = "CLIENT-017"
	scenariosExist = "CLIENT-018"
	commandPassed  = "CLIENT-019"
	coverageBars   = "CLIENT-020"
)

// about says what there must have been for a rule to be judged.
type about int

const (
	anything about = iota // a run is enough
	requests
	creates
	gets
)

// rule is a row of the table.
type rule struct {
	id       string
	about    about
	title    string
	severity report.Severity
	source   string
	expected string
	advice   string
}

// Where a rule comes from.
const (
	authentication = "documented: PayPorter's page on authentication"
	checkoutPage   = "documented: PayPorter's page on the hosted checkout"
	assumedLimits  = "assumed: PayPorter's pages do not say it; openapi.yaml does"
	ofThisRun      = "assumed: what a run of this harness is worth"
)

// table is every rule, in the order of reports.
var table = [...]rule{
	{
		talks, anything, "The command talks to the sandbox", report.Critical, ofThisRun,
		"at least one request of the merchant API",
		"let the client take its base URL from PAYPORTER_BASE_URL; without requests nothing is judged",
	},
	{
		headersThere, requests, "Every request carries both credentials", report.Critical, authentication,
		"the headers X-API-KEY and X-API-SECRET in every request",
		"send X-API-KEY and X-API-SECRET with every request, the GET of a checkout among them",
	},
	{
		headersRight, requests, "The credentials are right", report.Critical, authentication,
		"no 401 for a request that has both headers",
		"take the credentials from PAYPORTER_API_KEY and PAYPORTER_API_SECRET; a key that begins with test_ keeps the secret of its first request",
	},
	{
		jsonType, creates, "Bodies are sent as JSON", report.Major, checkoutPage,
		"Content-Type: application/json",
		"send the body of POST /api/checkout with Content-Type: application/json, not as a form and not encoded",
	},
	{
		readable, creates, "Bodies can be read", report.Major, checkoutPage,
		"one JSON object in UTF-8, no property twice, not over the size limit",
		"write the body with a JSON library, once, and send its length or all of its chunks",
	},
	{
		requiredFields, creates, "Required fields are there", report.Major, checkoutPage,
		"orderId, amount, currency and callback in every create",
		"send orderId, amount, currency and callback; refuse to send without them",
	},
	{
		amountRight, creates, "The amount is right", report.Critical, checkoutPage + "; its limits are assumed",
		"a JSON number in major units, above zero, with no more decimals than the currency has",
		"keep amounts as decimals or as minor units, never as binary floats, and write 100.50 as the number 100.50",
	},
	{
		currencyRight, creates, "The currency is an ISO 4217 code", report.Major, checkoutPage,
		"an ISO 4217 code in capitals, such as TRY",
		"send the code TRY, not TL, a symbol, a number or lower case",
	},
	{
		callbackRight, creates, "The callback is an absolute URL", report.Major, checkoutPage,
		"an absolute http or https URL without credentials",
		"send the whole URL, such as https://shop.example.com/payment-callback, encoded as URLs are",
	},
	{
		otherFields, creates, "The other fields have the right type and size", report.Major, assumedLimits,
		"orderId, description, customerId, maxInstallmentCount and interestPaidByCustomer as openapi.yaml describes them",
		"check types and limits before sending; leave an optional field out instead of sending it empty",
	},
	{
		knownFields, creates, "No field is sent that nobody reads", report.Minor, assumedLimits,
		"only fields that the API has",
		"look at the spelling: an unknown field is ignored without a word",
	},
	{
		servedPaths, requests, "Only what the API has is called", report.Major, checkoutPage,
		"the operations of openapi.yaml, such as POST /api/checkout and GET /api/checkout/{checkoutId}",
		"join base URL and path with one slash, and use the documented method",
	},
	{
		idForm, gets, "A checkoutId is a UUID", report.Major, checkoutPage,
		"the checkoutId that a create answered, as it was",
		"keep the checkoutId of the create's answer and put it into the path unchanged; refuse an empty one",
	},
	{
		createdFirst, gets, "Only checkouts that were created are asked for", report.Major, checkoutPage,
		"a checkoutId that a create answered before",
		"ask for the checkoutId of the create's answer or of the callback, not for the orderId or a made-up id",
	},
	{
		ownCheckouts, gets, "A checkout is asked for with its own merchant's credentials", report.Major, assumedLimits,
		"the key that created the checkout",
		"keep the credentials with the client, not in a global that several clients share",
	},
	{
		paidOnce, creates, "An order that is paid gets no second checkout", report.Minor, assumedLimits,
		"no create for an orderId whose payment has succeeded",
		"look at the order's payment before a create is sent again; use an orderId of its own for each order (and each test)",
	},
	{
		secretKept, requests, "The secret is sent in its header only", report.Critical, authentication,
		"the secret nowhere but in X-API-SECRET",
		"take the secret out of URLs, callbacks and bodies: they are written into logs",
	},
	{
		scenariosExist, requests, "Scenarios that tests name exist", report.Major, ofThisRun,
		"names that payporter-mock scenarios list knows",
		"a test that names an unknown scenario does not test what it says; correct the name",
	},
	{
		commandPassed, anything, "The command passed", report.Critical, ofThisRun,
		"exit code 0",
		"look at what the command itself wrote",
	},
	{
		coverageBars, anything, "Coverage reaches what is required", report.Critical, ofThisRun,
		"no bar of --require is missed",
		"add tests for what the coverage names as never exercised, or lower the bar",
	},
}

// Rules is the table of rules, not judged yet.
func Rules() []report.Rule {
	rules := make([]report.Rule, len(table))
	for i, r := range table {
		rules[i] = r.unjudged()
	}
	return rules
}

func (r rule) unjudged() report.Rule {
	return report.Rule{
		ID: r.id, Family: Family, Title: r.title, Severity: r.severity, Source: r.source, Expected: r.expected,
		Advice: r.advice, Result: report.Skipped, Exchanges: []exchange.Exchange{},
	}
}
