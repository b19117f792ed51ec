package proxy

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// fault is one way in which an exchange breaks a rule.
type fault struct {
	rule  string
	place string // where in the exchange, such as "request: amount"
	said  string // for people
}

// faultsOf are violations of the document as faults of a rule.
func faultsOf(rule, half string, found []openapi.Violation) (all []fault) {
	for _, v := range found {
		place := v.In
		if v.Field != "" {
			place = v.Field
		}
		all = append(all, fault{rule, half + ": " + place, v.Message})
	}
	return all
}

// checkRequest is what is wrong with a request of the app, and with PayPorter's silence.
func (p *Proxy) checkRequest(x *passed) (all []fault) {
	headers := http.Header(x.Request.Headers)
	switch {
	case x.Operation != nil:
		all = faultsOf(requestsFit, "request", append(missingKeys(x.Operation, headers), x.RequestFaults()...))
	case x.Request.Method == http.MethodHead || x.Request.Method == http.MethodOptions: // which only look
	case strings.HasPrefix(x.Path, "/api/") || headers.Get("X-Api-Key") != "":
		all = append(all, fault{onlyServed, "request: path", "openapi.yaml has no such operation"})
	}

	if secret := headers.Get("X-Api-Secret"); len(secret) >= shortestSecret {
		for place, text := range map[string]string{"query": x.Request.URL, "body": string(x.Request.Body)} {
			if exchange.Tells(text, secret) {
				all = append(all, fault{secretKept, "request: " + place, "has the secret in it"})
			}
		}
	}
	switch {
	case x.left: // PayPorter may have answered
	case x.Response == nil:
		all = append(all, fault{upstreamAnswers, "answer", x.Error})
	case x.Error != "":
		all = append(all, fault{upstreamAnswers, "answer: body", x.Error})
	}
	return all
}

// shortestSecret is the length from which a secret is looked for: a shorter one is in every other word.
const shortestSecret = 6

// missingKeys are the credentials that a request for the operation lacks.
func missingKeys(op *openapi.Operation, sent http.Header) (found []openapi.Violation) {
	for _, name := range []string{"X-API-KEY", "X-API-SECRET"} {
		if op.Secured() && sent.Get(name) == "" {
			found = append(found, openapi.Violation{In: "header", Field: name, Rule: "required", Message: "is required"})
		}
	}
	return found
}

// checkAnswer is what is wrong with PayPorter's answer.
func checkAnswer(x *passed) []fault {
	if encoding := x.Response.Header("Content-Encoding"); encoding != "" && encoding != "identity" {
		return []fault{{
			answersFit, "answer: Content-Encoding", "cannot be checked: it is encoded though nobody asked for it",
		}}
	}
	return faultsOf(answersFit, "answer", x.AnswerFaults())
}

// checkBack is what is wrong with a callback or a webhook, and with how the app took it.
func checkBack(x *passed) (all []fault) {
	if x.kind == store.EntryWebhook {
		all = faultsOf(webhooksFit, "request", webhookFaults(x.Request))
	} else {
		all = faultsOf(callbacksFit, "request", callbackFaults(x.Request))
	}

	switch status := x.Answer().Status; {
	case x.Error != "":
		all = append(all, fault{appTakes, "answer", x.Error})
	case status < 200 || status > 299:
		all = append(all, fault{
			appTakes, "answer: status", "must be 2xx, or it is sent again; got " + strconv.Itoa(status),
		})
	}
	return all
}

func callbackFaults(m *exchange.Message) []openapi.Violation {
	callback, _ := openapi.Ours().Callback("paymentProcessed")
	if fault, faulty := callback.CheckContentType(m.Header("Content-Type")); faulty {
		return []openapi.Violation{fault}
	}
	form, err := url.ParseQuery(string(m.Body))
	if err != nil {
		return []openapi.Violation{{In: "body", Rule: "form", Message: "is no form: " + err.Error()}}
	}
	return append(wrongMethod(callback, m), callback.CheckForm(form)...)
}

func webhookFaults(m *exchange.Message) []openapi.Violation {
	webhook, _ := openapi.Ours().Callback("paymentStatusChanged")
	found := append(wrongMethod(webhook, m), webhook.CheckHeaders(m.Headers)...)
	if fault, faulty := webhook.CheckContentType(m.Header("Content-Type")); faulty {
		return append(found, fault)
	}
	return append(found, webhook.CheckJSON(m.Body)...)
}

func wrongMethod(c *openapi.Callback, m *exchange.Message) []openapi.Violation {
	if m.Method == c.Method {
		return nil
	}
	return []openapi.Violation{{In: "method", Rule: "method", Message: "must be " + c.Method + ", got " + m.Method}}
}
