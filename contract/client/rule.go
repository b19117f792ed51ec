package client

import (
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
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
	allowedNow     = "CLIENT-021"
	paidFirst      = "CLIENT-022"
	ownPayments    = "CLIENT-023"
	bankOpened     = "CLIENT-024"
	keyBrought     = "CLIENT-025"
)

// about says what there must have been for a rule to be judged.
type about int

const (
	anything about = iota // a run is enough
	requests
	creates
	gets
	bodies    // requests that have a body, whatever they ask for
	followUps // captures, completions, cancels, refunds and the like: what is about a payment that was made
	bankPages // the bank's page, or completions, which come after it
	completions
)

// row is a rule, and what it is about.
type row = rule.Rule[about]

// Where a rule comes from.
const (
	authentication = "documented: PayPorter's page on authentication"
	checkoutPage   = "documented: PayPorter's page on the hosted checkout"
	paymentPages   = "documented: PayPorter's pages on payments, captures, 3D Secure, cancels and refunds"
	assumedLimits  = "assumed: PayPorter's pages do not say it; openapi.yaml does"
	ofThisRun      = "assumed: what a run of this harness is worth"
)

// table is every rule, in the order of reports.
var table = []row{
	{
		ID: talks, Judge: anything, Title: "The command talks to the sandbox", Severity: report.Critical, Source: ofThisRun,
		Expected: "at least one request of the merchant API",
		Advice:   "let the client take its base URL from PAYPORTER_BASE_URL; without requests nothing is judged",
	},
	{
		ID: headersThere, Judge: requests, Title: "Every request carries both credentials", Severity: report.Critical,
		Source:   authentication,
		Expected: "the headers X-API-KEY and X-API-SECRET in every request",
		Advice:   "send X-API-KEY and X-API-SECRET with every request, the GET of a checkout among them",
	},
	{
		ID: headersRight, Judge: requests, Title: "The credentials are right", Severity: report.Critical,
		Source:   authentication,
		Expected: "no 401 for a request that has both headers",
		Advice: "take the credentials from PAYPORTER_API_KEY and PAYPORTER_API_SECRET; a key that begins with test_ " +
			"keeps the secret of its first request",
	},
	{
		ID: jsonType, Judge: bodies, Title: "Bodies are sent as JSON", Severity: report.Major, Source: checkoutPage,
		Expected: "Content-Type: application/json",
		Advice:   "send every body with Content-Type: application/json, not as a form and not encoded",
	},
	{
		ID: readable, Judge: bodies, Title: "Bodies can be read", Severity: report.Major, Source: checkoutPage,
		Expected: "one JSON object in UTF-8, no property twice, not over the size limit",
		Advice:   "write the body with a JSON library, once, and send its length or all of its chunks",
	},
	{
		ID: requiredFields, Judge: bodies, Title: "Required fields are there", Severity: report.Major, Source: checkoutPage,
		Expected: "orderId, amount, currency and callback in every create; every required field of every other request",
		Advice:   "send what openapi.yaml calls required; refuse to send without it",
	},
	{
		ID: amountRight, Judge: bodies, Title: "The amount is right", Severity: report.Critical, Source: checkoutPage +
			"; its limits are assumed",
		Expected: "a JSON number in major units, above zero, with no more decimals than the currency has",
		Advice:   "keep amounts as decimals or as minor units, never as binary floats, and write 100.50 as the number 100.50",
	},
	{
		ID: currencyRight, Judge: bodies, Title: "The currency is an ISO 4217 code", Severity: report.Major,
		Source:   checkoutPage,
		Expected: "an ISO 4217 code in capitals, such as TRY",
		Advice:   "send the code TRY, not TL, a symbol, a number or lower case",
	},
	{
		ID: callbackRight, Judge: creates, Title: "The callback is an absolute URL", Severity: report.Major,
		Source:   checkoutPage,
		Expected: "an absolute http or https URL without credentials",
		Advice:   "send the whole URL, such as https://shop.example.com/payment-callback, encoded as URLs are",
	},
	{
		ID: otherFields, Judge: bodies, Title: "The other fields have the right type and size", Severity: report.Major,
		Source:   assumedLimits,
		Expected: "every other field, that of a card among them, as openapi.yaml describes it",
		Advice:   "check types and limits before sending; leave an optional field out instead of sending it empty",
	},
	{
		ID: knownFields, Judge: bodies, Title: "No field is sent that nobody reads", Severity: report.Minor,
		Source:   assumedLimits,
		Expected: "only fields that the API has",
		Advice:   "look at the spelling: an unknown field is ignored without a word",
	},
	{
		ID: servedPaths, Judge: requests, Title: "Only what the API has is called", Severity: report.Major,
		Source:   checkoutPage,
		Expected: "the operations of openapi.yaml, such as POST /api/checkout and GET /api/checkout/{checkoutId}",
		Advice:   "join base URL and path with one slash, and use the documented method",
	},
	{
		ID: idForm, Judge: gets, Title: "A checkoutId is a UUID", Severity: report.Major, Source: checkoutPage,
		Expected: "the checkoutId that a create answered, as it was",
		Advice:   "keep the checkoutId of the create's answer and put it into the path unchanged; refuse an empty one",
	},
	{
		ID: createdFirst, Judge: gets, Title: "Only checkouts that were created are asked for", Severity: report.Major,
		Source:   checkoutPage,
		Expected: "a checkoutId that a create answered before",
		Advice:   "ask for the checkoutId of the create's answer or of the callback, not for the orderId or a made-up id",
	},
	{
		ID: ownCheckouts, Judge: gets, Title: "A checkout is asked for with its own merchant's credentials",
		Severity: report.Major, Source: assumedLimits,
		Expected: "the key that created the checkout",
		Advice:   "keep the credentials with the client, not in a global that several clients share",
	},
	{
		ID: paidOnce, Judge: creates, Title: "An order that is paid gets no second checkout", Severity: report.Minor,
		Source:   assumedLimits,
		Expected: "no create for an orderId whose payment has succeeded",
		Advice: "look at the order's payment before a create is sent again; use an orderId of its own for each order " +
			"(and each test)",
	},
	{
		ID: secretKept, Judge: requests, Title: "The secret is sent in its header only", Severity: report.Critical,
		Source:   authentication,
		Expected: "the secret nowhere but in X-API-SECRET",
		Advice:   "take the secret out of URLs, callbacks and bodies: they are written into logs",
	},
	{
		ID: scenariosExist, Judge: requests, Title: "Scenarios that tests name exist", Severity: report.Major,
		Source:   ofThisRun,
		Expected: "names that payporter-mock scenarios list knows",
		Advice:   "a test that names an unknown scenario does not test what it says; correct the name",
	},
	{
		ID: commandPassed, Judge: anything, Title: "The command passed", Severity: report.Critical, Source: ofThisRun,
		Expected: "exit code 0",
		Advice:   "look at what the command itself wrote",
	},
	{
		ID: coverageBars, Judge: anything, Title: "Coverage reaches what is required", Severity: report.Critical,
		Source:   ofThisRun,
		Expected: "no bar of --require is missed",
		Advice:   "add tests for what the coverage names as never exercised, or lower the bar",
	},
	{
		ID: allowedNow, Judge: followUps, Title: "Only what a payment allows is asked of it", Severity: report.Major,
		Source: paymentPages,
		Expected: "no 406 for a capture, a completion, a cancel or a refund: within the amount, in the payment's currency, " +
			"once, and while its status allows it",
		Advice: "look at the payment's status, currency and rest before it is captured, completed, cancelled or refunded",
	},
	{
		ID: paidFirst, Judge: followUps, Title: "Only payments that were made are asked for", Severity: report.Major,
		Source:   paymentPages,
		Expected: "a paymentId that an answer had before, as it was",
		Advice:   "keep the paymentId of the answer, and put it into the path unchanged; not the orderId or the checkoutId",
	},
	{
		ID: ownPayments, Judge: followUps, Title: "A payment is asked for with its own merchant's credentials",
		Severity: report.Major, Source: assumedLimits,
		Expected: "the key that made the payment",
		Advice:   "keep the credentials with the client, not in a global that several clients share",
	},
	{
		ID: bankOpened, Judge: bankPages, Title: "The customer is sent to the bank as htmlContent says",
		Severity: report.Major, Source: paymentPages,
		Expected: "a POST of the form in htmlContent to the address that it names, before the payment is completed",
		Advice: "hand htmlContent to the customer's browser whole, decoded from JSON once and not escaped; complete the " +
			"payment when the customer has come back",
	},
	{
		ID: keyBrought, Judge: completions, Title: "A payment is completed with the securityKey that the customer brought",
		Severity: report.Major, Source: paymentPages,
		Expected: "the securityKey that came to successUrl or failureUrl with this paymentId, as it was",
		Advice:   "read paymentId and securityKey from the same form data, decode it once, and send the key unchanged",
	},
}

// Rules is the table of rules, not judged yet.
func Rules() []report.Rule { return rule.Unjudged(table) }
