package proxy

import (
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/rule"
)

// The rules. Their ids are promises: a rule that goes leaves its number unused.
const (
	upstreamAnswers = "PROXY-001"
	onlyServed      = "PROXY-002"
	requestsFit     = "PROXY-003"
	secretKept      = "PROXY-004"
	answersFit      = "PROXY-005"
	callbacksFit    = "PROXY-006"
	webhooksFit     = "PROXY-007"
	appTakes        = "PROXY-008"
)

// about says what must have passed for a rule to be judged.
type about int

const (
	requests about = iota
	callbacks
	webhooks
	anythingBack // callbacks or webhooks
)

// missing is why a rule about something was not judged.
var missing = map[about]string{
	requests:     "no request passed",
	callbacks:    "no callback passed: with --public-url they do",
	webhooks:     "no webhook passed: register --public-url with a path of the app, and name the app with --app",
	anythingBack: "no callback and no webhook passed: with --public-url they do",
}

// documented is where most rules come from.
const documented = "documented: PayPorter's pages, as openapi.yaml has them; what they leave open is assumed"

// table is every rule, in the order of reports.
var table = []rule.Rule[about]{
	{
		ID: upstreamAnswers, Judge: requests, Title: "PayPorter answers every request", Severity: report.Major,
		Source:   "assumed: PayPorter's pages promise no availability",
		Expected: "a whole answer to every request that the app waits for",
		Advice:   "look at --upstream and the network between; an app must live with a request that is not answered",
	},
	{
		ID: onlyServed, Judge: requests, Title: "Only what the API has is called", Severity: report.Major,
		Source: documented, Expected: "the operations of openapi.yaml",
		Advice: "join base URL and path with one slash, and use the documented method",
	},
	{
		ID: requestsFit, Judge: requests, Title: "Requests are as the API is described", Severity: report.Major,
		Source: documented, Expected: "both credentials, and a path, a query and a body as openapi.yaml describes them",
		Advice: "send what openapi.yaml describes; PayPorter may refuse anything else, today or later",
	},
	{
		ID: secretKept, Judge: requests, Title: "The secret is sent in its header only", Severity: report.Critical,
		Source: "documented: PayPorter's page on authentication", Expected: "the secret nowhere but in X-API-SECRET",
		Advice: "take the secret out of URLs, callbacks and bodies: they are written into logs",
	},
	{
		ID: answersFit, Judge: requests, Title: "Answers are as the API is described", Severity: report.Major,
		Source: documented, Expected: "a status, headers and a body as openapi.yaml describes them",
		Advice: "tell PayPorter; where it is right, openapi.yaml is wrong, and an app that was tested against the " +
			"sandbox alone may fail",
	},
	{
		ID: callbacksFit, Judge: callbacks, Title: "Callbacks are as they are described", Severity: report.Major,
		Source: documented, Expected: "a POST of a form with a checkoutId that is a UUID",
		Advice: "whoever sent it may not be PayPorter; an app must take no callback's word",
	},
	{
		ID: webhooksFit, Judge: webhooks, Title: "Webhooks are as they are described", Severity: report.Major,
		Source: documented, Expected: "a POST of JSON with the four headers and the payment",
		Advice: "whoever sent it may not be PayPorter; an app must check the signature",
	},
	{
		ID: appTakes, Judge: anythingBack, Title: "The app takes callbacks and webhooks", Severity: report.Major,
		Source: documented, Expected: "an answer of 2xx to each",
		Advice: "answer 2xx once the callback has been written down; anything else is sent again",
	},
}

// Rules is the table of rules, not judged yet.
func Rules() []report.Rule { return rule.Unjudged(table) }
